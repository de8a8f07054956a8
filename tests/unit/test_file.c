/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_file.c: files whole and line by line: of any length, without a size, without a last newline.
 */
#include <unistd.h>
#include "unit.h"
#include "base/sys.h"

static char path[] = "/tmp/unit-file-XXXXXX";

static void put(const void *data, size_t len)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
}

static void whole_of_any_size(void **state)
{
	static const size_t sizes[] = {0, 1, 4095, 4096, 4097, 8192, 100000};
	u8 *data = malloc(100000);

	(void)state;
	for (size_t i = 0; i < 100000; i++)
		data[i] = (u8)(i * 31 >> 3);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct arena arena = {0};
		struct error e = {0};
		struct bytes bytes;

		put(data, sizes[i]);
		assert_no_error(&e, file_read(&arena, &e, path, 100000, &bytes));
		assert_int_equal(bytes.size, sizes[i]);
		assert_memory_equal(bytes.data, data, sizes[i]);
		assert_int_equal(bytes.data[bytes.size], 0);
		arena_release(&arena);
	}
	free(data);
}

/* proc promises size 0 and holds more. */
static void whole_of_unknown_size(void **state)
{
	struct arena arena = {0};
	struct error e = {0};
	struct bytes bytes;

	(void)state;
	assert_no_error(&e, file_read(&arena, &e, "/proc/self/maps", 1 << 20, &bytes));
	assert_true(bytes.size > 4096);
	arena_release(&arena);
	assert_no_error(&e, file_read(&arena, &e, "/proc/version", 4096, &bytes));
	assert_memory_equal(bytes.data, "Linux", 5);
	arena_release(&arena);
}

/* Two parts, one of which reaches beyond the end; and one that lies there. What is between them reads as zeros. */
static bool next_part(struct bytes file, u32 index, struct file_part *part)
{
	static const struct file_part parts[] = {{3, 5}, {99999, 1000}, {100001, 1}, {~0ull, ~0ull}};

	assert_int_equal(file.data[3], index ? 'x' : 0);
	if (index < ARRAY_SIZE(parts))
		*part = parts[index];
	return index < ARRAY_SIZE(parts);
}

static bool no_part(struct bytes file, u32 index, struct file_part *part)
{
	(void)file, (void)index, (void)part;
	return false;
}

static void parts_of_a_large_file(void **state)
{
	struct arena arena = {0};
	struct error e = {0};
	struct bytes bytes;
	char data[100001];

	(void)state;
	memset(data, 'x', sizeof(data));
	put(data, sizeof(data));
	assert_no_error(&e, file_read_parts(&arena, &e, path, 100001, next_part, &bytes));
	assert_int_equal(bytes.size, sizeof(data));
	assert_memory_equal(bytes.data, "\0\0\0xxxxx\0", 9);
	assert_memory_equal(bytes.data + 99998, "\0xx\0", 4);
	for (size_t i = 8; i < 99999; i++)
		assert_int_equal(bytes.data[i], 0);
	assert_error(&e, file_read_parts(&arena, &e, path, 100000, next_part, &bytes), EFBIG, "larger than 100000");
	/* A small one is read whole. */
	put(data, 65535);
	assert_no_error(&e, file_read_parts(&arena, &e, path, 100000, no_part, &bytes));
	assert_int_equal(bytes.size, 65535);
	assert_memory_equal(bytes.data, data, 65535);
	arena_release(&arena);
}

static void whole_with_errors(void **state)
{
	struct arena arena = {0};
	struct error e = {0};
	struct bytes bytes;

	(void)state;
	assert_error(
		&e, file_read(&arena, &e, "/nonexistent/x", 10, &bytes), ENOENT, "/nonexistent/x: cannot be opened");
	assert_error(&e, file_read(&arena, &e, "/tmp", 10, &bytes), EISDIR, "/tmp: cannot be read");
	put("0123456789", 10);
	assert_no_error(&e, file_read(&arena, &e, path, 10, &bytes));
	assert_error(&e, file_read(&arena, &e, path, 9, &bytes), EFBIG, "is larger than 9 bytes");
	assert_error(&e, file_read(&arena, &e, path, 0, &bytes), EFBIG, "is larger than 0 bytes");
	assert_error(&e, file_read(&arena, &e, "/dev/zero", 100000, &bytes), EFBIG, "/dev/zero: is larger");
	arena_release(&arena);
}

static void whole_without_memory(void **state)
{
	(void)state;
	for (long n = 0;; n++) {
		struct arena arena = {0};
		struct error e = {0};
		struct bytes bytes;
		int err;

		arena_fail_after(n);
		err = file_read(&arena, &e, "/proc/self/maps", 1 << 20, &bytes);
		arena_fail_after(-1);
		arena_release(&arena);
		if (!err)
			break;
		assert_error(&e, err, ENOMEM, "/proc/self/maps");
		assert_true(n < 20);
	}
	assert_int_equal(arena_live(), 0);
}

static void first_line(void **state)
{
	char buf[16];

	(void)state;
	put("ab\n\n", 4);
	assert_int_equal(file_read_line(path, buf, sizeof(buf)), 2);
	assert_string_equal(buf, "ab");
	put("0123456789abcdefghi", 19);
	assert_int_equal(file_read_line(path, buf, sizeof(buf)), 15);
	assert_string_equal(buf, "0123456789abcde");
	put("", 0);
	assert_int_equal(file_read_line(path, buf, sizeof(buf)), 0);
	assert_string_equal(buf, "");
	buf[0] = 'x';
	assert_int_equal(file_read_line("/nonexistent", buf, sizeof(buf)), -ENOENT);
	assert_string_equal(buf, "");
}

struct lines {
	char text[65536];
	size_t len;
	int count, stop_at;
};

static int note(void *context, char *line)
{
	struct lines *lines = context;

	lines->len += (size_t)sprintf(lines->text + lines->len, "%s|", line);
	return ++lines->count == lines->stop_at ? 7 : 0;
}

static void each_line(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{"", ""},
		{"\n", "|"},
		{"a", "a|"},
		{"a\n", "a|"},
		{"a\nb", "a|b|"},
		{"a\n\nb\n", "a||b|"},
		{"\n\n", "||"},
	};
	struct lines *lines = malloc(sizeof(*lines));

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		*lines = (struct lines){0};
		put(cases[i].in, strlen(cases[i].in));
		assert_int_equal(file_each_line(path, note, lines), 0);
		assert_string_equal(lines->text, cases[i].out);
	}
	*lines = (struct lines){.stop_at = 2};
	put("a\nb\nc\n", 6);
	assert_int_equal(file_each_line(path, note, lines), 7);
	assert_string_equal(lines->text, "a|b|");
	assert_int_equal(file_each_line("/nonexistent", note, lines), -ENOENT);
	assert_int_equal(file_each_line("/tmp", note, lines), -EISDIR);
	free(lines);
}

/* Lines around the size of the buffer, with and without a newline at the end of the file: a line longer than 4095
 * characters is cut to that, and its rest is no line of its own. */
static void long_lines(void **state)
{
	static const size_t lengths[] = {4093, 4094, 4095, 4096, 4097, 4098, 8190, 8191, 8192, 8193, 12285, 15000};
	struct lines *lines = malloc(sizeof(*lines));
	char *data = malloc(20000);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++)
		for (int newline = 0; newline < 2; newline++) {
			size_t len = lengths[i];

			memset(data, 'x', len);
			memcpy(data + len, "\nshort\n", 7);
			put(data, len + 6 + (size_t)newline);
			*lines = (struct lines){0};
			assert_int_equal(file_each_line(path, note, lines), 0);
			assert_int_equal(lines->count, 2);
			assert_int_equal(strlen(lines->text), MIN(len, (size_t)4095) + 7);
			assert_string_equal(lines->text + MIN(len, (size_t)4095), "|short|");
			put(data, len + (size_t)newline);
			*lines = (struct lines){0};
			assert_int_equal(file_each_line(path, note, lines), 0);
			assert_int_equal(lines->count, 1);
			assert_int_equal(lines->len, MIN(len, (size_t)4095) + 1);
		}
	free(data);
	free(lines);
}

static void write_once(void **state)
{
	int fd = sys_open(path, O_WRONLY);

	(void)state;
	put("", 0);
	assert_int_equal(file_write_once(fd, "abc", 3), 0);
	sys_close(fd);
	fd = sys_open(path, O_RDONLY);
	assert_int_equal(file_write_once(fd, "abc", 3), -EBADF);
	sys_close(fd);
}

int main(void)
{
	int result;

	close(mkstemp(path));
	result = RUN(TEST(whole_of_any_size), TEST(whole_of_unknown_size), TEST(parts_of_a_large_file),
		TEST(whole_with_errors), TEST(whole_without_memory), TEST(first_line), TEST(each_line),
		TEST(long_lines), TEST(write_once));
	unlink(path);
	return result;
}
