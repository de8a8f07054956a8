/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kprobe.c: kprobes and kretprobes through tracefs. See kprobe.h.
 */
#include <linux/errno.h>
#include "attach/kprobe.h"
#include "attach/kprobe_explain.h"
#include "attach/owner.h"
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

int kprobe_parse(struct error *error, const char *text, bool is_return, struct kprobe_target *target)
{
	const char *plus = str_find_last(text, '+');
	size_t len = plus ? (size_t)(plus - text) : str_len(text);

	*target = (struct kprobe_target){.is_return = is_return};
	if (plus && !parse_whole_u64(plus + 1, 0, &target->offset))
		return error_set(error, EINVAL, "'%s' is no offset; expected FUNCTION+BYTES", plus);
	if (plus && is_return)
		return error_set(error, EINVAL, "a return probe has no offset, this one has '%s'", plus);
	for (size_t i = 0; i < len; i++)
		if (!char_is_alnum(text[i]) && text[i] != '_' && text[i] != '.' && text[i] != ':' && text[i] != '$')
			return error_set(error, EINVAL, "'%s' is no function's name", text);
	if (!len || len >= sizeof(target->function))
		return error_set(error, EINVAL, "the function's name has %zu characters, expected 1 to %zu", len,
			sizeof(target->function) - 1);
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
static int remove_probe(int kprobe_events_fd, const char *name)
{
	char command[2 * NAME_MAX + 8];
	struct text text = text_in(command, sizeof(command));
	int err = -EBUSY;

	text_printf(&text, "-:%s", name);
	for (int i = 0; i < REMOVE_ATTEMPTS && err == -EBUSY; i++) {
		if (i)
			sleep_ms(REMOVE_WAIT_MS);
		err = tracefs_write(kprobe_events_fd, command);
	}
	return err;
}

static void give_back_probe(struct held_item *item)
{
	struct error ignored = {0};
	int fd = tracefs_open_kprobe_events(&ignored);

	if (fd < 0)
		return;
	remove_probe(fd, item->name);
	sys_close(fd);
}

/* "GROUP/EVENT" for a new probe of this run. The number makes it unique, the function's name readable. */
static void name_probe(const struct kprobe_target *target, char *group, char *event)
{
	static u32 number;
	struct text text = text_in(event, NAME_MAX);

	owner_group(group, NAME_MAX);
	text_printf(&text, "%c%u_", target->is_return ? 'r' : 'p', number++);
	for (const char *p = target->function; *p; p++)
		text_char(&text, char_is_alnum(*p) ? *p : '_');
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
static int define_probe(
	int fd, struct error *error, const struct kprobe_target *target, const char *group, const char *event)
{
	char name[2 * NAME_MAX], command[384];
	struct text text = text_in(name, sizeof(name));
	int err;

	if (tracefs_event_exists(group, event))
		return error_set(error, EEXIST, "event %s/%s exists already, and is not this run's", group, event);
	text_printf(&text, "%s/%s", group, event);
	err = write_definition(fd, target, target->offset, name, command, sizeof(command));
	if (err == -EINVAL && SECOND_ENTRY > 0 && !target->is_return && !target->offset &&
		!write_definition(fd, target, SECOND_ENTRY, name, command, sizeof(command)))
		return 0;
	return err ? kprobe_explain(error, target, -err, command) : 0;
}

static int first_online_cpu(struct arena *arena, struct error *error, u32 *cpu)
{
	struct cpu_list online;
	int err = cpus_online(arena, error, &online);

	if (!err)
		*cpu = online.cpus[0];
	return err;
}

/* From definition to descriptor: the part under the lock. */
static int open_probe(struct held *held, struct error *error, const struct kprobe_target *target, int events_fd)
{
	char group[NAME_MAX], event[NAME_MAX];
	struct held_item *item;
	u32 cpu;
	int id, fd;

	name_probe(target, group, event);
	if (first_online_cpu(held->arena, error, &cpu))
		return -error->errnum;
	if (define_probe(events_fd, error, target, group, event))
		return -error->errnum;
	item = held_push(held, give_back_probe);
	if (item)
		item->name = arena_printf(held->arena, "%s/%s", group, event);
	if (!item || !item->name)
		return error_no_memory(error);
	id = tracefs_event_id(group, event);
	if (id < 0)
		return error_set(error, -id, "the probe exists, but its events/%s/%s/id cannot be read", group, event);
	fd = held_fd(held, perf_open_tracepoint((u32)id, cpu));
	if (fd >= 0)
		return fd;
	error_set(error, -fd, "perf_event_open(2) refused the probe's event %d", id);
	return hint_cause(error, TRIED_PERF);
}

int kprobe_attach(struct held *held, struct error *error, const struct kprobe_target *target, int prog_fd)
{
	int events_fd = tracefs_open_kprobe_events(error);
	int fd, err;

	if (events_fd < 0)
		return events_fd;
	tracefs_lock(events_fd);
	fd = open_probe(held, error, target, events_fd);
	tracefs_unlock(events_fd);
	sys_close(events_fd);
	if (fd < 0)
		return fd;
	err = perf_attach_program(fd, prog_fd);
	if (!err)
		return 0;
	error_set(error, -err, "the program cannot be bound to the probe's event");
	return hint_cause(error, TRIED_PERF);
}

int kprobe_attach_syscall(struct held *held, struct error *error, const char *name, bool is_return, int prog_fd)
{
	struct kprobe_target target = {.is_return = is_return};
	int err = -ENOENT;

	for (u32 choice = 0; syscall_function(choice, name, target.function, sizeof(target.function)); choice++) {
		/* Only a name that does not exist is worth another try. */
		if (choice && kallsyms_count(target.function) == 0)
			continue;
		error_clear(error);
		err = kprobe_attach(held, error, &target, prog_fd);
		if (!err || kallsyms_count(target.function) != 0)
			return err;
	}
	error_clear(error);
	return error_set(error, ENOENT, "this kernel has no system call '%s' (no __…_sys_%s, __se_sys_%s or sys_%s)",
		name, name, name, name);
}

/* Names of probes that dead runs left, collected before any is removed. */
struct stale_name {
	struct stale_name *next;
	const char *name;
};

struct stale {
	struct arena *arena;
	struct stale_name *first;
};

/* A line of kprobe_events: "p:GROUP/EVENT FUNC+OFF ARGS" or "r16:GROUP/EVENT …". */
static int collect_stale(void *context, char *line)
{
	struct stale *stale = context;
	const char *name = str_find(line, ':'), *slash, *blank;
	struct stale_name *entry;

	if (!name || !str_starts(++name, OWNER_PREFIX))
		return 0;
	slash = str_find(name, '/');
	blank = str_find(name, ' ');
	if (!slash || !blank || slash > blank || blank - name >= 2 * NAME_MAX)
		return 0;
	line[slash - line] = '\0';
	if (!owner_is_gone(name))
		return 0;
	line[slash - line] = '/';
	entry = arena_alloc(stale->arena, sizeof(*entry));
	if (!entry)
		return -ENOMEM;
	entry->name = arena_string(stale->arena, name, (size_t)(blank - name));
	entry->next = stale->first;
	stale->first = entry;
	return entry->name ? 0 : -ENOMEM;
}

int kprobe_reap(struct arena *arena, struct error *error)
{
	struct stale stale = {.arena = arena};
	int fd = tracefs_open_kprobe_events(error);

	if (fd < 0)
		return fd;
	tracefs_lock(fd);
	tracefs_each_line("kprobe_events", collect_stale, &stale);
	for (struct stale_name *entry = stale.first; entry; entry = entry->next)
		tracefs_write(fd, arena_printf(arena, "-:%s", entry->name));
	tracefs_unlock(fd);
	sys_close(fd);
	return 0;
}

struct missed {
	char group[NAME_MAX];
	u64 count;
};

/* A line of kprobe_profile: "  EVENT   HITS   MISSED". It does not say the group, so ours is asked for the event. */
static int add_missed(void *context, char *line)
{
	struct missed *missed = context;
	char event[NAME_MAX];
	const char *p = skip_blanks(line);
	size_t len = 0;
	u64 hits, misses;

	while (p[len] && !char_is_space(p[len]))
		len++;
	if (!len || len >= sizeof(event))
		return 0;
	str_copy(event, len + 1, p);
	p = skip_blanks(p + len);
	if (!parse_u64(&p, 10, &hits))
		return 0;
	p = skip_blanks(p);
	if (parse_u64(&p, 10, &misses) && tracefs_event_exists(missed->group, event))
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
