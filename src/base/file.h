/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * file.h: small files, whole; larger ones in parts.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/arena.h"
#include "base/error.h"

struct bytes {
	const u8 *data; /* an arena's */
	size_t size;
};

/*
 * Fills `buf` from `offset` on, or from where the last read ended (FILE_ON), as far as the file reaches. How many bytes
 * that were, or -errno.
 */
#define FILE_ON U64_MAX
long file_fill(int fd, u64 offset, void *buf, size_t size);

/* The size that the file system knows; 0 if it knows none. */
u64 file_size(int fd);

/*
 * Reads a file whole, of unknown size (proc, sysfs) or known, up to `limit` bytes, into the arena. Behind the
 * last byte stands a NUL that `size` does not count. Errors: those of open(2) and read(2); EISDIR for a
 * directory, EFBIG above the limit, ENOMEM; the message names the path.
 */
int file_read(struct arena *arena, struct error *error, const char *path, size_t limit, struct bytes *out);

/*
 * The same, but of a file larger than 64 KiB only the parts that `next` names are read, and the rest is zeros, which
 * take neither time nor memory. `next` is asked for part 0, 1, … with what has been read until then, and returns false
 * once there are no more. What of a part lies outside of the file is left out.
 */
struct file_part {
	u64 offset, size;
};
typedef bool file_next_part(struct bytes file, u32 index, struct file_part *part);
int file_read_parts(struct arena *arena, struct error *error, const char *path, size_t limit, file_next_part *next,
	struct bytes *out);

/*
 * Reads the start of a small text file, at most `size` - 1 bytes, NUL-terminated, without trailing newlines.
 * Returns its length, or -errno with an empty text.
 */
long file_read_line(const char *path, char *buf, size_t size);

/*
 * Text in pieces, taken apart into lines: `visit` is called for each, without its newline; a line longer than 4095
 * characters is cut. Once it returns non-zero there are no more calls, and that is the result; else 0. split_end()
 * comes behind the last piece, for a line without a newline.
 */
struct line_splitter {
	int (*visit)(void *context, char *line);
	void *context;
	/* The rest is file.c's. */
	size_t len;
	char line[4096];
};
int split_lines(struct line_splitter *lines, const void *piece, size_t len);
int split_end(struct line_splitter *lines);

/* The same for a text file of any length: what `visit` returned, or 0; -errno if the file cannot be read. */
int file_each_line(const char *path, int (*visit)(void *context, char *line), void *context);

/* Writes all of `len` bytes in one write(2); 0 or -errno (EIO if it took only some). */
int file_write_once(int fd, const void *data, size_t len);

#endif
