/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kprobe.c: kprobes and kretprobes through tracefs. See kprobe.h.
 */
#include <linux/errno.h>
#include "attach/kprobe.h"
#include "attach/kprobe_explain.h"
#include "attach/owner.h"
#include "base/file.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "kernel/cpus.h"
#include "kernel/hints.h"
#include "kernel/kallsyms.h"
#include "kernel/perf.h"
#include "kernel/tracefs.h"

#define NAME_MAX        64 /* MAX_EVENT_NAME_LEN of kernel/trace/trace_probe.h, with its NUL */
#define REMOVE_ATTEMPTS 50 /* perf events are closed in the background; 50 times 20 ms is more than was ever seen */
#define REMOVE_WAIT_MS  20

static bool is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!char_is_alnum(text[i]) && text[i] != '_' && text[i] != '.' && text[i] != ':' && text[i] != '$')
			return false;
	return true;
}

int kprobe_parse(struct error *error, const char *text, bool is_return, struct kprobe_target *target)
{
	const char *plus = str_find_last(text, '+');
	size_t len = plus ? (size_t)(plus - text) : str_len(text);

	*target = (struct kprobe_target){.is_return = is_return};
	if (plus && !parse_whole_u64(plus + 1, 0, &target->offset))
		return error_invalid(error, "'%s' is no offset; expected FUNCTION+BYTES", plus);
	if (plus && is_return)
		return error_invalid(error, "a return probe has no offset, this one has '%s'", plus);
	/* What begins with no letter is none: empty, no module's, or a number, which would be taken for an address. */
	if (!is_name(text, len) || *text <= ':' || len >= sizeof(target->function))
		return error_invalid(error, "'%s' is no function's name", text);
	str_copy(target->function, len + 1, text);
	return 0;
}

static void sleep_ms(int ms)
{
	int fd = sys_epoll_create();
	struct epoll_event nothing;

	if (fd < 0)
		return;
	sys_epoll_wait(fd, &nothing, 1, ms);
	sys_close(fd);
}

/* Removes one probe, by group and name. The kernel says EBUSY while a descriptor for it is being closed. */
static void remove_probe(int kprobe_events_fd, const char *name)
{
	char command[2 * NAME_MAX + 8];

	str_printf(command, sizeof(command), "-:%s", name);
	for (int i = 0; tracefs_write(kprobe_events_fd, command) == -EBUSY && i < REMOVE_ATTEMPTS; i++)
		sleep_ms(REMOVE_WAIT_MS);
}

static void give_back_probe(struct held_item *item)
{
	struct error ignored = {0};
	int fd = tracefs_open_kprobe_events(&ignored);

	if (fd >= 0 && item->name)
		remove_probe(fd, item->name);
	sys_close(fd);
}

/*
 * "GROUP/EVENT" for a new probe of this run. The numbers make EVENT unique, as kprobe_profile tells no group; the
 * function's name makes it readable.
 */
static const char *name_probe(struct arena *arena, const struct kprobe_target *target)
{
	static u32 number;
	char group[NAME_MAX], event[NAME_MAX];
	struct text text = text_in(event, sizeof(event));

	owner_group(group, sizeof(group));
	text_printf(&text, "%c%u_%u_", target->is_return ? 'r' : 'p', number++, (u32)sys_getpid());
	for (const char *p = target->function; *p; p++)
		text_char(&text, char_is_alnum(*p) ? *p : '_');
	return arena_printf(arena, "%s/%s", group, event);
}

/*
 * On riscv64 ftrace owns the first instruction of every function, and kernels without KPROBES_ON_FTRACE refuse a probe
 * there with EINVAL. The second one, four bytes on, is ftrace's as well but may be probed: nothing has happened
 * yet, and arguments still are in their registers. Elsewhere there is no such place: 0.
 */
#if defined(__riscv)
#define SECOND_ENTRY 4
#else
#define SECOND_ENTRY 0
#endif

static int write_definition(
	int fd, const struct kprobe_target *target, u64 offset, const char *name, char *command, size_t size)
{
	struct text text = text_in(command, size);

	text_printf(&text, "%c:%s %s", target->is_return ? 'r' : 'p', name, target->function);
	if (offset)
		text_printf(&text, "+%llu", offset);
	return tracefs_write(fd, command);
}

/* The kernel would silently add a second place to an event that exists (append_trace_kprobe()): look first. */
static int define_probe(int fd, struct error *error, const struct kprobe_target *target, const char *name)
{
	char command[768];
	int err;

	if (tracefs_event_exists(name))
		return error_set(error, EEXIST, "event %s exists already, and is not this run's", name);
	err = write_definition(fd, target, target->offset, name, command, sizeof(command));
	if (err == -EINVAL && SECOND_ENTRY > 0 && !target->is_return && !target->offset &&
		!write_definition(fd, target, SECOND_ENTRY, name, command, sizeof(command)))
		return 0;
	return err ? kprobe_explain(error, target, -err, command) : 0;
}

/* From definition to program: the part under the lock. */
static int bind_probe(
	struct held *held, struct error *error, const struct kprobe_target *target, int events_fd, int prog_fd)
{
	const char *name = name_probe(held->arena, target);
	struct held_item *item = held_push(held, give_back_probe);
	struct cpu_list online;
	int id, err;

	if (!name || !item)
		return error_no_memory(error);
	if (cpus_online(held->arena, error, &online) || define_probe(events_fd, error, target, name))
		return -error->errnum;
	item->name = name; /* from here on it is ours to remove */
	err = id = tracefs_event_id(name);
	if (id >= 0)
		err = held_fd(held, perf_open_tracepoint((u32)id, online.cpus[0]));
	if (err >= 0)
		err = perf_attach_program(err, prog_fd);
	if (!err)
		return 0;
	error_set(error, -err, "the probe exists, but the program cannot be bound to its event %s", name);
	return hint_cause(error, TRIED_PERF);
}

int kprobe_attach(struct held *held, struct error *error, const struct kprobe_target *target, int prog_fd)
{
	int events_fd = tracefs_open_kprobe_events(error);
	int err = events_fd;

	if (events_fd >= 0) {
		err = bind_probe(held, error, target, events_fd, prog_fd);
		sys_close(events_fd);
	}
	return err;
}

int kprobe_attach_syscall(struct held *held, struct error *error, const char *name, bool is_return, int prog_fd)
{
	struct kprobe_target target = {.is_return = is_return};
	struct error first = {0}; /* of today's name for it: what comes near is called likewise */

	if (!is_name(name, str_len(name)))
		return error_invalid(error, "'%s' is no name of a system call", name);
	for (u32 choice = 0; syscall_function(choice, name, target.function, sizeof(target.function)); choice++) {
		int err = kprobe_attach(held, error, &target, prog_fd);

		if (err != -ENOENT) /* only a name that does not exist is worth another try */
			return err;
		if (!choice)
			first = *error;
		error_clear(error);
	}
	*error = first;
	return error_in(error, "this kernel has no system call '%s'", name);
}

/* A line of kprobe_events: "p:GROUP/EVENT FUNC+OFF ARGS" or "r16:GROUP/EVENT …". */
static int take_over(void *context, char *line)
{
	struct held *held = context;
	const char *word = next_word(&line), *colon = str_find(word, ':');
	struct held_item *item = NULL;

	if (colon && owner_is_gone(colon + 1))
		item = held_push(held, give_back_probe);
	if (item)
		item->name = arena_printf(held->arena, "%s", colon + 1);
	return 0;
}

/*
 * Files that hold a 0 while the kernel takes probes, but has none of them hit. On x86_64 most probes are ftrace's; to
 * remove one while that is off has the kernel warn, and shut ftrace down until the next boot (ftrace_shutdown()).
 */
static const char switches[] = "/sys/kernel/debug/kprobes/enabled"
#if defined(__x86_64__)
			       "\0/proc/sys/kernel/ftrace_enabled"
#endif
	;

int kprobe_begin(struct arena *arena, struct error *error)
{
	struct held stale = {.arena = arena};
	const char *path;
	char state[4];
	int fd;

	for (u32 i = 0; (path = list_entry(switches, sizeof(switches), i)); i++) {
		file_read_line(path, state, sizeof(state));
		if (state[0] == '0')
			return error_set(error, ENODEV, "no probe would ever be hit: %s is 0", path);
	}
	fd = tracefs_open_kprobe_events(error);
	if (fd < 0)
		return fd;
	sys_close(fd);
	/* All are found before one is removed. */
	tracefs_each_line("kprobe_events", take_over, &stale);
	held_release(&stale);
	return 0;
}

struct missed {
	char group[NAME_MAX];
	u64 count;
};

/* A line of kprobe_profile: "  EVENT   HITS   MISSED". It does not say the group: ours is asked for the event. */
static int add_missed(void *context, char *line)
{
	struct missed *missed = context;
	const char *event = next_word(&line);
	char name[2 * NAME_MAX];
	u64 misses;

	next_word(&line);
	str_printf(name, sizeof(name), "%s/%s", missed->group, event);
	if (parse_whole_u64(next_word(&line), 10, &misses) && tracefs_event_exists(name))
		missed->count += misses;
	return 0;
}

u64 kprobe_missed(void)
{
	struct missed missed = {.count = 0};

	owner_group(missed.group, sizeof(missed.group));
	tracefs_each_line("kprobe_profile", add_missed, &missed);
	return missed.count;
}
