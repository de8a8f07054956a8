/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_names.c: names that the kernel gives to numbers. See kernel_names.h.
 *
 * They lie end to end in lists, "unspec\0hash\0…": an array of pointers would cost eight bytes a name.
 */
#include <linux/bpf.h>
#include "base/string.h"
#include "base/text.h"
#include "object/kernel_names.h"

/*
 * Those of the helpers come from the UAPI header itself, whose __BPF_FUNC_MAPPER(FN) is FN(unspec),
 * FN(map_lookup_elem), … with commas between. It is expanded twice, into the declaration of one char array a name and
 * into their contents.
 */
#define NAME_LENGTH(name, ...) name[sizeof(#name)]
#define NAME_STRING(name, ...) #name

static const struct {
	char __BPF_FUNC_MAPPER(NAME_LENGTH) end;
} helpers = {__BPF_FUNC_MAPPER(NAME_STRING) 0};

/* The last two helpers ever (since 6.2; kfuncs took over), for headers of 6.1. */
#define NEWER_FIRST 210
static const char newer_helpers[] = "cgrp_storage_get\0cgrp_storage_delete";

const char *helper_name(u32 id)
{
	if (id < (u32)__BPF_FUNC_MAX_ID)
		return list_entry((const char *)&helpers, sizeof(helpers), id);
	return id < NEWER_FIRST ? NULL : list_entry(newer_helpers, sizeof(newer_helpers), id - NEWER_FIRST);
}

/* A number beyond the list is younger than this source. */
static const char *type_name(const char *list, size_t size, u32 type)
{
	static char unknown[24];
	const char *name = list_entry(list, size, type);

	if (!name)
		str_printf(unknown, sizeof(unknown), "type %u", type);
	return name ? name : unknown;
}

const char *prog_type_name(u32 type)
{
	static const char names[] =
		"unspec\0socket_filter\0kprobe\0sched_cls\0sched_act\0tracepoint\0xdp\0perf_event\0cgroup_skb\0"
		"cgroup_sock\0lwt_in\0lwt_out\0lwt_xmit\0sock_ops\0sk_skb\0cgroup_device\0sk_msg\0"
		"raw_tracepoint\0cgroup_sock_addr\0lwt_seg6local\0lirc_mode2\0sk_reuseport\0flow_dissector\0"
		"cgroup_sysctl\0raw_tracepoint_writable\0cgroup_sockopt\0tracing\0struct_ops\0ext\0lsm\0"
		"sk_lookup\0syscall\0netfilter";

	return type_name(names, sizeof(names), type);
}

const char *map_type_name(u32 type)
{
	static const char names[] =
		"unspec\0hash\0array\0prog_array\0perf_event_array\0percpu_hash\0percpu_array\0stack_trace\0"
		"cgroup_array\0lru_hash\0lru_percpu_hash\0lpm_trie\0array_of_maps\0hash_of_maps\0devmap\0"
		"sockmap\0cpumap\0xskmap\0sockhash\0cgroup_storage\0reuseport_sockarray\0"
		"percpu_cgroup_storage\0queue\0stack\0sk_storage\0devmap_hash\0struct_ops\0ringbuf\0"
		"inode_storage\0task_storage\0bloom_filter\0user_ringbuf\0cgrp_storage\0arena\0insn_array";

	return type_name(names, sizeof(names), type);
}
