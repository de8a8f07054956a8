/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * run.c: `loader run`: the whole way, from objects to events.
 *
 * run_objects() is the table of contents; each line of it is a step that has a function here and a part of the
 * loader behind it. What goes wrong in one step ends the run, and everything held is given back in reverse.
 */
#include <linux/errno.h>
#include <linux/stat.h>
#include "attach/attach.h"
#include "base/nearest.h"
#include "base/string.h"
#include "base/sys.h"
#include "cmd/child.h"
#include "cmd/cmd.h"
#include "events/event_type.h"
#include "events/rings.h"
#include "kernel/bpf.h"
#include "kernel/load.h"

#define PAGES_DEFAULT 64          /* of each CPU's ring: 256 KiB with pages of 4 KiB */
#define POLL_MS       50          /* a lone event waits no longer: the ring's watermark does not report it */
#define OUTPUT_BUFFER (256 << 10) /* what one wake-up prints is written at once up to this */
#define GIVE_UP_MS    1000        /* so long may a reader take after a signal before what is left is dropped */
#define NS_PER_MS     1000000ULL

#define OUTPUT_IS_GONE 1 /* epoll_event.data, which of all others is 0 */

struct run {
	struct options *options;
	struct arena arena;
	struct held held;

	struct object *objects; /* what the files ask for */
	struct live *live;      /* what the kernel gave */
	u32 object_count;

	struct event_stream *streams; /* one an event map */
	struct ring_map *ring_maps;   /* the same maps, for the kernel */
	u32 stream_count;

	const struct held_item *before_attach;
	u64 missed;      /* hits of probes whose program could not run */
	u64 signal_mask; /* as it was before ours */
	int signal_fd;
	int output_epoll_fd; /* a pipe or terminal on stdout can be written, or a signal came */
	struct child child;
	u64 end_ns; /* when --duration is over; 0: never */
	bool stopping;
	bool interrupted; /* a signal asked for it */

	/* What is large stands last: members behind it would take more code to reach. */
	struct kernel_btf kernel_btf;
	struct text out;
	struct output output;
	struct rings rings;
	struct error error;
};

static int read_objects(struct run *run)
{
	struct options *options = run->options;

	run->objects = arena_alloc_array(&run->arena, options->object_count, sizeof(*run->objects));
	run->live = arena_alloc_array(&run->arena, options->object_count, sizeof(*run->live));
	if (!run->objects || !run->live)
		return error_no_memory(&run->error);
	for (; run->object_count < options->object_count; run->object_count++) {
		u32 i = run->object_count;
		int err = cmd_open(options, i, &run->arena, &run->error, &run->objects[i]);

		err = err ? err
			  : live_init(&run->live[i], &run->arena, &run->error, &run->held, &run->kernel_btf,
				    &run->objects[i]);
		if (err)
			return err;
	}
	return 0;
}

/* One stream for each map that carries events: its name, and how to print what is in it. */
static int add_stream(struct run *run, const struct live *live, u32 map)
{
	const struct object *object = live->object;
	struct event_stream *stream = &run->streams[run->stream_count];
	struct decode_plan *plan = arena_alloc(&run->arena, sizeof(*plan));
	const char *name = object->maps[map].name, *wanted;
	u32 type_id = 0;
	int err;

	if (!plan)
		return error_no_memory(&run->error);
	wanted = option_find(&run->options->event, name);
	err = event_type_find(object, map, wanted ? option_value(wanted) : NULL, &type_id, &run->error);
	if (!err && type_id)
		err = decode_plan_make(&run->arena, &run->error, &object->btf, type_id, plan);
	if (err)
		return error_in(&run->error, "%s: map '%s'", object->path, name);
	stream->name = name;
	stream->plan = type_id ? plan : NULL;
	run->ring_maps[run->stream_count++] = (struct ring_map){live->map_fds + map, stream, name};
	return 0;
}

static int find_events(struct run *run)
{
	static struct nearest nearest;
	u32 count = 0;

	for (u32 o = 0; o < run->object_count; o++)
		count += run->objects[o].map_count;
	run->streams = arena_alloc_array(&run->arena, count, sizeof(*run->streams));
	run->ring_maps = arena_alloc_array(&run->arena, count, sizeof(*run->ring_maps));
	if (!run->streams || !run->ring_maps)
		return error_no_memory(&run->error);
	for (u32 o = 0; o < run->object_count; o++)
		for (u32 m = 0; m < run->objects[o].map_count; m++) {
			const struct map_spec *map = &run->objects[o].maps[m];

			if (!map->autocreate)
				continue;
			if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && add_stream(run, &run->live[o], m))
				return -run->error.errnum;
			if (map->type == BPF_MAP_TYPE_RINGBUF)
				cmd_say("%s: ring buffer '%s' is not read: only perf event arrays are",
					run->objects[o].path, map->name);
		}
	nearest.wanted = option_unused(&run->options->event);
	if (!nearest.wanted)
		return 0;
	for (u32 i = 0; i < run->stream_count; i++)
		nearest_look(&nearest, run->streams[i].name);
	error_set(&run->error, ENOENT, "--event %s: no map of that name carries events", nearest.wanted);
	return nearest_hint(&run->error, &nearest);
}

static int load_all_maps(struct run *run)
{
	for (u32 o = 0; o < run->object_count; o++) {
		struct live *live = &run->live[o];

		live->pins_maps = true;
		if (load_btf(live) || load_externs(live) || load_maps(live))
			return -run->error.errnum;
	}
	return 0;
}

static int open_rings(struct run *run)
{
	u64 pages = run->options->pages ? run->options->pages : PAGES_DEFAULT;
	size_t size = OUTPUT_BUFFER;
	char *buffer = arena_alloc(&run->arena, size);

	if (!buffer)
		return error_no_memory(&run->error);
	run->out = text_to(1, buffer, size);
	if (output_init(&run->output, &run->arena, run->options->format, &run->out, run->streams, run->stream_count))
		return error_no_memory(&run->error);
	if (rings_open(&run->rings, &run->held, &run->error, run->ring_maps, run->stream_count, pages))
		return -run->error.errnum;
	if (run->rings.without_slot)
		cmd_say("%u CPUs have no place in an event map, as its max_entries is too small; their events are "
			"dropped",
			run->rings.without_slot);
	return 0;
}

/* Calls `step` for each program that this run is about. */
static int each_program(struct run *run, int (*step)(struct run *run, struct live *live, u32 index))
{
	int err = 0;

	for (u32 o = 0; o < run->object_count; o++)
		for (u32 p = 0; !err && p < run->objects[o].prog_count; p++)
			if (cmd_wants(run->options, &run->objects[o].progs[p]))
				err = step(run, &run->live[o], p);
	return err;
}

static int load_one(struct run *run, struct live *live, u32 index)
{
	struct verdict verdict;

	return cmd_load_program(run->options, live, index, &verdict);
}

static int load_programs(struct run *run)
{
	int err = each_program(run, load_one);

	for (u32 o = 0; !err && o < run->object_count; o++)
		err = load_prog_arrays(&run->live[o]);
	return err;
}

static int attach_one(struct run *run, struct live *live, u32 index)
{
	const struct prog_spec *prog = &live->object->progs[index];
	const char *why =
		prog->hook->attach ? "its section names no target" : "this loader cannot attach that kind yet";

	(void)run;
	if (attach_possible(prog)) {
		int err = attach_program(live, index);

		if (err || !attach_waits(prog))
			return err;
		why = "the kernel waits for its module";
	}
	cmd_say("%s: %s: program '%s' is loaded, but not attached: %s", live->object->path, prog->section_name,
		prog->name, why);
	return 0;
}

static int attach_programs(struct run *run)
{
	int err;

	run->before_attach = run->held.top;
	err = each_program(run, attach_one);
	if (!err && run->held.top == run->before_attach)
		cmd_say("nothing is attached: no event will come");
	return err;
}

static bool wait_for_reader(void *context);

/*
 * A pipe whose reader is slow, or a terminal after ^S, must not keep us from hearing a signal. So it is opened a second
 * time, not to block: the flag belongs to the open file, and the first one we share with others. A socket cannot be
 * opened so, but told with each write; and a file has nothing to wait for (EPERM).
 */
static int open_output(struct run *run)
{
	/* A signal; or room. By edges: a terminal with room for one byte says so, but does not take "\r\n". */
	struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET};
	struct statx status = {0};
	bool is_socket = !sys_statx_fd(1, STATX_TYPE, &status) && S_ISSOCK(status.stx_mode);
	int fd = is_socket ? 1 : held_fd(&run->held, sys_open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_NOCTTY));

	run->output_epoll_fd = held_fd(&run->held, sys_epoll_create());
	if (sys_epoll_ctl(run->output_epoll_fd, EPOLL_CTL_ADD, fd, &event) ||
		sys_epoll_ctl(run->output_epoll_fd, EPOLL_CTL_ADD, run->signal_fd, &event))
		return 0; /* it will do as it is */
	run->out.fd = fd;
	run->out.is_socket = is_socket;
	run->out.wait = wait_for_reader;
	run->out.context = run;
	return 0;
}

/* From here on a signal is something to read, and no reason to die with probes in the kernel. */
static int catch_signals(struct run *run)
{
	u64 signals = SIGNAL_BIT(SIGHUP) | SIGNAL_BIT(SIGINT) | SIGNAL_BIT(SIGTERM) | SIGNAL_BIT(SIGCHLD);
	struct epoll_event event = {.events = EPOLLIN};

	/* What is blocked comes even if it is ignored (kernel/signal.c:sig_ignored()): nohup(1) would be in vain. */
	if (sys_signal_ignored(SIGHUP))
		signals &= ~SIGNAL_BIT(SIGHUP);
	sys_sigprocmask(SIG_BLOCK, signals | SIGNAL_BIT(SIGPIPE), &run->signal_mask);
	run->signal_fd = held_fd(&run->held, sys_signalfd(signals));
	if (run->signal_fd < 0)
		return error_set(&run->error, -run->signal_fd, "signalfd4(2) failed");
	/* Signals are looked for after each wait, and none is long: without the watch they are heard a little later. */
	sys_epoll_ctl(run->rings.epoll_fd, EPOLL_CTL_ADD, run->signal_fd, &event);
	/* A reader that goes away is noticed even while no event comes; files and terminals cannot be watched. */
	event = (struct epoll_event){.data = OUTPUT_IS_GONE};
	sys_epoll_ctl(run->rings.epoll_fd, EPOLL_CTL_ADD, 1, &event);
	return 0;
}

static int start_command(struct run *run)
{
	char **command = run->options->command;

	if (!command)
		return 0;
	return child_start(&run->child, &run->error, command, run->options->envp, run->signal_mask);
}

static int release_command(struct run *run)
{
	if (run->options->duration_ns)
		run->end_ns = sys_monotonic_ns() + run->options->duration_ns;
	return run->options->command ? child_go(&run->child, &run->error, run->options->command[0]) : 0;
}

/* In milliseconds; 0: --duration is over. */
static int time_to_wait(const struct run *run)
{
	u64 now = run->end_ns ? sys_monotonic_ns() : 0, left = run->end_ns - now;

	if (run->end_ns && now >= run->end_ns)
		return 0;
	return run->end_ns && left < POLL_MS * NS_PER_MS ? (int)(left / NS_PER_MS) + 1 : POLL_MS;
}

/* Whether --count events have been printed. */
static bool is_enough(const struct run *run)
{
	return run->options->count && run->output.events >= run->options->count;
}

/* Reads what signals came; all but SIGCHLD mean the end. */
static void read_signals(struct run *run)
{
	u32 info[32]; /* struct signalfd_siginfo: 128 bytes, the first word is the signal */

	while (sys_read(run->signal_fd, info, sizeof(info)) == (long)sizeof(info))
		if (info[0] != SIGCHLD)
			run->stopping = run->interrupted = true;
}

/* text_flush() calls it when the pipe is full. After a signal or --duration a reader that takes nothing is given up. */
static bool wait_for_reader(void *context)
{
	struct run *run = context;
	struct epoll_event ready[2];

	for (;;) {
		int count = sys_epoll_wait(run->output_epoll_fd, ready, ARRAY_SIZE(ready), GIVE_UP_MS);

		for (int i = 0; i < count; i++)
			if (ready[i].events & ~(u32)EPOLLIN)
				return true;
		read_signals(run);
		if (!count && (run->interrupted || !time_to_wait(run)))
			return false;
	}
}

static bool print_event(void *context, const struct perf_sample *sample)
{
	struct run *run = context;

	if (rings_is_mark(&run->rings, sample))
		return true;
	if (is_enough(run))
		return false;
	output_sample(&run->output, sample->owner, sample);
	return !run->out.error;
}

/* Everything that stands in the rings now, printed and written out. */
static void print_events(struct run *run)
{
	perf_rings_drain(&run->rings.perf, print_event, run);
	if (text_flush(&run->out) || is_enough(run))
		run->stopping = true;
}

static bool reader_is_gone(const struct epoll_event *events, int count)
{
	for (int i = 0; i < count; i++)
		if (events[i].data == OUTPUT_IS_GONE)
			return true;
	return false;
}

/* The loop a run spends its time in: until a signal, --count, --duration, the command's end, or a failed write. */
static int print_until_stopped(struct run *run)
{
	while (!run->stopping) {
		struct epoll_event ready[16];
		int count = sys_epoll_wait(run->rings.epoll_fd, ready, ARRAY_SIZE(ready), time_to_wait(run));

		read_signals(run);
		print_events(run);
		if (reader_is_gone(ready, count) || !time_to_wait(run) ||
			(run->options->command && child_has_ended(&run->child)))
			run->stopping = true;
		if (!run->stopping && rings_follow(&run->rings))
			return -run->error.errnum;
	}
	return 0;
}

static int add_missed(struct run *run, struct live *live, u32 index)
{
	run->missed += bpf_prog_missed(live->prog_fds[index]);
	return 0;
}

/* The programs stop, then what is left in the rings comes out, then what was lost after it is asked for. */
static int finish(struct run *run)
{
	u64 broken;

	run->missed = attach_missed();
	each_program(run, add_missed);
	held_release_to(&run->held, run->before_attach);
	if (is_enough(run))
		return 0;
	print_events(run);
	rings_flush(&run->rings);
	print_events(run);
	broken = perf_rings_broken(&run->rings.perf);
	if (broken)
		cmd_say("%llu records of the rings made no sense", broken);
	if (run->missed)
		cmd_say("%llu times a probe was hit and its program could not run", run->missed);
	return 0;
}

static int run_objects(struct run *run)
{
	static int (*const steps[])(struct run * run) = {
		read_objects,        /* bytes → ELF → BTF → specs; --set */
		find_events,         /* which maps carry events, and of what type */
		load_all_maps,       /* BTF, externs, maps: the kernel's first word */
		open_rings,          /* a ring for each CPU, mapped */
		load_programs,       /* linked, and past the verifier */
		catch_signals,       /* what follows must be undone */
		open_output,         /* a slow reader must not make us deaf */
		start_command,       /* the command waits at its gate */
		attach_programs,     /* kprobes exist from here on … */
		release_command,     /* the command runs */
		print_until_stopped, /* events → decoded by BTF → printed */
		finish,              /* … to here; every event accounted for */
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		int err = steps[i](run);

		if (err) {
			cmd_report(&run->error);
			return MAX(err, EXIT_FAILED);
		}
	}
	return EXIT_DONE;
}

/* The closing words. A pipe whose reader had enough is a good end, a full disk is not. */
static int conclude(struct run *run)
{
	if (!run->options->quiet) {
		static char line[96];
		struct text text = text_to(2, line, sizeof(line));

		text_printf(&text, "%llu events, %llu lost\n", run->output.events, perf_rings_lost(&run->rings.perf));
		text_flush(&text);
	}
	return run->out.error == -EPIPE || cmd_flush(&run->out) ? EXIT_DONE : EXIT_FAILED;
}

int cmd_run(struct options *options)
{
	struct run run = {.options = options,
		.held = {.arena = &run.arena},
		.kernel_btf = {
			.arena = &run.arena, .error = &run.error, .held = &run.held, .path = options->btf.values[0]}};
	int status;

	cmd_begin(options);
	status = run_objects(&run);
	held_release(&run.held);
	if (status == EXIT_DONE)
		status = conclude(&run);
	arena_release(&run.arena);
	return status;
}
