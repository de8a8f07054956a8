/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bench_view.c: what finding names in a kernel's BTF costs, compiled as the loader is.
 *
 *	make build/x86_64/tests/bench/bench_view.o && clang -fuse-ld=lld -nostdlib -static -Wl,--gc-sections \
 *		build/x86_64/tests/bench/bench_view.o build/x86_64/src/{base,object}/[a-z]*.o -o build/bench_view
 *	build/bench_view /sys/kernel/btf/vmlinux
 *
 * Thirty names are looked for, in memory and through the window, ROUNDS times each; the fastest counts. Behind it, what
 * a look at each type found costs.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "object/btf_view.h"

#define ROUNDS 50

static const char *const names[] = {"task_struct", "file", "path", "dentry", "inode", "sock", "sk_buff", "tcp_sock",
	"mm_struct", "vm_area_struct", "cred", "nsproxy", "pid", "pid_namespace", "upid", "bpf_map", "bpf_prog",
	"kernfs_node", "cgroup", "css_set", "super_block", "request", "bio", "gendisk", "net_device", "net",
	"ns_common", "linux_binprm", "trace_event_raw_sched_switch", "pt_regs"};

static u8 *data;
static u64 size;

static int read_part(void *context, u64 offset, void *to, size_t len)
{
	(void)context;
	memcpy(to, data + offset, len);
	return 0;
}

static void run(struct text *out, const char *how, const struct btf_source *source)
{
	u64 open = U64_MAX, find = U64_MAX, fetch = U64_MAX;
	struct btf_query queries[ARRAY_SIZE(names)];
	struct error error = {0};
	size_t memory = 0;
	u32 found = 0;

	for (u32 round = 0; round < ROUNDS; round++) {
		struct arena arena = {0};
		struct btf_view view;
		u64 start = sys_monotonic_ns(), opened, passed, end;

		btf_view_open(&view, &arena, &error, source, NULL);
		opened = sys_monotonic_ns();
		for (u32 i = 0; i < ARRAY_SIZE(names); i++)
			queries[i] = (struct btf_query){
				names[i], (u32)str_len(names[i]), 1u << BTF_KIND_STRUCT, true, NULL, 0};
		btf_view_find(&view, queries, ARRAY_SIZE(names));
		passed = sys_monotonic_ns();
		found = 0;
		for (u32 i = 0; i < ARRAY_SIZE(names); i++)
			for (u32 j = 0; j < queries[i].count; j++)
				found += btf_vlen(btf_view_type(&view, queries[i].ids[j])) > 0;
		end = sys_monotonic_ns();
		open = MIN(open, opened - start);
		find = MIN(find, passed - opened);
		fetch = MIN(fetch, end - passed);
		memory = arena.total;
		arena_release(&arena);
	}
	text_printf(out, "%-8s open %6llu ns, find %7llu ns, %u types %6llu ns, %zu KiB %s\n", how, open, find, found,
		fetch, memory / 1024, error.message);
}

int main(int argc, char **argv, char **envp)
{
	char buffer[4096];
	struct text out = text_to(1, buffer, sizeof(buffer));
	struct arena arena = {0};
	struct error error = {0};
	struct bytes file;

	(void)envp;
	if (argc != 2 || file_read(&arena, &error, argv[1], 1u << 30, &file))
		return 2;
	data = (u8 *)(unsigned long)file.data;
	size = file.size;
	run(&out, "memory", &(struct btf_source){.data = data, .size = size});
	run(&out, "window", &(struct btf_source){.size = size, .read = read_part});
	return text_flush(&out) ? 1 : 0;
}
