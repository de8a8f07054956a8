/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_kernel_names.c: names that the kernel gives to numbers; helpers' names as the UAPI header has them.
 */
#include "unit.h"
#include <linux/bpf.h>
#include "object/kernel_names.h"

static void names_every_helper(void **state)
{
#define NAME(name, ...) #name
	static const char *const names[] = {__BPF_FUNC_MAPPER(NAME)};
#undef NAME

	(void)state;
	assert_true(ARRAY_SIZE(names) >= 200);
	for (u32 i = 0; i < ARRAY_SIZE(names); i++)
		assert_string_equal(helper_name(i), names[i]);
	assert_string_equal(helper_name(1), "map_lookup_elem");
	assert_string_equal(helper_name(BPF_FUNC_perf_event_output), "perf_event_output");
	assert_string_equal(helper_name(209), "user_ringbuf_drain");
	assert_string_equal(helper_name(210), "cgrp_storage_get");
	assert_string_equal(helper_name(211), "cgrp_storage_delete");
	assert_null(helper_name(212));
	assert_null(helper_name(0xffffffff));
}

static void names_types(void **state)
{
	(void)state;
	assert_string_equal(prog_type_name(BPF_PROG_TYPE_KPROBE), "kprobe");
	assert_string_equal(prog_type_name(BPF_PROG_TYPE_SYSCALL), "syscall");
	assert_string_equal(prog_type_name(32), "netfilter");
	assert_string_equal(prog_type_name(33), "type 33");
	assert_string_equal(prog_type_name(U32_MAX), "type 4294967295");
	assert_string_equal(map_type_name(BPF_MAP_TYPE_PERF_EVENT_ARRAY), "perf_event_array");
	assert_string_equal(map_type_name(BPF_MAP_TYPE_RINGBUF), "ringbuf");
	assert_string_equal(map_type_name(BPF_MAP_TYPE_BLOOM_FILTER), "bloom_filter");
	assert_string_equal(map_type_name(99), "type 99");
}

int main(void)
{
	return RUN(TEST(names_every_helper), TEST(names_types));
}
