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

#define LOOK_NS 50000000 /* from one look at which CPUs are online to the next */

/* A CPU's ring of a map; NULL if it has none yet. */
static struct perf_ring *find_ring(const struct rings *rings, const struct ring_map *map, u32 cpu)
{
	for (u32 i = 0; i < rings->perf.count; i++)
		if (rings->perf.rings[i].cpu == cpu && rings->perf.rings[i].owner == map->owner)
			return &rings->perf.rings[i];
	return NULL;
}

/* Makes `held` stand for what `fd` stood for. */
static int replace_fd(int fd, int held)
{
	int result = sys_dup3(fd, held, O_CLOEXEC);

	sys_close(fd);
	return result;
}

/* Maps a perf event: a page of positions, then the data. 0 or -errno. */
static int map_ring(struct rings *rings, struct perf_ring *ring, const struct ring_map *map, u32 cpu, int fd)
{
	const int protection = PROT_READ | PROT_WRITE;
	size_t page = sys_page_size(), size = (size_t)rings->pages * page;
	u8 *address = ring ? sys_mmap(ring->page, page + size, protection, MAP_SHARED | MAP_FIXED, fd, 0)
			   : held_map(&rings->held, NULL, page + size, protection, MAP_SHARED, fd);

	if (sys_is_error(address))
		return (int)(long)address;
	if (ring)
		perf_ring_begin(ring);
	else
		ring = perf_rings_add(&rings->perf, (struct perf_event_mmap_page *)(void *)address, address + page,
			(u32)size, cpu, map->owner);
	ring->fd = fd;
	return 0;
}

/*
 * One CPU's ring of one map: opened, mapped, and put where the program finds it. Of a CPU that went offline and comes
 * back the kernel has forgotten the event (kernel/events/core.c:perf_event_exit_cpu()). What was in its ring is read by
 * now: the new one takes over its descriptor and its place in memory.
 */
static int open_ring(struct rings *rings, struct ring_map *map, u32 cpu)
{
	struct perf_ring *ring = find_ring(rings, map, cpu);
	int fd = perf_open_bpf_output(cpu, PERF_RING_SAMPLE_TYPE, (u32)rings->pages * (u32)sys_page_size() / 2), err;
	/* By edges: a ring whose CPU is gone may be ready for ever (EPOLLHUP). */
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};

	if (fd == -ENODEV)
		return 0; /* went offline since we looked */
	fd = ring && fd >= 0 ? replace_fd(fd, ring->fd) : held_fd(&rings->held, fd);
	if (fd < 0) {
		error_set(rings->error, -fd, "perf_event_open(2) gives no ring");
		return hint_cause(rings->error, TRIED_PERF);
	}
	err = map_ring(rings, ring, map, cpu, fd);
	if (err) {
		error_set(rings->error, -err, "its ring of %llu pages cannot be mapped", rings->pages);
		return err == -EPERM || err == -ENOMEM ? error_hint(rings->error, "fewer --pages may do") : err;
	}
	err = bpf_map_update_elem(*map->map_fd, &cpu, &fd, 0);
	if (err == -E2BIG) {
		rings->without_slot++;
		return 0;
	}
	if (!err)
		err = sys_epoll_ctl(rings->epoll_fd, EPOLL_CTL_ADD, fd, &event);
	return err ? error_set(rings->error, -err, "its ring cannot be put into the map") : 0;
}

/* Opens the rings of the CPUs that are online now, and were not at the last look. */
static int look(struct rings *rings)
{
	struct cpu_list online;

	arena_reset(&rings->scratch);
	if (cpus_online(&rings->scratch, rings->error, &online))
		return -rings->error->errnum;
	rings->looks++;
	for (u32 i = 0; i < online.count; i++) {
		u32 cpu = online.cpus[i], *seen = &rings->seen[cpu];

		for (u32 m = 0; *seen != rings->looks - 1 && m < rings->map_count; m++)
			if (open_ring(rings, &rings->maps[m], cpu))
				return error_in(rings->error, "map '%s': CPU %u", rings->maps[m].name, cpu);
		*seen = rings->looks;
	}
	rings->next_look_ns = sys_monotonic_ns() + LOOK_NS;
	return 0;
}

int rings_follow(struct rings *rings)
{
	return sys_monotonic_ns() < rings->next_look_ns ? 0 : look(rings);
}

static void give_back(struct held_item *item)
{
	struct rings *rings = item->address;

	held_release(&rings->held);
	arena_release(&rings->scratch);
}

int rings_open(
	struct rings *rings, struct held *held, struct error *error, struct ring_map *maps, u32 map_count, u64 pages)
{
	struct held_item *item = held_push(held, give_back);
	u32 cpus;

	*rings = (struct rings){.held.arena = held->arena,
		.error = error,
		.maps = maps,
		.map_count = map_count,
		.pages = pages,
		.looks = 1};
	if (!item)
		return error_no_memory(error);
	item->address = rings;
	/* Time and an address, stirred: nobody's event begins like this by chance. */
	rings->mark = sys_monotonic_ns() * 0x9e3779b97f4a7c15ULL ^ ptr_to_u64(rings);
	rings->epoll_fd = held_fd(&rings->held, sys_epoll_create());
	if (rings->epoll_fd < 0)
		return error_set(error, -rings->epoll_fd, "epoll_create1(2) failed");
	if (cpus_possible(held->arena, error, &cpus))
		return -error->errnum;
	rings->seen = arena_alloc_array(held->arena, cpus, sizeof(*rings->seen));
	if (!rings->seen || perf_rings_init(&rings->perf, held->arena, cpus * map_count))
		return error_no_memory(error);
	return look(rings);
}

/* A raw tracepoint program that sends the mark through a map, wherever it runs. */
static int load_marker(const struct rings *rings, int map_fd)
{
	struct bpf_insn insns[] = {
		/* r1 is the context already; r4 points to the mark on the stack. */
		BPF_LD_IMM64(BPF_REG_0, rings->mark),
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_0, -8),
		BPF_LD_MAP_FD(BPF_REG_2, map_fd),
		BPF_MOV32_IMM(BPF_REG_3, -1), /* BPF_F_CURRENT_CPU */
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, -8),
		BPF_MOV64_IMM(BPF_REG_5, 8),
		BPF_EMIT_CALL(BPF_FUNC_perf_event_output),
		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	struct bpf_prog_load_args args = {.name = "loader_marker",
		.prog_type = BPF_PROG_TYPE_RAW_TRACEPOINT,
		.image = {.insns = insns, .insn_count = ARRAY_SIZE(insns)},
		.license = "GPL"};

	return bpf_prog_load(&args);
}

void rings_flush(struct rings *rings)
{
	for (u32 m = 0; m < rings->map_count; m++) {
		int prog_fd = load_marker(rings, *rings->maps[m].map_fd);

		if (prog_fd < 0)
			continue;
		for (u32 i = 0; i < rings->perf.count; i++)
			if (rings->perf.rings[i].owner == rings->maps[m].owner)
				bpf_prog_test_run_on_cpu(prog_fd, rings->perf.rings[i].cpu);
		sys_close(prog_fd);
	}
}

bool rings_is_mark(const struct rings *rings, const struct perf_sample *sample)
{
	return sample->size >= sizeof(rings->mark) && load_u64(sample->data) == rings->mark;
}
