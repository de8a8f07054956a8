/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * throws.bpf.c: a program that may throw, and the function that runs then. Nobody calls it: a tag names it.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

extern void bpf_throw(__u64 cookie) __attribute__((section(".ksyms")));

__u64 caught;

__attribute__((noinline)) int note(__u64 cookie)
{
	caught = cookie;
	return 0;
}

__attribute__((noinline)) int handler(__u64 cookie)
{
	return note(cookie) + 5;
}

SEC("tc")
__attribute__((btf_decl_tag("exception_callback:handler"))) int thrower(struct __sk_buff *skb)
{
	if (skb->len > 100)
		bpf_throw(7);
	return 1;
}

char LICENSE[] SEC("license") = "GPL";
