/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * by_hand.c: a whole eBPF loader on one page, without an object file to load.
 *
 *	by-hand [FUNCTION[+OFFSET]] [COUNT]
 *
 * prints the process id and the name of whoever calls a function of the kernel, COUNT times or until ^C. What
 * stands here in one piece is what the loader takes apart: there the instructions come from an ELF file, the map
 * from its BTF, the function from a section's name.
 *
 *	kernel	FUNCTION is called -> kprobe event -> program -> bpf_perf_event_output()
 *								|
 *		map: a perf event array			  key cpu, value descriptor
 *								v
 *		one ring a CPU	| header | u32 size | pid | comm[16] | header | …
 *		----------------------------------------------------------------------------
 *	here	the same pages, mapped			  pid and comm, printed
 *
 * Read it from step 1 on; main(), at the end, is the table of contents. A step returns 0, or -errno with a
 * message. Sources: man 2 bpf, man 2 perf_event_open, Documentation/trace/kprobetrace.rst.
 */
#include <linux/errno.h>
#include <linux/perf_event.h>
#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "bpf_insn.h"

/* Not execve(2) itself: its entry has another name on each machine. This one is called in the middle of it, on
 * all of them since 2.6, when the process bears its new name already, and cannot be inlined: modules may call it. */
#define DEFAULT_FUNCTION "setup_new_exec"

#define TRACING    "/sys/kernel/tracing/"
#define MAX_CPUS   256
#define RING_PAGES 8 /* a power of two, and one page more for the head and the tail */

struct event {
	u32 pid;
	char comm[16]; /* TASK_COMM_LEN */
};

struct ring {
	int cpu, fd;
	struct perf_event_mmap_page *page; /* the data begin at the next page */
};

static struct state {
	struct error error;
	const char *function;
	u64 count, seen, lost;
	bool stop;
	int signal_fd, epoll_fd, map_fd, prog_fd, event_fd;
	char name[32]; /* of our kprobe event, GROUP/EVENT */
	bool is_defined;
	struct ring rings[MAX_CPUS];
	u32 ring_count;
} state = {.function = DEFAULT_FUNCTION,
	.count = U64_MAX,
	.signal_fd = -1,
	.epoll_fd = -1,
	.map_fd = -1,
	.prog_fd = -1,
	.event_fd = -1};

static int watch_fd(struct state *s, int fd, u64 data)
{
	struct epoll_event event = {.events = EPOLLIN, .data = data};
	int err = sys_epoll_ctl(s->epoll_fd, EPOLL_CTL_ADD, fd, &event);

	return err < 0 ? error_set(&s->error, -err, "epoll_ctl failed") : 0;
}

/* 1. Signals become something to read, before there is anything to clean up: a process killed by ^C would leave
 *    its kprobe event behind for ever. SIGPIPE is what `by-hand | head` would die of. */
static int catch_signals(struct state *s)
{
	u64 set = SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGPIPE);

	sys_sigprocmask(SIG_BLOCK, set, NULL);
	s->signal_fd = sys_signalfd(set);
	s->epoll_fd = sys_epoll_create();
	return watch_fd(s, s->signal_fd, MAX_CPUS);
}

/* 2. Which CPUs run: each writes into a ring of its own, so that none waits for another. The list reads "0-3,8". */
static int find_cpus(struct state *s)
{
	char list[4096];
	const char *p = list;
	u64 cpu, last;
	long n = file_read_line("/sys/devices/system/cpu/online", list, sizeof(list));

	while (parse_u64(&p, 10, &cpu)) {
		last = cpu;
		if (*p == '-')
			p++, parse_u64(&p, 10, &last);
		for (; cpu <= last && s->ring_count < MAX_CPUS; cpu++)
			s->rings[s->ring_count++] = (struct ring){.cpu = (int)cpu, .fd = -1};
		if (*p == ',')
			p++;
	}
	return s->ring_count ? 0 : error_set(&s->error, n < 0 ? (int)-n : EINVAL, "no list of CPUs; is sysfs mounted?");
}

/* 3. The map through which the program finds those rings. union bpf_attr is cleared whole: the kernel refuses
 *    bytes that it does not know unless they are zero. */
static int create_map(struct state *s)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_PERF_EVENT_ARRAY;
	attr.key_size = sizeof(u32);
	attr.value_size = sizeof(u32);
	attr.max_entries = (u32)s->rings[s->ring_count - 1].cpu + 1;
	s->map_fd = (int)sys_bpf(BPF_MAP_CREATE, &attr, sizeof(attr));
	return s->map_fd < 0 ? error_set(&s->error, -s->map_fd, "the kernel refuses a perf event array") : 0;
}

/* Why the verifier said no: the same load again, with a log. */
static void print_verifier_log(union bpf_attr *attr)
{
	static char log[1 << 16];

	attr->log_level = 1;
	attr->log_buf = ptr_to_u64(log);
	attr->log_size = sizeof(log);
	sys_bpf(BPF_PROG_LOAD, attr, sizeof(*attr));
	sys_write(2, log, str_len(log));
}

/* 4. The program. It builds the event on its stack, which ends at the frame pointer, R10; at entry R1 is the
 *    context. The map's descriptor stands in the instructions: the kernel puts the map's address in its place. */
static int load_program(struct state *s)
{
	enum { EVENT = -(int)sizeof(struct event), PID = EVENT, COMM = EVENT + (int)offsetof(struct event, comm) };
	struct bpf_insn insns[] = {
		BPF_MOV64_REG(BPF_REG_6, BPF_REG_1), /* calls destroy R1 to R5 */

		BPF_EMIT_CALL(BPF_FUNC_get_current_pid_tgid), /* R0 = pid << 32 | thread */
		BPF_ALU64_IMM(BPF_RSH, BPF_REG_0, 32),
		BPF_STX_MEM(BPF_W, BPF_REG_10, BPF_REG_0, PID),

		BPF_MOV64_REG(BPF_REG_1, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_1, COMM),
		BPF_MOV64_IMM(BPF_REG_2, sizeof(((struct event *)0)->comm)),
		BPF_EMIT_CALL(BPF_FUNC_get_current_comm),

		BPF_MOV64_REG(BPF_REG_1, BPF_REG_6),        /* bpf_perf_event_output(context, */
		BPF_LD_MAP_FD(BPF_REG_2, s->map_fd),        /*	map, */
		BPF_LD_IMM64(BPF_REG_3, BPF_F_CURRENT_CPU), /* the element for this CPU, */
		BPF_MOV64_REG(BPF_REG_4, BPF_REG_10),
		BPF_ALU64_IMM(BPF_ADD, BPF_REG_4, EVENT),       /* data, */
		BPF_MOV64_IMM(BPF_REG_5, sizeof(struct event)), /* size) */
		BPF_EMIT_CALL(BPF_FUNC_perf_event_output),

		BPF_MOV64_IMM(BPF_REG_0, 0),
		BPF_EXIT_INSN(),
	};
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_KPROBE;
	attr.insns = ptr_to_u64(insns);
	attr.insn_cnt = ARRAY_SIZE(insns);
	attr.license = ptr_to_u64("Dual BSD/GPL"); /* bpf_perf_event_output() is for GPL-compatible programs only */
	s->prog_fd = (int)sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
	if (s->prog_fd >= 0)
		return 0;
	print_verifier_log(&attr);
	return error_set(&s->error, -s->prog_fd, "the kernel refuses the program");
}

/* One line to the list of kprobe events. It is everybody's list: opened with O_TRUNC, it would be emptied. */
static int write_definition(const char *line)
{
	int fd = sys_open(TRACING "kprobe_events", O_WRONLY | O_APPEND);
	int err = fd < 0 ? fd : file_write_once(fd, line, str_len(line));

	if (fd >= 0)
		sys_close(fd);
	return err;
}

/* Why the kernel refused a definition: the last entry of tracefs' own log, if it is about ours. */
static void print_probe_error(const char *name)
{
	char log[4096];
	const char *last;

	file_read_line(TRACING "error_log", log, sizeof(log));
	last = str_find_last(log, '['); /* "[  12.345678] trace_kprobe: error: Invalid …", and our line, and a caret */
	if (last && str_behind(last, name)) {
		sys_write(2, last, str_len(last));
		sys_write(2, "\n", 1);
	}
}

/* 5. The event: "p:GROUP/EVENT FUNCTION" asks for a probe where FUNCTION begins. The group bears our process id; a
 *    name that is taken is no error to the kernel, which then adds a second probe to the first event. */
static int define_event(struct state *s)
{
	char buf[256];
	struct text text = text_in(s->name, sizeof(s->name));
	int err;

	text_printf(&text, "by_hand_%d/call", sys_getpid());
	text = text_in(buf, sizeof(buf));
	text_printf(&text, TRACING "events/%s", s->name);
	if (!sys_access(buf))
		return error_set(&s->error, EEXIST, "%s is there already, left behind by a killed process", buf);
	text = text_in(buf, sizeof(buf));
	text_printf(&text, "p:%s %s", s->name, s->function);
	err = text.cut ? -ENAMETOOLONG : write_definition(buf);
	s->is_defined = !err;
	if (!err)
		return 0;
	if (sys_access(TRACING "kprobe_events"))
		return error_set(&s->error, -err, "no " TRACING "kprobe_events; mount -t tracefs none " TRACING);
	print_probe_error(s->name);
	return error_set(&s->error, -err, "the kernel sets no probe on '%s'", s->function);
}

/* 6. The event has a number; perf_event_open(2) makes a descriptor of it, which a program can be given to. */
static int open_event(struct state *s)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT, .size = sizeof(attr), .disabled = 1};
	char path[128], id[24];
	struct text text = text_in(path, sizeof(path));
	u64 config = 0;
	int err;

	text_printf(&text, TRACING "events/%s/id", s->name);
	if (file_read_line(path, id, sizeof(id)) < 0 || !parse_whole_u64(id, 10, &config))
		return error_set(&s->error, ENOENT, "%s cannot be read", path);
	attr.config = config;
	attr.sample_period = 1;
	/* All processes; the CPU says where perf would count. The program runs on every one. */
	s->event_fd = (int)sys_perf_event_open(&attr, -1, s->rings[0].cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (s->event_fd < 0)
		return error_set(&s->error, -s->event_fd, "perf_event_open refuses event %s", s->name);
	err = sys_ioctl(s->event_fd, PERF_EVENT_IOC_SET_BPF, (unsigned long)s->prog_fd);
	return err < 0 ? error_set(&s->error, -err, "the program cannot be attached to event %s", s->name) : 0;
}

static int open_ring(struct state *s, u32 i)
{
	struct perf_event_attr perf = {.type = PERF_TYPE_SOFTWARE, .size = sizeof(perf)};
	struct ring *ring = &s->rings[i];
	union bpf_attr attr;
	void *page;

	perf.config = PERF_COUNT_SW_BPF_OUTPUT;
	perf.sample_type = PERF_SAMPLE_RAW;
	perf.sample_period = 1;
	perf.wakeup_events = 1; /* wake us for each; one in many would be cheaper, and later */
	ring->fd = (int)sys_perf_event_open(&perf, -1, ring->cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (ring->fd == -ENODEV) /* this CPU has been switched off since */
		return 0;
	if (ring->fd < 0)
		return ring->fd;
	page = sys_mmap(NULL, (1 + RING_PAGES) * sys_page_size(), PROT_READ | PROT_WRITE, MAP_SHARED, ring->fd, 0);
	if (sys_is_error(page))
		return (int)(long)page;
	ring->page = page;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (u32)s->map_fd;
	attr.key = ptr_to_u64(&ring->cpu);
	attr.value = ptr_to_u64(&ring->fd);
	return (int)sys_bpf(BPF_MAP_UPDATE_ELEM, &attr, sizeof(attr));
}

/* 7. The rings: a perf event that nothing triggers but bpf_perf_event_output(), whose buffer we map, and whose
 *    descriptor goes into the map under its CPU's number. */
static int open_rings(struct state *s)
{
	for (u32 i = 0; i < s->ring_count; i++) {
		int err = open_ring(s, i);

		if (err < 0)
			return error_set(&s->error, -err, "no ring for CPU %d", s->rings[i].cpu);
		if (s->rings[i].page && watch_fd(s, s->rings[i].fd, i))
			return -s->error.errnum;
	}
	return 0;
}

/* Copies from a ring, around its end. */
static void ring_copy(const struct ring *ring, u32 at, void *to, size_t len)
{
	const u8 *data = (const u8 *)ring->page + sys_page_size();
	u32 mask = (u32)(RING_PAGES * sys_page_size() - 1);

	for (size_t i = 0; i < len; i++)
		((u8 *)to)[i] = data[(at + i) & mask];
}

/* What the kernel wrote since we looked. Head and tail only ever grow; 32 bits of them do, as a 32-bit kernel has
 * no more and the ring is smaller. We own the bytes between them: read the head before them, write the tail after. */
static void drain_ring(struct state *s, const struct ring *ring, struct text *out)
{
	u64 head = __atomic_load_n(&ring->page->data_head, __ATOMIC_ACQUIRE);
	u32 at = (u32)ring->page->data_tail;

	while ((u32)head != at && s->seen < s->count) {
		struct perf_event_header header;
		struct event event;
		u64 lost;

		ring_copy(ring, at, &header, sizeof(header));
		if (header.type == PERF_RECORD_SAMPLE) { /* header, u32 size, data */
			ring_copy(ring, at + sizeof(header) + sizeof(u32), &event, sizeof(event));
			text_printf(out, "%7u %.16s\n", event.pid, event.comm);
			s->seen++;
		} else if (header.type == PERF_RECORD_LOST) { /* header, u64 id, u64 how many */
			ring_copy(ring, at + sizeof(header) + sizeof(u64), &lost, sizeof(lost));
			s->lost += lost;
		}
		at += header.size;
	}
	__atomic_store_n(&ring->page->data_tail, head, __ATOMIC_RELEASE);
}

/* 8. Switch it on, last, when all is ready; then sleep until a ring has something for us, or a signal comes. */
static int print_events(struct state *s)
{
	char buf[4096];
	struct text out = text_to(1, buf, sizeof(buf));
	struct epoll_event ready[16];
	int err = sys_ioctl(s->event_fd, PERF_EVENT_IOC_ENABLE, 0);

	if (err < 0)
		return error_set(&s->error, -err, "event %s cannot be enabled", s->name);
	while (!s->stop && s->seen < s->count && !out.error) {
		int n = sys_epoll_wait(s->epoll_fd, ready, ARRAY_SIZE(ready), -1);

		for (int i = 0; i < n; i++) {
			if (ready[i].data == MAX_CPUS)
				s->stop = true;
			else
				drain_ring(s, &s->rings[ready[i].data], &out);
		}
		text_flush(&out);
	}
	return out.error && out.error != -EPIPE ? error_set(&s->error, -out.error, "events cannot be written") : 0;
}

/* 9. All of it back, in reverse. The definition alone would outlive us; and the kernel keeps it, with EBUSY, as long
 *    as a descriptor of the event is open. */
static void undo(struct state *s)
{
	char line[64];
	struct text text = text_in(line, sizeof(line));
	int err = 0;

	for (u32 i = 0; i < s->ring_count; i++) {
		if (s->rings[i].page)
			sys_munmap(s->rings[i].page, (1 + RING_PAGES) * sys_page_size());
		sys_close(s->rings[i].fd);
	}
	sys_close(s->event_fd);
	text_printf(&text, "-:%s", s->name);
	if (s->is_defined)
		err = write_definition(line);
	if (err)
		error_set(&s->error, -err, "event %s cannot be removed", s->name);
	sys_close(s->prog_fd);
	sys_close(s->map_fd);
}

int main(int argc, char **argv, char **envp);

int main(int argc, char **argv, char **envp)
{
	static int (*const steps[])(struct state *) = {
		catch_signals, find_cpus, create_map, load_program, define_event, open_event, open_rings, print_events};
	char buf[2048];
	struct text err = text_to(2, buf, sizeof(buf));

	(void)envp;
	for (int i = 1; i < argc; i++)
		if (!parse_whole_u64(argv[i], 10, &state.count))
			state.function = argv[i];
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (steps[i](&state))
			break;
	undo(&state);
	if (state.error.errnum)
		text_printf(&err, "by-hand: %s (%s)\n", state.error.message, errno_name(state.error.errnum));
	else
		text_printf(&err, "%llu events, %llu lost\n", state.seen, state.lost);
	text_flush(&err);
	return state.error.errnum != 0;
}
