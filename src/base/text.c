/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * text.c: text that grows in a buffer, and goes to a file when the buffer is full. See text.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"

struct text text_in(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct text){.buf = buf, .size = size, .fd = -1};
}

struct text text_to(int fd, char *buf, size_t size)
{
	return (struct text){.buf = buf, .size = size, .fd = fd};
}

int text_flush(struct text *t)
{
	size_t done = 0;

	while (t->fd >= 0 && done < t->len && !t->error) {
		long n = (t->is_socket ? sys_send : sys_write)(t->fd, t->buf + done, t->len - done);

		if (n > 0)
			done += (size_t)n;
		else if (n != -EINTR && (n != -EAGAIN || !t->wait || !t->wait(t->context)))
			t->error = n ? (int)n : -EIO;
	}
	if (t->fd >= 0)
		t->len = 0;
	return t->error;
}

char *text_make_room(struct text *t, size_t len)
{
	if (t->fd >= 0)
		text_flush(t);
	if (t->size - t->len > len)
		return t->buf + t->len;
	t->cut = true;
	return NULL;
}

void text_bytes(struct text *t, const void *bytes, size_t len)
{
	const u8 *from = bytes;

	while (len) {
		/* One place is kept for the NUL of a text in memory. */
		size_t n = MIN(len, t->size - t->len - 1);

		memcpy(t->buf + t->len, from, n);
		t->len += n;
		from += n;
		len -= n;
		if (len && t->fd < 0) {
			t->cut = true;
			break;
		}
		if (len && text_flush(t))
			return;
	}
	if (t->fd < 0)
		t->buf[t->len] = '\0';
}

void text_char(struct text *t, char c)
{
	text_bytes(t, &c, 1);
}

void text_string(struct text *t, const char *s)
{
	text_bytes(t, s, str_len(s));
}

void text_repeat(struct text *t, char c, size_t count)
{
	while (count--)
		text_char(t, c);
}

/* Writes a number so that it ends at `end`; returns where it begins. */
static char *digits_before(char *end, u64 value, unsigned int base)
{
	static const char alphabet[] = "0123456789abcdef";
	unsigned long rest;

	/* Most numbers fit a machine word, and dividing one is cheap even on a 32-bit machine. */
	for (; value > (unsigned long)-1; value /= base)
		*--end = alphabet[value % base];
	rest = (unsigned long)value;
	do
		*--end = alphabet[rest % base];
	while (rest /= base);
	return end;
}

void text_decimal(struct text *t, u64 value)
{
	char digits[20], *end = digits + sizeof(digits), *p = digits_before(end, value, 10);

	text_bytes(t, p, (size_t)(end - p));
}

/*
 * The length of the UTF-8 sequence at `s`, or 0 if it is none (Unicode 15, table 3-7: no overlong forms, no
 * surrogates, nothing above U+10FFFF).
 */
static size_t utf8_length(const u8 *s, size_t len)
{
	static const struct {
		u8 first, last, low, high, length;
	} forms[] = {
		{0x00, 0x7f, 0x00, 0xff, 1},
		{0xc2, 0xdf, 0x80, 0xbf, 2},
		{0xe0, 0xe0, 0xa0, 0xbf, 3},
		{0xe1, 0xec, 0x80, 0xbf, 3},
		{0xed, 0xed, 0x80, 0x9f, 3},
		{0xee, 0xef, 0x80, 0xbf, 3},
		{0xf0, 0xf0, 0x90, 0xbf, 4},
		{0xf1, 0xf3, 0x80, 0xbf, 4},
		{0xf4, 0xf4, 0x80, 0x8f, 4},
	};

	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		size_t n = forms[i].length;

		if (s[0] < forms[i].first || s[0] > forms[i].last)
			continue;
		if (n > len || (n > 1 && (s[1] < forms[i].low || s[1] > forms[i].high)))
			return 0;
		for (size_t j = 2; j < n; j++)
			if (s[j] < 0x80 || s[j] > 0xbf)
				return 0;
		return n;
	}
	return 0;
}

/* U+0080 to U+009F: control characters in two bytes; to a terminal U+009B is what ESC [ is. */
static bool is_c1_control(const u8 *s, size_t utf8_len)
{
	return utf8_len == 2 && s[0] == 0xc2 && s[1] < 0xa0;
}

/* How a string is written that may hold anything. */
struct style {
	u8 marked[2]; /* goes behind a backslash, as newlines do */
	u8 kept[2];   /* control characters that are printed all the same; blanks: none */
	bool json;    /* the others as \u001b, one for a character; else as \x1b, one for each of its bytes */
};

/* Returns the width in columns (not of JSON). */
static size_t put_escaped(struct text *t, const u8 *p, size_t len, const struct style *style)
{
	size_t columns = 0, n;

	for (; len; p += n, len -= n) {
		for (n = 0;
			n < len && p[n] >= 0x20 && p[n] < 0x7f && p[n] != style->marked[0] && p[n] != style->marked[1];)
			n++;
		if (n) {
			text_bytes(t, p, n);
			columns += n;
			continue;
		}
		n = utf8_length(p, len);
		if ((n > 1 && !is_c1_control(p, n)) || *p == style->kept[0] || *p == style->kept[1]) {
			text_bytes(t, p, n);
			columns++;
		} else if (*p == '\n' || *p == style->marked[0] || *p == style->marked[1]) {
			text_char(t, '\\');
			text_char(t, *p == '\n' ? 'n' : (char)*p);
			columns += 2;
		} else {
			n = style->json && n ? n : 1;
			text_printf(t, style->json ? "\\u%04x" : "\\x%02x", p[n - 1]);
			columns += 4;
		}
	}
	return columns;
}

#define WHOLE ((size_t)-1) /* the precision that a format does not give */

/* One conversion of a format: what stands between '%' and the letter. */
struct conversion {
	bool left, zero;
	size_t width, precision;
	int longs; /* 0 int, 1 long or size_t, 2 long long */
};

/* In a style, or else as it is. */
static void put_padded(struct text *t, const struct conversion *c, const char *s, size_t len, const struct style *style)
{
	size_t padding = c->width > len ? c->width - len : 0;

	if (!c->left)
		text_repeat(t, c->zero ? '0' : ' ', padding);
	if (style)
		put_escaped(t, (const u8 *)s, len, style);
	else
		text_bytes(t, s, len);
	if (c->left)
		text_repeat(t, ' ', padding);
}

/* What goes to a file is for people to read: text.h says how. */
static void put_string(struct text *t, const struct conversion *c, const char *s)
{
	static const struct style line = {"\n\n", "\t\t", false}, lines = {"\n\n", "\t\n", false};
	/* A text in memory takes no more, and a string in a file may be as long as the file. */
	size_t len = 0, most = t->fd < 0 ? MIN(c->precision, t->size) : c->precision;

	s = s ? s : "(null)";
	while (len < most && s[len])
		len++;
	put_padded(t, c, s, len, t->fd < 0 ? NULL : c->precision == WHOLE ? &line : &lines);
}

static void put_number(struct text *t, const struct conversion *c, u64 value, char letter)
{
	bool negative = letter == 'd' && (s64)value < 0;
	char digits[21], *end = digits + sizeof(digits);
	char *p = digits_before(end, negative ? 0 - value : value, letter == 'x' ? 16 : 10);

	if (negative)
		*--p = '-';
	put_padded(t, c, p, (size_t)(end - p), NULL);
}

/* A parsed size: digits, or '*' for an argument. va_list is passed by pointer, as it may be an array type. */
static const char *parse_size(const char *p, size_t *size, va_list *args)
{
	if (*p == '*') {
		int given = va_arg(*args, int);

		*size = given > 0 ? (size_t)given : 0;
		return p + 1;
	}
	for (*size = 0; char_is_digit(*p); p++)
		*size = *size * 10 + (size_t)(*p - '0');
	return p;
}

static const char *parse_conversion(const char *p, struct conversion *c, va_list *args)
{
	*c = (struct conversion){.precision = WHOLE};
	for (; *p == '-' || *p == '0'; p++) {
		c->left |= *p == '-';
		c->zero |= *p == '0';
	}
	p = parse_size(p, &c->width, args);
	if (*p == '.')
		p = parse_size(p + 1, &c->precision, args);
	for (; *p == 'l' || *p == 'z'; p++)
		c->longs++; /* a size_t is as wide as a long on every Linux */
	return p;
}

/* An integer argument, widened as its sign asks. */
static u64 number_argument(int longs, bool is_signed, va_list *args)
{
	if (longs == 2)
		return va_arg(*args, unsigned long long);
	if (longs == 1) {
		long value = va_arg(*args, long);

		return is_signed ? (u64)value : (unsigned long)value;
	}
	return is_signed ? (u64)va_arg(*args, int) : va_arg(*args, unsigned int);
}

void text_vprintf(struct text *t, const char *format, va_list ap)
{
	struct conversion c;
	va_list args;

	va_copy(args, ap);
	for (const char *p = format; *p; p++) {
		const char *plain = p;
		char letter;

		while (*p && *p != '%')
			p++;
		text_bytes(t, plain, (size_t)(p - plain));
		if (!*p)
			break;
		p = parse_conversion(p + 1, &c, &args);
		letter = *p;
		if (letter == 's') {
			put_string(t, &c, va_arg(args, const char *));
		} else if (letter == 'd' || letter == 'u' || letter == 'x') {
			put_number(t, &c, number_argument(c.longs, letter == 'd', &args), letter);
		} else {
			/* "%c", or "%%". */
			letter = letter == 'c' ? (char)va_arg(args, int) : letter;
			put_padded(t, &c, &letter, 1, NULL);
		}
	}
	va_end(args);
}

void text_printf(struct text *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vprintf(t, format, args);
	va_end(args);
}

void str_printf(char *buf, size_t size, const char *format, ...)
{
	struct text text = text_in(buf, size);
	va_list args;

	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
}

size_t text_visible(struct text *t, const char *s, size_t len)
{
	static const struct style style = {"\\\\", "  ", false};

	return put_escaped(t, (const u8 *)s, len, &style);
}

void text_json(struct text *t, const char *s, size_t len)
{
	static const struct style style = {"\"\\", "  ", true};

	text_char(t, '"');
	put_escaped(t, (const u8 *)s, len, &style);
	text_char(t, '"');
}
