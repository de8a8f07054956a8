/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * count.c: reads the events of burst.bpf.c from stdin (`loader run -o raw`), and tells what arrived.
 *
 *	count [BYTES MS]	after each BYTES, sleep for MS milliseconds
 *
 *	delivered 999000 disorder 0 gaps 1000 torn 0
 *
 * In each CPU's queue numbers only ever grow, or `disorder` counts: duplicates as well as wrong order. `gaps` is how
 * many numbers were passed over, before the last one that arrived: no more can be known here.
 */
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"

#define QUEUES_MAX 64

int main(int argc, char **argv, char **envp);

struct event {
	u64 number;
	u32 queue;
	u32 pid;
};

static struct {
	u64 delivered, disorder, gaps;
	struct {
		u32 name;
		u64 next; /* the number expected */
	} queues[QUEUES_MAX];
	u32 queue_count;
} seen;

static void look_at(const struct event *event)
{
	u32 q = 0;

	seen.delivered++;
	while (q < seen.queue_count && seen.queues[q].name != event->queue)
		q++;
	if (q == seen.queue_count && q < QUEUES_MAX)
		seen.queues[seen.queue_count++].name = event->queue;
	if (q == QUEUES_MAX || event->number < seen.queues[q].next) {
		seen.disorder++;
		return;
	}
	seen.gaps += event->number - seen.queues[q].next;
	seen.queues[q].next = event->number + 1;
}

static void sleep_ms(u64 ms)
{
	struct epoll_event nothing;
	int fd = sys_epoll_create();

	sys_epoll_wait(fd, &nothing, 1, (int)ms);
	sys_close(fd);
}

int main(int argc, char **argv, char **envp)
{
	static struct event events[1024];
	static char line[128];
	struct text out = text_to(1, line, sizeof(line));
	u64 bytes = 0, ms = 0, until_sleep;
	size_t have = 0;
	long n;

	(void)envp;
	if (argc == 3 && (!parse_whole_u64(argv[1], 10, &bytes) || !parse_whole_u64(argv[2], 10, &ms)))
		return 2;
	until_sleep = bytes;
	while ((n = sys_read(0, (u8 *)events + have, sizeof(events) - have)) > 0) {
		size_t whole = (have + (size_t)n) / sizeof(*events), used = whole * sizeof(*events);

		for (size_t i = 0; i < whole; i++)
			look_at(&events[i]);
		have = have + (size_t)n - used;
		memmove(events, (u8 *)events + used, have);
		if (!ms)
			continue;
		if (until_sleep > (u64)n) {
			until_sleep -= (u64)n;
		} else {
			sleep_ms(ms);
			until_sleep = bytes;
		}
	}
	text_printf(&out, "delivered %llu disorder %llu gaps %llu torn %zu\n", seen.delivered, seen.disorder, seen.gaps,
		have);
	return n || text_flush(&out) ? 1 : 0;
}
