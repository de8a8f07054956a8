/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_events_output.c: what stands on stdout, to the character: JSON lines, tables, raw bytes; and who stops reading.
 */
#define _GNU_SOURCE /* pipe2() */
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>
#include "unit.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/text.h"
#include "events/output.h"
#include "object/object.h"
#include "fixtures/events.h"

static struct arena arena;
static struct error error;
static struct object object;
static struct bytes file;
static char buf[16384];
static struct text text;
static struct output output;

static int set_up(void **state)
{
	(void)state;
	file = read_whole(FIXTURES "events.bpf.o");
	assert_no_error(&error, object_open(&arena, &error, "events.bpf.o", file, &object));
	text = text_in(buf, sizeof(buf));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	error_clear(&error);
	arena_fail_after(-1);
	arena_release(&arena);
	bytes_free(file);
	return arena_live() ? -1 : 0;
}

static struct event_stream stream_of(const char *name, const char *type)
{
	struct decode_plan *plan = arena_alloc(&arena, sizeof(*plan));
	u32 id = type ? btf_find(&object.btf, BTF_KIND_STRUCT, type) : 0;

	if (!type)
		return (struct event_stream){.name = name};
	assert_true(id);
	assert_no_error(&error, decode_plan_make(&arena, &error, &object.btf, id, plan));
	return (struct event_stream){.name = name, .plan = plan};
}

static struct perf_sample sample_of(const void *data, size_t size)
{
	return (struct perf_sample){.data = data,
		.size = (u32)size,
		.has_origin = true,
		.cpu = 3,
		.pid = 812,
		.tid = 813,
		.time_ns = 12345678901234};
}

static const struct comm_event bash = {812, 1000, 4294967297, -2, "bash"};
static const struct comm_event odd = {4194304, 4294967295, 1, 0, "\033[31m\"\\\n\xc3\xa4"};
static const struct exec_event busy = {1, STATE_BUSY, "/usr/bin/ls"};
static const struct exec_event five = {77777777, (enum state)5, "a"};

static void json(void **state)
{
	struct event_stream streams[] = {stream_of("comm_events", "comm_event"), stream_of("odd\"name", NULL)};
	struct perf_sample sample = sample_of(&bash, sizeof(bash));

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_JSON, &text, streams, 2), 0);
	output_sample(&output, &streams[0], &sample);
	sample = sample_of(&odd, sizeof(odd));
	sample.has_origin = false;
	output_sample(&output, &streams[0], &sample);
	sample = sample_of("\1\xab\xff", 3);
	output_sample(&output, &streams[1], &sample);
	sample.size = 0;
	sample.cpu = sample.pid = 4294967295u;
	sample.time_ns = ~0ull;
	output_sample(&output, &streams[1], &sample);
	assert_string_equal(buf,
		"{\"event\":\"comm_events\",\"cpu\":3,\"pid\":812,\"time_ns\":12345678901234,\"data\":{\"pid\":812,"
		"\"uid\":1000,"
		"\"cgroup\":4294967297,\"result\":-2,\"comm\":\"bash\"}}\n"
		"{\"event\":\"comm_events\",\"data\":{\"pid\":4194304,\"uid\":4294967295,\"cgroup\":1,\"result\":0,"
		"\"comm\":\"\\u001b[31m\\\"\\\\\\n\xc3\xa4\"}}\n"
		"{\"event\":\"odd\\\"name\",\"cpu\":3,\"pid\":812,\"time_ns\":12345678901234,\"data\":\"01abff\"}\n"
		"{\"event\":\"odd\\\"name\",\"cpu\":4294967295,\"pid\":4294967295,\"time_ns\":18446744073709551615,"
		"\"data\":\"\"}\n");
	assert_int_equal(output.events, 4);
}

/* What we think is JSON, others read as JSON, too. */
static void json_for_others(void **state)
{
	static const char *const types[] = {"values", "bits", "bits_packed", "nested", "arrays", "open_string", "wide"};
	static const char *const readers[] = {"jq -c . >/dev/null",
		"python3 -c 'import sys, json\nfor l in sys.stdin.buffer: "
		"json.loads(l.decode(), parse_constant=lambda c: sys.exit(1))'"};
	u8 bytes[700];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		FILE *pipe;
		bool ok;

		if (system(i ? "command -v python3 >/dev/null" : "command -v jq >/dev/null"))
			continue;
		srand(1);
		pipe = popen(readers[i], "w");
		for (int round = 0; round < 300; round++) {
			struct event_stream stream = stream_of("events", types[(size_t)round % ARRAY_SIZE(types)]);
			struct perf_sample sample = sample_of(bytes, (u32)rand() % sizeof(bytes));

			for (size_t n = 0; n < sizeof(bytes); n++)
				bytes[n] = (u8)(rand() % (round % 2 ? 256 : 2));
			text = text_in(buf, sizeof(buf));
			assert_int_equal(output_init(&output, &arena, FORMAT_JSON, &text, &stream, 1), 0);
			output_sample(&output, &stream, &sample);
			assert_false(text.cut);
			fwrite(buf, 1, text.len, pipe);
		}
		ok = pclose(pipe) == 0;
		if (!ok)
			fail_msg("%s", readers[i]);
	}
}

static void table(void **state)
{
	struct event_stream stream = stream_of("comm_events", "comm_event");
	struct perf_sample sample = sample_of(&bash, sizeof(bash));

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, &stream, 1), 0);
	output_sample(&output, &stream, &sample);
	sample = sample_of(&odd, sizeof(odd));
	output_sample(&output, &stream, &sample);
	sample.size = 6;
	sample.has_origin = false;
	output_sample(&output, &stream, &sample);
	assert_string_equal(buf,
		"        TIME CPU     PID     UID         CGROUP   RESULT COMM\n"
		"12345.678901   3     812    1000     4294967297       -2 bash\n"
		"12345.678901   3 4194304 4294967295              1        0 \\x1b[31m\"\\\\\\n\xc3\xa4\n"
		"           -   - 4194304       -              -        - -\n");
}

/* What is open or empty at the end is not filled up: in the header, and in a row. */
static void table_without_blanks_at_the_end(void **state)
{
	static const struct comm_event nobody = {.comm = ""}, blank = {.comm = "a  "};
	static const struct exec_event nothing = {1, STATE_BUSY, ""};
	struct event_stream streams[] = {
		stream_of("comms", "comm_event"), stream_of("execs", "exec_event"), stream_of("raw", NULL)};
	struct perf_sample samples[] = {sample_of(&nobody, sizeof(nobody)), sample_of(&blank, sizeof(blank)),
		sample_of(&nothing, sizeof(nothing)), sample_of("", 0)};

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, streams, 3), 0);
	output_sample(&output, &streams[0], &samples[0]);
	output_sample(&output, &streams[0], &samples[1]);
	output_sample(&output, &streams[1], &samples[2]);
	output_sample(&output, &streams[2], &samples[3]);
	assert_string_equal(buf, "        TIME EVENT CPU     PID     UID         CGROUP   RESULT COMM\n"
				 "12345.678901 comms   3       0       0              0        0\n"
				 "12345.678901 comms   3       0       0              0        0 a\n"
				 "        TIME EVENT CPU     PID    PPID STATE         PATH\n"
				 "12345.678901 execs   3     812       1 STATE_BUSY\n"
				 "        TIME EVENT CPU     PID DATA\n"
				 "12345.678901 raw     3     812\n");
}

static void table_of_several(void **state)
{
	struct event_stream streams[] = {stream_of("comm_events", "comm_event"), stream_of("exec_events", "exec_event"),
		stream_of("other_execs", "exec_event"), stream_of("raw", NULL)};
	struct perf_sample samples[] = {sample_of(&bash, sizeof(bash)), sample_of(&busy, sizeof(busy)),
		sample_of(&five, sizeof(five)), sample_of("\1\2\3", 3)};

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, streams, 4), 0);
	output_sample(&output, &streams[0], &samples[0]);
	output_sample(&output, &streams[1], &samples[1]);
	output_sample(&output, &streams[2], &samples[2]);
	output_sample(&output, &streams[3], &samples[3]);
	assert_string_equal(buf, "        TIME EVENT       CPU     PID     UID         CGROUP   RESULT COMM\n"
				 "12345.678901 comm_events   3     812    1000     4294967297       -2 bash\n"
				 "        TIME EVENT       CPU     PID    PPID STATE         PATH\n"
				 "12345.678901 exec_events   3     812       1 STATE_BUSY    /usr/bin/ls\n"
				 "12345.678901 other_execs   3     812 77777777 5             a\n"
				 "        TIME EVENT       CPU     PID DATA\n"
				 "12345.678901 raw           3     812 010203\n");
}

/* A header comes again if a name, a width or the number of columns is another, and is not missed if none is. */
static void table_of_alike(void **state)
{
	struct event_stream streams[] = {stream_of("long_name_that_is_cut_nowhere", "alike_x"),
		stream_of("xy", "alike_xy"), stream_of("xz", "alike_xz"), stream_of("wide", "alike_wide"),
		stream_of("long", "alike_long")};
	static const u8 bytes[48] = "text";
	struct perf_sample sample = sample_of(bytes, sizeof(bytes));

	(void)state;
	sample.time_ns = 7000000;
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, streams, 5), 0);
	for (size_t i = 0; i < 6; i++)
		output_sample(&output, &streams[i % 5], &sample);
	assert_string_equal(buf,
		"      TIME EVENT                    CPU     PID       X\n"
		"  0.007000 long_name_that_is_cut_nowhere   3     812 1954047348\n"
		"      TIME EVENT                    CPU     PID       X       Y\n"
		"  0.007000 xy                         3     812 1954047348       0\n"
		"      TIME EVENT                    CPU     PID       X       Z\n"
		"  0.007000 xz                         3     812 1954047348       0\n"
		"      TIME EVENT                    CPU     PID              X       Z\n"
		"  0.007000 wide                       3     812     1954047348       0\n"
		"      TIME EVENT                    CPU     PID X                                      Z\n"
		"  0.007000 long                       3     812 text                                   0\n"
		"      TIME EVENT                    CPU     PID       X\n"
		"  0.007000 long_name_that_is_cut_nowhere   3     812 1954047348\n");
}

/* Texts in memory of all sizes: nothing is written behind their end, however long a map's name. */
static void small_texts(void **state)
{
	char name[DECODE_NAME_MAX + 1];
	struct event_stream streams[] = {stream_of(name, NULL), stream_of("arrays", "arrays")};
	static const u8 bytes[200];
	struct perf_sample sample = sample_of(bytes, sizeof(bytes));

	(void)state;
	memset(name, '\033', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (int format = FORMAT_TABLE; format <= FORMAT_RAW; format++)
		for (size_t size = 1; size < 2500; size += 1 + size / 64) {
			char *small = malloc(size);

			text = text_in(small, size);
			assert_int_equal(
				output_init(&output, &arena, (enum output_format)format, &text, streams, 2), 0);
			output_sample(&output, &streams[0], &sample);
			output_sample(&output, &streams[1], &sample);
			assert_true(text.len < size);
			free(small);
		}
}

static void table_of_all_kinds(void **state)
{
	struct nested n = {.from = {.port = 80, .v4 = 0x0100007f, .next = {9}}, .id = 5, .x = 1, .y = 2, .last = 3};
	struct event_stream streams[] = {stream_of("n", "nested"), stream_of("v", "values")};
	struct perf_sample sample = sample_of(&n, sizeof(n));
	struct values v = {
		.i = 1, .j = '\033', .k = STATE_GONE, .l = (void *)0x10, .m = 5, .n = -5, .o = 0.5f, .p = -1e99};
	char *line;

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, streams, 1), 0);
	output_sample(&output, &streams[0], &sample);
	assert_string_equal(buf,
		"        TIME CPU     PID FROM.PORT FROM.V4 FROM.BYTES FROM.NEXT.DEEP             ID       X       Y  "
		"N.WORD "
		"N.HALVES         LAST\n"
		"12345.678901   3     812        80 16777343 7f000001                9              5       1       2"
		"       0 [0,0]               3\n");
	text = text_in(buf, sizeof(buf));
	sample = sample_of(&v, sizeof(v));
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, &streams[1], 1), 0);
	output_sample(&output, &streams[1], &sample);
	line = strchr(buf, '\n') + 1;
	assert_string_equal(line + 24,
		"   0    0     0      0       0        0              0               0 true  \\x1b "
		"STATE_GONE    0x10                                  5                    -5        0.5 "
		"-9.9999999999999997e+98\n");
}

static void table_of_arrays(void **state)
{
	struct arrays a = {
		.name = "ab", .numbers = {-1, 2}, .mac = {0xde, 0xad}, .names = {"x", "\033"}, .pairs = {{.port = 1}}};
	struct event_stream stream = stream_of("a", "arrays");
	struct perf_sample sample = sample_of(&a, sizeof(a));
	char *line;

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_TABLE, &text, &stream, 1), 0);
	output_sample(&output, &stream, &sample);
	line = strchr(buf, '\n') + 1;
	assert_string_equal(line + 25,
		"ab       [-1,2,0,0]       dead00000000 [0,0,0]          [[0,0,0],[0,0,0]] [\"x\",\"\\u001b\"]   "
		"[{\"port\":1,\"v4\":0,\"bytes\":[0,0,0,0],\"next\":{\"deep\":0}},"
		"{\"port\":0,\"v4\":0,\"bytes\":[0,0,0,0],\"next\":{\"deep\":0}}] "
		"[false,false,false] [\"STATE_IDLE\",\"STATE_IDLE\"] [\"0x0\",\"0x0\"]    []               []          "
		"        0\n");
}

/* Nothing in an event reaches the terminal as a command, whatever its bytes. */
static void quiet_terminal(void **state)
{
	static const char *const types[] = {"values", "arrays", "comm_event", "open_string"};
	u8 bytes[300];

	(void)state;
	srand(3);
	for (int round = 0; round < 2000; round++) {
		struct event_stream stream = stream_of("events", types[(size_t)round % ARRAY_SIZE(types)]);
		struct perf_sample sample = sample_of(bytes, (u32)rand() % sizeof(bytes));

		for (size_t n = 0; n < sizeof(bytes); n++)
			bytes[n] = (u8)(rand() % 8 ? 0x80 + rand() % 0x80 : rand());
		for (size_t n = 0; n < sizeof(bytes); n += (size_t)(rand() % 9) + 2)
			memcpy(bytes + n, "\xc2\x9b", n + 2 <= sizeof(bytes) ? 2 : 0);
		text = text_in(buf, sizeof(buf));
		assert_int_equal(
			output_init(&output, &arena, round & 4 ? FORMAT_TABLE : FORMAT_JSON, &text, &stream, 1), 0);
		output_sample(&output, &stream, &sample);
		for (size_t n = 0; n < text.len; n++) {
			assert_true((u8)buf[n] >= 0x20 || (buf[n] == '\n' && (buf[n + 1] == '\0' || round & 4)));
			assert_true(buf[n] != 0x7f);
			assert_false((u8)buf[n] == 0xc2 && (u8)buf[n + 1] < 0xa0);
		}
	}
}

static void raw(void **state)
{
	struct event_stream streams[] = {
		stream_of("a", "comm_event"), stream_of("b", "open_numbers"), stream_of("c", NULL)};
	static const u8 bytes[64] = {1, 2, 3};
	static const struct {
		u32 stream, size, expected;
	} cases[] = {
		{0, 40, 40}, {0, 44, 40}, {0, 47, 40}, {0, 48, 48}, {0, 20, 20}, {0, 0, 0}, {1, 8, 8}, {2, 12, 12}};

	(void)state;
	assert_int_equal(output_init(&output, &arena, FORMAT_RAW, &text, streams, 3), 0);
	assert_int_equal(sizeof(struct comm_event), 40);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct perf_sample sample = sample_of(bytes, cases[i].size);
		size_t before = text.len;

		output_sample(&output, &streams[cases[i].stream], &sample);
		assert_int_equal(text.len - before, cases[i].expected);
		assert_memory_equal(buf + before, bytes, cases[i].expected);
	}
}

/* Events are not torn apart by a buffer that ends within one. */
static void whole_lines(void **state)
{
	struct event_stream streams[] = {stream_of("values", "values"), stream_of("wide", "wide")};
	static u8 bytes[sizeof(struct wide)];
	struct perf_sample sample = sample_of(bytes, sizeof(struct values)), large = sample_of(bytes, 4 * 1800);
	char small[OUTPUT_BUFFER_MIN], got[OUTPUT_BUFFER_MIN];
	u32 events = 0, lines = 0, writes = 0, torn = 0;
	int fds[2];

	(void)state;
	/* Each write to a socket of packets is a packet. */
	assert_int_equal(pipe2(fds, O_DIRECT), 0);
	text = text_to(fds[1], small, sizeof(small));
	assert_int_equal(output_init(&output, &arena, FORMAT_JSON, &text, streams, 2), 0);
	/* One that is longer than the buffer is, of course; those behind it are not. */
	for (; events < 150; events++)
		output_sample(&output, &streams[events == 10], events == 10 ? &large : &sample);
	text_flush(&text);
	close(fds[1]);
	for (ssize_t n; (n = read(fds[0], got, sizeof(got))) > 0; writes++) {
		torn += got[0] != '{';
		for (ssize_t i = 0; i < n; i++)
			lines += got[i] == '\n';
	}
	close(fds[0]);
	assert_int_equal(lines, events);
	assert_int_equal(torn, 1);
	assert_true(writes <= 14);
}

static int fails_with(const char *path)
{
	struct event_stream stream = stream_of("wide", "wide");
	static u8 bytes[sizeof(struct wide)];
	struct perf_sample sample = sample_of(bytes, sizeof(bytes));
	static char small[OUTPUT_BUFFER_MIN];
	int fds[2], fd;

	if (path) {
		fd = open(path, O_WRONLY);
	} else {
		assert_int_equal(pipe(fds), 0);
		close(fds[0]);
		fd = fds[1];
	}
	text = text_to(fd, small, sizeof(small));
	for (int format = FORMAT_TABLE; format <= FORMAT_RAW; format++) {
		assert_int_equal(output_init(&output, &arena, (enum output_format)format, &text, &stream, 1), 0);
		output_sample(&output, &stream, &sample);
		output_sample(&output, &stream, &sample);
	}
	text_flush(&text);
	close(fd);
	return text.error;
}

static void no_one_listens(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(fails_with(NULL), -EPIPE);
	assert_int_equal(fails_with("/dev/full"), -ENOSPC);
	assert_int_equal(fails_with("/dev/null"), 0);
}

static void no_memory(void **state)
{
	struct event_stream streams[] = {stream_of("a", "nested"), stream_of("b", NULL)};
	long n = 0;

	(void)state;
	do
		arena_fail_after(n++);
	while (output_init(&output, &arena, FORMAT_TABLE, &text, streams, 2) == -ENOMEM);
	assert_true(n > 10);
}

#define OUTPUT_TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	return RUN(OUTPUT_TEST(json), OUTPUT_TEST(json_for_others), OUTPUT_TEST(table),
		OUTPUT_TEST(table_without_blanks_at_the_end), OUTPUT_TEST(table_of_several),
		OUTPUT_TEST(table_of_alike), OUTPUT_TEST(small_texts), OUTPUT_TEST(table_of_all_kinds),
		OUTPUT_TEST(table_of_arrays), OUTPUT_TEST(quiet_terminal), OUTPUT_TEST(raw), OUTPUT_TEST(whole_lines),
		OUTPUT_TEST(no_one_listens), OUTPUT_TEST(no_memory));
}
