/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_text.c: text_printf() against the C library's, JSON against its grammar, and writers that fail.
 */
#include <sys/socket.h>
#include <unistd.h>
#include "unit.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"

/* Formats with both and compares; the buffer is exactly large enough, so that one byte more would be seen. */
#define SAME(...)                                                                            \
	do {                                                                                 \
		char expected[4096];                                                         \
		size_t size = (size_t)snprintf(expected, sizeof(expected), __VA_ARGS__) + 1; \
		char *got = malloc(size);                                                    \
		struct text t = text_in(got, size);                                          \
		text_printf(&t, __VA_ARGS__);                                                \
		assert_string_equal(got, expected);                                          \
		assert_int_equal(t.len, size - 1);                                           \
		assert_false(t.cut);                                                         \
		free(got);                                                                   \
	} while (0)

static void printf_numbers(void **state)
{
	static const long long numbers[] = {0, 1, -1, 9, 10, 99, 100, 4294967295LL, 4294967296LL, 2147483647,
		-2147483647 - 1, 0x7fffffffffffffffLL, -0x7fffffffffffffffLL - 1, 10000000000000000LL};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		long long n = numbers[i];

		SAME("%d|%u|%x", (int)n, (unsigned int)n, (unsigned int)n);
		SAME("%ld|%lu|%lx", (long)n, (unsigned long)n, (unsigned long)n);
		SAME("%lld|%llu|%llx", n, (unsigned long long)n, (unsigned long long)n);
		SAME("%zu|%zx", (size_t)n, (size_t)n);
	}
}

static void printf_widths(void **state)
{
	static const int widths[] = {0, 1, 2, 5, 11, 20, 40};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++) {
		int w = widths[i];

		SAME("[%*d][%-*d][%0*u]", w, -42, w, -42, w, 42u);
		SAME("[%*u][%-*u][%0*x]", w, 42u, w, 42u, w, 0xabcu);
		SAME("[%*s][%-*s][%.*s][%*.*s]", w, "text", w, "text", w, "text", w, w / 2, "text");
		SAME("[%*c][%-*c]", w, 'x', w, 'x');
	}
	SAME("%5d|%-5d|%05d|%3s|%-3s|%.2s|%08llx|%016lx|%%", 7, 7, 7, "a", "a", "abc", 0xabcdULL, 0xabUL);
}

static void printf_strings(void **state)
{
	char unterminated[3] = {'a', 'b', 'c'};
	const char *volatile nothing = NULL; /* or the compiler sees through it and warns */
	char buf[16];
	struct text cut;

	(void)state;
	SAME("%s", "");
	SAME("no conversion");
	SAME("%s", nothing);
	/* A precision stops before the missing NUL. (The sanitizer's own printf() does not.) */
	cut = text_in(buf, sizeof(buf));
	text_printf(&cut, "%.3s|%.2s|%.0s", unterminated, unterminated, unterminated);
	assert_string_equal(buf, "abc|ab|");
	SAME("%c%c%c", 'a', '%', 'z');
	SAME("%s %s", "one", "two");
}

static void cut_in_memory(void **state)
{
	(void)state;
	for (size_t size = 1; size < 16; size++) {
		char *buf = malloc(size);
		struct text t = text_in(buf, size);

		text_printf(&t, "%s-%d", "abcdef", 1234);
		assert_int_equal(t.cut, size < sizeof("abcdef-1234"));
		assert_int_equal(t.len, MIN(size, sizeof("abcdef-1234")) - 1);
		assert_memory_equal(buf, "abcdef-1234", t.len);
		assert_int_equal(buf[t.len], '\0');
		free(buf);
	}
}

static void decimals(void **state)
{
	static const u64 numbers[] = {0, 9, 10, 4294967295u, 4294967296u, 99999999999ULL, U64_MAX};
	char buf[64], expected[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct text t = text_in(buf, sizeof(buf));

		text_decimal(&t, numbers[i]);
		snprintf(expected, sizeof(expected), "%llu", numbers[i]);
		assert_string_equal(buf, expected);
	}
}

static void repeats(void **state)
{
	char buf[8];
	struct text t = text_in(buf, sizeof(buf));

	(void)state;
	text_repeat(&t, '-', 0);
	assert_string_equal(buf, "");
	text_repeat(&t, '-', 3);
	text_char(&t, '>');
	assert_string_equal(buf, "--->");
	assert_false(t.cut);
	text_repeat(&t, 'x', 100);
	assert_string_equal(buf, "--->xxx");
	assert_true(t.cut);
}

static void json(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", "\"\""},
		{"plain", "\"plain\""},
		{"a\"b\\c", "\"a\\\"b\\\\c\""},
		{"line\nfeed\ttab\r", "\"line\\nfeed\\u0009tab\\u000d\""},
		{"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
		{"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\x9d", "\"\xc3\xa4 \xe2\x82\xac \xf0\x9f\x90\x9d\""},
		{"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf", "\"\xed\x9f\xbf\xee\x80\x80\xf4\x8f\xbf\xbf\""},
		/* not UTF-8: alone, cut short, overlong, a surrogate, above U+10FFFF */
		{"\xff", "\"\\u00ff\""},
		{"\x80x", "\"\\u0080x\""},
		{"\xc3", "\"\\u00c3\""},
		{"\xe2\x82", "\"\\u00e2\\u0082\""},
		{"\xe2\x82z", "\"\\u00e2\\u0082z\""},
		{"\xc0\xaf", "\"\\u00c0\\u00af\""},
		{"\xc1\xbf", "\"\\u00c1\\u00bf\""},
		{"\xe0\x9f\xbf", "\"\\u00e0\\u009f\\u00bf\""},
		{"\xed\xa0\x80", "\"\\u00ed\\u00a0\\u0080\""},
		{"\xf0\x8f\xbf\xbf", "\"\\u00f0\\u008f\\u00bf\\u00bf\""},
		{"\xf4\x90\x80\x80", "\"\\u00f4\\u0090\\u0080\\u0080\""},
		{"\xf5\x80\x80\x80", "\"\\u00f5\\u0080\\u0080\\u0080\""},
		{"\xf0\x9f\x90"
		 "A",
			"\"\\u00f0\\u009f\\u0090A\""},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char buf[128];
		struct text t = text_in(buf, sizeof(buf));
		char *in = (char *)exact_copy(cases[i].in, strlen(cases[i].in));

		text_json(&t, in, strlen(cases[i].in));
		assert_string_equal(buf, cases[i].out);
		free(in);
	}
}

/* A NUL inside is a character like any other, and every single byte gives something that ends in a quote. */
static void json_every_byte(void **state)
{
	char buf[64];

	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		struct text t = text_in(buf, sizeof(buf));
		char c = (char)byte;

		text_json(&t, &c, 1);
		assert_int_equal(buf[0], '"');
		assert_int_equal(buf[t.len - 1], '"');
		assert_true(t.len == 3 || t.len == 4 || t.len == 8);
		for (size_t i = 0; i < t.len; i++)
			assert_true(buf[i] >= 0x20 && buf[i] < 0x7f);
	}
}

/* Nothing that comes out moves a cursor. */
static void visible(void **state)
{
	static const struct {
		const char *in, *out;
		size_t columns;
	} cases[] = {
		{"", "", 0},
		{"plain text", "plain text", 10},
		{"a\nb", "a\\nb", 4},
		{"a\\b", "a\\\\b", 4},
		{"\x1b[31m", "\\x1b[31m", 8},
		{"\t\x7f", "\\x09\\x7f", 8},
		{"\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac", 2},
		{"\xc2\x9b"
		 "1m",
			"\\xc2\\x9b1m", 10}, /* U+009B is ESC [ to a terminal */
		{"\xc2\xa0", "\xc2\xa0", 1},
		{"\xff\xfe", "\\xff\\xfe", 8},
		{"ok\xe2\x82", "ok\\xe2\\x82", 10},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char buf[128], *in = (char *)exact_copy(cases[i].in, strlen(cases[i].in));
		struct text t = text_in(buf, sizeof(buf));

		assert_int_equal(text_visible(&t, in, strlen(cases[i].in)), cases[i].columns);
		assert_string_equal(buf, cases[i].out);
		free(in);
	}
}

/* What %s writes to a file is for people: a line with %s, lines with %.*s; in memory it stays as it is. */
static void strings_in_files(void **state)
{
	static const char hostile[] = "a\tb\n\x1b[2J\r\\\"\x7f\xc2\x9b\xc3\xa4",
			  line[] = "<a\tb\\n\\x1b[2J\\x0d\\\"\\x7f\\xc2\\x9b\xc3\xa4>", lines[] = "<a\tb\n\\x1b[2J>";
	char buf[64], got[128];
	struct text t;
	int fds[2];

	(void)state;
	assert_int_equal(sys_pipe(fds), 0);
	t = text_to(fds[1], buf, sizeof(buf));
	text_printf(&t, "<%s><%.*s>%-4s|%4s|\x1b", hostile, 8, hostile, "x", "y");
	assert_int_equal(text_flush(&t), 0);
	assert_int_equal(sys_read(fds[0], got, sizeof(got)), sizeof(line) - 1 + sizeof(lines) - 1 + 11);
	assert_memory_equal(got, line, sizeof(line) - 1);
	assert_memory_equal(got + sizeof(line) - 1, lines, sizeof(lines) - 1);
	assert_memory_equal(got + sizeof(line) - 1 + sizeof(lines) - 1, "x   |   y|\x1b", 11);
	sys_close(fds[0]);
	sys_close(fds[1]);
	t = text_in(buf, sizeof(buf));
	text_printf(&t, "%s", hostile);
	assert_string_equal(buf, hostile);
}

/* Room in one piece: with a descriptor what is there is written out first, without one there is an end. */
static void rooms(void **state)
{
	char buf[16], got[64], *p;
	struct text t = text_in(buf, sizeof(buf));
	int fds[2];

	(void)state;
	text_string(&t, "0123456789");
	p = text_room(&t, 5);
	assert_ptr_equal(p, buf + 10);
	memcpy(p, "abc", 3);
	text_wrote(&t, p + 3);
	assert_string_equal(buf, "0123456789abc");
	assert_false(t.cut);
	assert_null(text_room(&t, 3));
	assert_true(t.cut);

	assert_int_equal(sys_pipe(fds), 0);
	t = text_to(fds[1], buf, sizeof(buf));
	text_string(&t, "0123456789");
	p = text_room(&t, 10);
	assert_ptr_equal(p, buf);
	memcpy(p, "abcdefghij", 10);
	text_wrote(&t, p + 10);
	assert_int_equal(text_flush(&t), 0);
	assert_int_equal(sys_read(fds[0], got, sizeof(got)), 20);
	assert_memory_equal(got, "0123456789abcdefghij", 20);
	sys_close(fds[0]);
	sys_close(fds[1]);
}

/* What comes out of a pipe is what went in, whatever the size of the buffer. */
static void flush_to_pipe(void **state)
{
	(void)state;
	for (size_t size = 2; size < 40; size++) {
		char *buf = malloc(size), got[4096], expected[4096];
		size_t len = 0;
		int fds[2];
		struct text t;

		assert_int_equal(sys_pipe(fds), 0);
		t = text_to(fds[1], buf, size);
		for (int i = 0; i < 30; i++) {
			text_printf(&t, "line %d of %s\n", i, "many");
			len += (size_t)snprintf(expected + len, sizeof(expected) - len, "line %d of %s\n", i, "many");
		}
		assert_int_equal(text_flush(&t), 0);
		assert_int_equal(t.len, 0);
		assert_false(t.cut);
		assert_int_equal(sys_read(fds[0], got, sizeof(got)), len);
		assert_memory_equal(got, expected, len);
		sys_close(fds[0]);
		sys_close(fds[1]);
		free(buf);
	}
}

static void flush_errors(void **state)
{
	char buf[16];
	struct text t = text_to(-1, buf, sizeof(buf));
	int fds[2];

	(void)state;
	/* No descriptor: nothing to do. */
	t = text_in(buf, sizeof(buf));
	text_string(&t, "abc");
	assert_int_equal(text_flush(&t), 0);
	assert_string_equal(buf, "abc");

	/* A descriptor that cannot be written to: the first error stays, and later text is dropped, not kept. */
	assert_int_equal(sys_pipe(fds), 0);
	t = text_to(fds[0], buf, sizeof(buf));
	text_repeat(&t, 'x', 1000);
	assert_int_equal(text_flush(&t), -EBADF);
	assert_int_equal(t.error, -EBADF);
	text_string(&t, "more");
	assert_int_equal(text_flush(&t), -EBADF);

	/* A reader that has gone. */
	sys_sigprocmask(SIG_BLOCK, SIGNAL_BIT(SIGPIPE), NULL);
	sys_close(fds[0]);
	t = text_to(fds[1], buf, sizeof(buf));
	text_string(&t, "abc");
	assert_int_equal(text_flush(&t), -EPIPE);
	sys_close(fds[1]);
}

/* The reader at the other end of a socket: takes what is there whenever the writer waits, up to some bytes in all. */
struct reader {
	int fd;
	size_t got, most;
	char bytes[1 << 20];
};

static bool read_some(void *context)
{
	struct reader *reader = context;
	size_t left = reader->most - reader->got;
	long n = left ? sys_read(reader->fd, reader->bytes + reader->got, left) : 0;

	reader->got += n > 0 ? (size_t)n : 0;
	return n > 0;
}

/* A socket that is full makes the writer wait, not write(2); what came before is there, whole and in order. */
static void flush_to_socket(void **state)
{
	static struct reader reader;
	char buf[1000], expected[16];

	(void)state;
	for (size_t most = 0; most <= sizeof(reader.bytes); most += sizeof(reader.bytes)) {
		int fds[2];
		struct text t;

		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		reader = (struct reader){.fd = fds[0], .most = most};
		t = text_to(fds[1], buf, sizeof(buf));
		t.is_socket = true;
		t.wait = read_some;
		t.context = &reader;
		for (u32 i = 0; i < sizeof(reader.bytes) / 8; i++)
			text_printf(&t, "%08u", i);
		assert_int_equal(text_flush(&t), most ? 0 : -EAGAIN);
		while (most && reader.got < most)
			assert_true(read_some(&reader));
		for (u32 i = 0; i < most / 8; i++) {
			snprintf(expected, sizeof(expected), "%08u", i);
			assert_memory_equal(reader.bytes + (size_t)i * 8, expected, 8);
		}
		sys_close(fds[0]);
		sys_close(fds[1]);
	}
}

/* A device that refuses all. */
static void flush_full_device(void **state)
{
	char buf[64];
	int fd = sys_open("/dev/full", O_WRONLY);
	struct text t = text_to(fd, buf, sizeof(buf));

	(void)state;
	if (fd < 0) {
		print_message("there is no /dev/full\n");
		skip();
	}
	text_string(&t, "abc");
	assert_int_equal(text_flush(&t), -ENOSPC);
	sys_close(fd);
}

int main(void)
{
	return RUN(TEST(printf_numbers), TEST(printf_widths), TEST(printf_strings), TEST(cut_in_memory), TEST(decimals),
		TEST(repeats), TEST(json), TEST(json_every_byte), TEST(visible), TEST(strings_in_files), TEST(rooms),
		TEST(flush_to_pipe), TEST(flush_to_socket), TEST(flush_errors), TEST(flush_full_device));
}
