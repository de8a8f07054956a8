/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * text.h: text that grows in a buffer, and goes to a file when the buffer is full.
 *
 * One writer serves for messages, names and events. Without a descriptor the text is cut when the buffer is
 * full (and `cut` says so); with one, it is written out and the buffer starts afresh, so that a burst of events
 * costs as few write(2) calls as possible.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/types.h"

struct text {
	char *buf;      /* the caller's; while there is no fd, always ends in NUL */
	size_t size;    /* of buf, at least 1 */
	size_t len;     /* characters in buf */
	int fd;         /* where a full buffer goes, or -1 */
	int error;      /* 0, or the negative errno of the first write that failed; later text is dropped */
	bool cut;       /* something did not fit (only without fd) */
	bool is_socket; /* the fd: then no write waits */
	/* For an fd that does not block: waits until it can be written again; false gives up, with -EAGAIN. */
	bool (*wait)(void *context);
	void *context;
};

/* A text in memory, cut to `size` - 1 characters. */
struct text text_in(char *buf, size_t size);

/* A text that is written to `fd` whenever the buffer is full and at text_flush(). */
struct text text_to(int fd, char *buf, size_t size);

void text_char(struct text *t, char c);
void text_bytes(struct text *t, const void *bytes, size_t len);
void text_string(struct text *t, const char *s);
void text_decimal(struct text *t, u64 value);
/* `c`, `count` times. */
void text_repeat(struct text *t, char c, size_t count);

/*
 * printf's little sister: %c %s %d %u %x %%, with flags '-' and '0' (that one for numbers without a sign), width and
 * precision (numbers or '*'), and lengths l ll z. A NULL string prints as "(null)".
 *
 * Names come from anywhere. So, where there is a descriptor, %s writes control characters (but tabs) and bytes that are
 * no UTF-8 as \n or \x1b; %.*s is for pieces of text, and leaves newlines alone, too.
 */
void text_printf(struct text *t, const char *format, ...) CHECK_FORMAT(2, 3);
void text_vprintf(struct text *t, const char *format, va_list args) CHECK_FORMAT(2, 0);

/* printf's result alone, in a buffer, cut to fit. */
void str_printf(char *buf, size_t size, const char *format, ...) CHECK_FORMAT(3, 4);

/*
 * For those who write many small pieces: room for `len` characters (fewer than `size`) in one piece, for the caller
 * to fill and to report with text_wrote(). NULL, and `cut` is set, if a text in memory has no such room left.
 */
char *text_make_room(struct text *t, size_t len);

static inline char *text_room(struct text *t, size_t len)
{
	return t->size - t->len > len ? t->buf + t->len : text_make_room(t, len);
}

/* `end` is where the text now ends: at most `len` behind what text_room() gave. */
static inline void text_wrote(struct text *t, char *end)
{
	*end = '\0';
	t->len = (size_t)(end - t->buf);
}

/*
 * A string from anywhere, fit for a terminal: control characters, backslashes and bytes that are no UTF-8 as \n,
 * \\ or \x1b, so that no one can move the cursor or set the colour from within. Returns its width in columns,
 * counting each character as one.
 */
size_t text_visible(struct text *t, const char *s, size_t len);

/* A string as JSON wants it, quotes included. Bytes that are no UTF-8 become \u00XX, so that nothing is lost. */
void text_json(struct text *t, const char *s, size_t len);

/* Writes out what is there, if there is an fd. 0, or the negative errno of the first write that ever failed. */
int text_flush(struct text *t);

#endif
