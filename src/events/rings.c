/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rings.c: a map's perf rings, opened and mapped; and what they lost, to the last event. See rings.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sys.h"
#include "bpf_insn.h"
#include "events/rings.h"
#include "kernel/bpf.h"
#include "kernel/hints.h"
#include "kernel/perf.h"

/* One CPU's ring of one map: opened, mapped (a page of positions, then the data), and put where the program finds it. */
static int open_ring(struct rings *rings, struct held *held, struct error *error, struct ring_map *map, u32 cpu)
{
	size_t page = sys_page_size(), size = (size_t)rings->pages * page;
	int fd = held_fd(held, perf_open_bpf_output(cpu, PERF_RING_SAMPLE_TYPE, (u32)size / 2)), err;
	struct epoll_event event = {.events = EPOLLIN};
	u8 *address;

	if (fd == -ENODEV)
		return 0; /* went offline since we looked */
	if (fd < 0) {
		error_set(error, -fd, "perf_event_open(2) gives no ring");
		return hint_cause(error, TRIED_PERF);
	}
	address = held_map(held, NULL, page + size, PROT_READ | PROT_WRITE, MAP_SHARED, fd);
	err = sys_is_error(address) ? (int)(long)address : 0;
	if (err) {
		error_set(error, -err, "its ring of %llu pages cannot be mapped", rings->pages);
		return err == -EPERM || err == -ENOMEM ? error_hint(error, "fewer --pages may do") : err;
	}
	perf_rings_add(&rings->perf, (struct perf_event_mmap_page *)(void *)address, address + page, (u32)size, cpu,
		map->owner);
	err = perf_enable(fd);
	if (!err)
		err = bpf_map_update_elem(map->map_fd, &cpu, &fd, 0);
	if (err == -E2BIG) {
		rings->without_slot++;
		return 0;
	}
	if (!err)
		err = sys_epoll_ctl(rings->epoll_fd, EPOLL_CTL_ADD, fd, &event);
	return err ? error_set(error, -err, "its ring cannot be put into the map") : 0;
}

int rings_open(
	struct rings *rings, struct held *held, struct error *error, struct ring_map *maps, u32 map_count, u64 pages)
{
	*rings = (struct rings){.maps = maps, .map_count = map_count, .pages = pages};
	/* Addresses, time and the pages' randomness: nobody's event begins like this by chance. */
	rings->mark[0] = sys_monotonic_ns() * 0x9e3779b97f4a7c15ULL;
	rings->mark[1] = ~rings->mark[0] ^ ptr_to_u64(rings);
	rings->epoll_fd = held_fd(held, sys_epoll_create());
	if (rings->epoll_fd < 0)
		return error_set(error, -rings->epoll_fd, "epoll_create1(2) failed");
	if (cpus_online(held->arena, error, &rings->online))
		return -error->errnum;
	if (perf_rings_init(&rings->perf, held->arena, rings->online.count * map_count))
		return error_no_memory(error);
	for (u32 m = 0; m < map_count; m++)
		for (u32 i = 0; i < rings->online.count; i++)
			if (open_ring(rings, held, error, &maps[m], rings->online.cpus[i]))
				return error_in(error, "map '%s': CPU %u", maps[m].name, rings->online.cpus[i]);
	return 0;
}

/* A raw tracepoint program that sends the mark through a map, wherever it runs. */
static int load_marker(const struct rings *rings, int map_fd)
{
	struct bpf_insn insns[] = {
		/* r1 is the context already; r4 points to the mark on the stack. */
		BPF_LD_IMM64(BPF_REG_0, rings->mark[0]),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_0, -16),
		BPF_LD_IMM64(BPF_REG_0, rings->mark[1]),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_0, -8),
		BPF_LD_MAP_FD(BPF_REG_2, map_fd),
		BPF_MOV32_IMM(BPF_REG_3, -1), /* BPF_F_CURRENT_CPU */
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, -16),
		BPF_MOV64_IMM(BPF_REG_5, 16),
		BPF_EMIT_CALL(BPF_FUNC_perf_event_output),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	struct bpf_prog_load_args args = {.name = "loader_marker",
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.insns = insns,
		.insn_count = ARRAY_SIZE(insns),
		.license = "GPL"};

	return bpf_prog_load(&args);
}

void rings_flush(struct rings *rings)
{
	for (u32 m = 0; m < rings->map_count; m++) {
		int prog_fd = load_marker(rings, rings->maps[m].map_fd);

		if (prog_fd < 0)
			continue;
		for (u32 i = 0; i < rings->online.count; i++)
			bpf_prog_test_run_on_cpu(prog_fd, rings->online.cpus[i]);
		sys_close(prog_fd);
	}
}

bool rings_is_mark(const struct rings *rings, const struct perf_sample *sample)
{
	return sample->size >= sizeof(rings->mark) && !memcmp(sample->data, rings->mark, sizeof(rings->mark));
}
