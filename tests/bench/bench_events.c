/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bench_events.c: nanoseconds an event takes from the ring to the end of its line, without any kernel.
 *
 *	clang -O2 -Isrc -Itests/unit tests/bench/bench_events.c -o build/bench_events \
 *		$(find src/base src/object src/events -name '*.c' ! -name start.c ! -name arm_eabi.c ! -name rings.c)
 *	build/bench_events build/tests/fixtures/events.bpf.o
 *
 * Four rings of 1 MiB are filled with events of a struct of five members, whose times interleave, and read again
 * and again: by a visitor that only looks at them, then as JSON, as a table and raw, to /dev/null through a buffer
 * of 64 KiB. printf() does the same as JSON for comparison.
 */
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#undef WNOHANG /* <stdlib.h> brings it, base/sys.h has its own */
#include "base/sys.h"
#include "events/event_type.h"
#include "events/output.h"
#include "fixtures/events.h"

#define RINGS  4
#define SIZE   (1u << 20)
#define ROUNDS 30

struct record {
	struct perf_event_header header;
	u32 pid, tid;
	u64 time;
	u32 cpu, zero, size;
	u8 event[sizeof(struct comm_event) + 4];
} __attribute__((packed));

static struct perf_rings rings;
static struct perf_event_mmap_page pages[RINGS];
static struct output output;
static struct event_stream stream;
static FILE *null;
static u64 sum;

static void fill(struct perf_ring *ring)
{
	u64 head = 0;

	for (; head + sizeof(struct record) <= SIZE; head += sizeof(struct record)) {
		u64 i = head / sizeof(struct record);
		struct comm_event event = {
			1000 + (u32)i, (u32)i % 3 * 1000, 4294967297 + i, -(int)(i % 2), "kworker/0:1"};
		struct record record = {{PERF_RECORD_SAMPLE, 0, sizeof(record)}, event.pid, event.pid,
			1234567890123 + i * 1000 + ring->cpu * 333, ring->cpu, 0, sizeof(record.event), {0}};

		memcpy(record.event, &event, sizeof(event));
		memcpy((u8 *)(uintptr_t)ring->data + head, &record, sizeof(record));
	}
	ring->page->data_head = head;
}

static bool look(void *context, const struct perf_sample *sample)
{
	(void)context;
	sum += sample->data[0];
	return true;
}

static bool print(void *context, const struct perf_sample *sample)
{
	(void)context;
	output_sample(&output, &stream, sample);
	return true;
}

static bool print_with_stdio(void *context, const struct perf_sample *s)
{
	const struct comm_event *e = (const void *)s->data;

	(void)context;
	fprintf(null,
		"{\"event\":\"%s\",\"cpu\":%u,\"pid\":%u,\"time_ns\":%llu,\"data\":{\"pid\":%u,\"uid\":%u,\"cgroup\":%"
		"llu,"
		"\"result\":%d,\"comm\":\"%s\"}}\n",
		stream.name, s->cpu, s->pid, s->time_ns, e->pid, e->uid, e->cgroup, e->result, e->comm);
	return true;
}

static void measure(const char *name, bool (*visit)(void *context, const struct perf_sample *sample))
{
	double best = 1e9;

	for (int round = 0; round < ROUNDS; round++) {
		u64 start, events;
		double ns;

		for (u32 i = 0; i < RINGS; i++)
			rings.rings[i].tail = rings.rings[i].published = 0;
		start = sys_monotonic_ns();
		events = perf_rings_drain(&rings, visit, NULL);
		ns = (double)(sys_monotonic_ns() - start) / (double)events;
		best = ns < best ? ns : best;
	}
	printf("%-20s %6.1f ns/event\n", name, best);
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"table", "json", "raw"};
	static char buf[65536];
	static struct arena arena;
	static struct error error;
	static struct object object;
	static struct decode_plan plan;
	struct text text;
	struct bytes file;
	u32 type = 0;

	if (argc != 2 || file_read(&arena, &error, argv[1], SIZE_MAX_OBJECT, &file) ||
		object_open(&arena, &error, argv[1], file, &object) ||
		event_type_find(&object, 0, "comm_event", &type, &error) ||
		decode_plan_make(&arena, &error, &object.btf, type, &plan) || perf_rings_init(&rings, &arena, RINGS)) {
		fprintf(stderr, "usage: bench_events events.bpf.o; %s\n", error.message);
		return 1;
	}
	for (u32 i = 0; i < RINGS; i++)
		fill(perf_rings_add(&rings, &pages[i], aligned_alloc(4096, SIZE), SIZE, i, NULL));
	stream = (struct event_stream){.name = "comm_events", .plan = &plan};
	null = fopen("/dev/null", "w");
	setvbuf(null, NULL, _IOFBF, sizeof(buf));
	measure("drain", look);
	for (int format = FORMAT_TABLE; format <= FORMAT_RAW; format++) {
		text = text_to(fileno(null), buf, sizeof(buf));
		if (output_init(&output, &arena, (enum output_format)format, &text, &stream, 1))
			return 1;
		measure(names[format], print);
	}
	measure("json with fprintf()", print_with_stdio);
	return 0;
}
