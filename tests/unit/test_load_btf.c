/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_load_btf.c: an object's types into kernels that know fewer kinds of them, or none.
 */
#include "made_up_kernel.h"
#include "relocate/btf_cut.h"

/* Knows all features but the second, which is sections. */
static long wants_types_cut(const struct call *call)
{
	u32 i = count_of(BPF_BTF_LOAD);
	struct bytes blob;

	if (i == 0)
		return -EINVAL;
	if (i < 9) {
		static u8 bytes[BTF_PROBE_MAX];

		btf_probe_blob(i - 1, bytes, &blob);
		assert_int_equal(call->attr.btf_size, blob.size);
		assert_memory_equal((void *)(uintptr_t)call->attr.btf, blob.data, blob.size);
		return i == 2 ? -EINVAL : 1;
	}
	assert_no_error(&error, btf_cut(&arena, &error, &object.btf, BTF_HAS_ALL & ~BTF_HAS_DATASEC, &blob));
	assert_int_equal(call->attr.btf_size, blob.size);
	assert_memory_equal((void *)(uintptr_t)call->attr.btf, blob.data, blob.size);
	return 1;
}

static long knows_no_types(const struct call *call)
{
	return call->command == BPF_BTF_LOAD ? -EINVAL : agrees(call);
}

static void types_cut(void **state)
{
	(void)state;
	open_object(KINDS);
	kernel.answer = wants_types_cut;
	assert_no_error(&error, load_btf(&live));
	/* All of it, a probe for each feature, and the rest. Probes are closed. */
	assert_int_equal(kernel.count, 1 + 8 + 1);
	assert_int_equal(live.btf_fd, kernel.calls[9].result);
	assert_int_equal(open_fds(), 1);
}

static void no_types(void **state)
{
	struct verdict verdict;

	(void)state;
	open_object(KINDS);
	kernel.answer = knows_no_types;
	assert_no_error(&error, load_btf(&live));
	assert_int_equal(live.btf_fd, 0);
	assert_no_error(&error, load_maps(&live));
	assert_no_error(&error, load_program(&live, prog_named("program"), &verdict));
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.func_info_cnt, 0);
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.line_info_rec_size, 0);
	/* Who may load nothing need not ask what there is. */
	start_over();
	open_object(KINDS);
	kernel.answer = forbids;
	kernel.limit.cur = ~0ULL;
	assert_no_error(&error, load_btf(&live));
	assert_int_equal(kernel.count, 1);
}

static void types_whole(void **state)
{
	(void)state;
	open_object(KINDS);
	assert_no_error(&error, load_btf(&live));
	assert_int_equal(kernel.count, 1);
	assert_int_equal(live.btf_fd, kernel.calls[0].result);
	start_over();
	open_object(KINDS);
	object.has_btf = false;
	assert_no_error(&error, load_btf(&live));
	assert_true(kernel.count == 0 && live.btf_fd == 0);
}

/* Memory may run out at any moment: that is told, and nothing stays open. */
static void without_memory(void **state)
{
	static const char *const objects[] = {KINDS, FIXTURES "context.bpf.o"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		bool good = false;

		for (long left = 0; !good; left++) {
			open_object(objects[i]);
			arena_fail_after(left);
			good = !live_init(&live, &arena, &error, &held, &kernel_btf, &object) && !load_btf(&live);
			arena_fail_after(-1);
			assert_int_equal(error.errnum, good ? 0 : ENOMEM);
			assert_int_equal(open_fds(), good);
			start_over();
		}
	}
}

int main(void)
{
	return RUN(EACH(types_cut), EACH(no_types), EACH(types_whole), EACH(without_memory));
}
