/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * file.c: small files, whole; larger ones in parts. See file.h.
 */
#include <linux/errno.h>
#include <linux/stat.h>
#include "base/file.h"
#include "base/memory.h"
#include "base/sys.h"

#define WHOLE_MAX 65536 /* no larger file is read whole, if it may be read in parts */

static long read_retrying(int fd, u64 offset, void *buf, size_t len)
{
	long n;

	do
		n = offset == FILE_ON ? sys_read(fd, buf, len) : sys_pread(fd, buf, len, offset);
	while (n == -EINTR);
	return n;
}

long file_fill(int fd, u64 offset, void *buf, size_t size)
{
	size_t done = 0;

	while (done < size) {
		long n = read_retrying(fd, offset == FILE_ON ? offset : offset + done, (u8 *)buf + done, size - done);

		if (n < 0)
			return n;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (long)done;
}

u64 file_size(int fd)
{
	struct statx status;

	return sys_statx_fd(fd, STATX_SIZE, &status) ? 0 : status.stx_size;
}

/* The parts may be nonsense; in no sane file they are more, together, than twice the file. */
static long read_parts(int fd, u8 *data, size_t size, file_next_part *next)
{
	const struct bytes file = {data, size};
	size_t left = size * 2;
	struct file_part part;
	long n = 0;

	for (u32 i = 0; n >= 0 && next(file, i, &part); i++) {
		size_t len = part.offset < size ? (size_t)MIN(part.size, MIN(size - part.offset, left)) : 0;

		left -= len;
		if (len)
			n = file_fill(fd, part.offset, data + part.offset, len);
	}
	return n < 0 ? n : (long)size;
}

static int read_open_file(
	struct arena *arena, struct error *error, int fd, size_t limit, file_next_part *next, struct bytes *out)
{
	/* What the file system promises, or a guess: proc knows no sizes. Reading on is what finds the truth. */
	u64 promised = file_size(fd);
	size_t size = promised && promised <= limit ? (size_t)promised + 1 : 4096, len = 0;
	u8 *data = arena_alloc(arena, size + 1);
	bool in_parts = next && size > WHOLE_MAX;

	for (;;) {
		long n = !data      ? -ENOMEM
			 : in_parts ? read_parts(fd, data, size - 1, next)
				    : file_fill(fd, FILE_ON, data + len, size - len);
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

int file_read_parts(struct arena *arena, struct error *error, const char *path, size_t limit, file_next_part *next,
	struct bytes *out)
{
	/* A pipe nobody writes to is empty, and not to be waited for; but who opened it to write may take time. */
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK), err;

	sys_fcntl(fd, F_SETFL, 0);
	err = fd < 0 ? error_set(error, -fd, "cannot be opened") : read_open_file(arena, error, fd, limit, next, out);
	sys_close(fd);
	return err ? error_in(error, "%s", path) : 0;
}

int file_read(struct arena *arena, struct error *error, const char *path, size_t limit, struct bytes *out)
{
	return file_read_parts(arena, error, path, limit, NULL, out);
}

long file_read_line(const char *path, char *buf, size_t size)
{
	int fd = sys_open(path, O_RDONLY);
	long n = fd;

	if (fd >= 0) {
		n = file_fill(fd, FILE_ON, buf, size - 1);
		sys_close(fd);
	}
	buf[n > 0 ? n : 0] = '\0';
	while (n > 0 && buf[n - 1] == '\n')
		buf[--n] = '\0';
	return n;
}

int split_end(struct line_splitter *lines)
{
	size_t len = lines->len;

	lines->line[len] = '\0';
	lines->len = 0;
	return len ? lines->visit(lines->context, lines->line) : 0;
}

int split_lines(struct line_splitter *lines, const void *piece, size_t len)
{
	const char *p = piece, *end = p + len;
	int result = 0;

	while (!result && p < end) {
		const char *newline = byte_find(p, (size_t)(end - p), '\n');
		size_t more = (size_t)((newline ? newline : end) - p);
		size_t fits = MIN(more, sizeof(lines->line) - 1 - lines->len);

		memcpy(lines->line + lines->len, p, fits);
		lines->len += fits;
		p += more;
		if (!newline)
			break;
		p++;
		lines->line[lines->len] = '\0';
		lines->len = 0;
		result = lines->visit(lines->context, lines->line);
	}
	return result;
}

int file_each_line(const char *path, int (*visit)(void *context, char *line), void *context)
{
	struct line_splitter lines = {.visit = visit, .context = context};
	int fd = sys_open(path, O_RDONLY), result = 0;
	char buf[4096];
	long n = 0;

	if (fd < 0)
		return fd;
	while (!result && (n = read_retrying(fd, FILE_ON, buf, sizeof(buf))) > 0)
		result = split_lines(&lines, buf, (size_t)n);
	sys_close(fd);
	if (n < 0)
		return (int)n;
	return result ? result : split_end(&lines);
}

int file_write_once(int fd, const void *data, size_t len)
{
	long n = sys_write(fd, data, len);

	return n < 0 ? (int)n : (size_t)n == len ? 0 : -EIO;
}
