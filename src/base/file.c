/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * file.c: small files, whole. See file.h.
 */
#include <linux/errno.h>
#include "base/file.h"
#include "base/memory.h"
#include "base/sys.h"

#define LINE_LONGEST 4095

static long read_retrying(int fd, void *buf, size_t len)
{
	long n;

	do
		n = sys_read(fd, buf, len);
	while (n == -EINTR);
	return n;
}

/* Fills `buf` as far as the file reaches. */
static long read_full(int fd, u8 *buf, size_t size)
{
	size_t done = 0;

	while (done < size) {
		long n = read_retrying(fd, buf + done, size - done);

		if (n < 0)
			return n;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (long)done;
}

/* The size seek promises, or a guess: proc and sysfs know none. Reading on is what finds the truth. */
static size_t first_guess(int fd, size_t limit)
{
	long end = sys_lseek(fd, 0, SEEK_END);

	sys_lseek(fd, 0, SEEK_SET);
	return end > 0 && (size_t)end <= limit ? (size_t)end + 1 : 4096;
}

static int read_open_file(struct arena *arena, struct error *error, int fd, size_t limit, struct bytes *out)
{
	size_t size = first_guess(fd, limit), len = 0;
	u8 *data = arena_alloc(arena, size + 1);

	for (;;) {
		long n = data ? read_full(fd, data + len, size - len) : -ENOMEM;
		u8 *larger;

		if (n < 0)
			return error_set(error, (int)-n, "cannot be read");
		len += (size_t)n;
		if (len > limit)
			return error_set(error, EFBIG, "is larger than %zu bytes", limit);
		if (len < size)
			break;
		larger = arena_alloc(arena, size * 2 + 1);
		if (larger)
			memcpy(larger, data, len);
		data = larger;
		size *= 2;
	}
	data[len] = '\0';
	*out = (struct bytes){data, len};
	return 0;
}

int file_read(struct arena *arena, struct error *error, const char *path, size_t limit, struct bytes *out)
{
	/* A pipe nobody writes to is empty, and not to be waited for; to plain files O_NONBLOCK means nothing. */
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK);
	int err;

	if (fd < 0) {
		error_set(error, -fd, "cannot be opened");
		return error_in(error, "%s", path);
	}
	err = read_open_file(arena, error, fd, limit, out);
	sys_close(fd);
	return err ? error_in(error, "%s", path) : 0;
}

long file_read_line(const char *path, char *buf, size_t size)
{
	int fd = sys_open(path, O_RDONLY);
	long n = fd;

	if (fd >= 0) {
		n = read_full(fd, (u8 *)buf, size - 1);
		sys_close(fd);
	}
	buf[n > 0 ? n : 0] = '\0';
	while (n > 0 && buf[n - 1] == '\n')
		buf[--n] = '\0';
	return n;
}

int file_each_line(const char *path, int (*visit)(void *context, char *line), void *context)
{
	int fd = sys_open(path, O_RDONLY);
	char buf[LINE_LONGEST + 2]; /* the newline, and a NUL */
	bool is_full, is_rest = false;
	size_t len = 0;
	int result = 0;

	if (fd < 0)
		return fd;
	while (!result) {
		long n = read_retrying(fd, buf + len, sizeof(buf) - 1 - len);
		char *line = buf;
		const char *end;

		if (n < 0 || (n == 0 && !len)) {
			result = (int)n;
			break;
		}
		len += (size_t)n;
		/* The last line of a file may lack its newline, and a line may be longer than the buffer. */
		is_full = len == sizeof(buf) - 1 && !byte_find(buf, len, '\n');
		if (n == 0 || is_full)
			buf[len < sizeof(buf) - 1 ? len++ : len - 1] = '\n';
		while (!result && (end = byte_find(line, len, '\n'))) {
			line[end - line] = '\0';
			result = is_rest ? 0 : visit(context, line);
			is_rest = is_full;
			len -= (size_t)(end + 1 - line);
			line += end + 1 - line;
		}
		memmove(buf, line, len);
	}
	sys_close(fd);
	return result;
}

int file_write_once(int fd, const void *data, size_t len)
{
	long n = sys_write(fd, data, len);

	return n < 0 ? (int)n : (size_t)n == len ? 0 : -EIO;
}
