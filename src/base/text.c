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
		long n = sys_write(t->fd, t->buf + done, t->len - done);

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

/* Writes the digits so that they end at `end`; returns where they begin. No base but 10 and 16 occurs. */
static char *digits_before(char *end, u64 value, unsigned int base, const char *alphabet)
{
	do {
		*--end = alphabet[value % base];
		value /= base;
	} while (value);
	return end;
}

void text_decimal(struct text *t, u64 value)
{
	char digits[20], *end = digits + sizeof(digits), *p = end;

	/* Most numbers fit a machine word, and dividing one is cheap even on a 32-bit machine. */
	for (; value > (unsigned long)-1; value /= 10)
		*--p = (char)('0' + value % 10);
	for (unsigned long rest = (unsigned long)value; rest || p == end; rest /= 10)
		*--p = (char)('0' + rest % 10);
	text_bytes(t, p, (size_t)(end - p));
}

/* One conversion of a format: what stands between '%' and the letter. */
struct conversion {
	bool left, zero, has_precision;
	size_t width, precision;
	int longs; /* 0 int, 1 long, 2 long long, 3 size_t, -1 short, -2 char */
};

static void put_padded(struct text *t, const struct conversion *c, const char *prefix, const char *s, size_t len)
{
	size_t prefix_len = str_len(prefix);
	size_t zeros = c->zero && !c->left && c->width > len + prefix_len ? c->width - len - prefix_len : 0;
	size_t blanks = c->width > len + prefix_len + zeros ? c->width - len - prefix_len - zeros : 0;

	text_repeat(t, ' ', c->left ? 0 : blanks);
	text_bytes(t, prefix, prefix_len);
	text_repeat(t, '0', zeros);
	text_bytes(t, s, len);
	text_repeat(t, ' ', c->left ? blanks : 0);
}

static void put_string(struct text *t, struct conversion *c, const char *s)
{
	size_t len = 0, limit = c->has_precision ? c->precision : (size_t)-1;

	s = s ? s : "(null)";
	while (len < limit && s[len])
		len++;
	c->zero = false;
	put_padded(t, c, "", s, len);
}

static void put_number(struct text *t, const struct conversion *c, u64 value, char letter, bool negative)
{
	char digits[20], *end = digits + sizeof(digits);
	bool hex = letter == 'x' || letter == 'X' || letter == 'p';
	char *p = digits_before(end, value, hex ? 16 : 10, letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef");

	put_padded(t, c, letter == 'p' ? "0x" : negative ? "-" : "", p, (size_t)(end - p));
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
	*c = (struct conversion){0};
	for (; *p == '-' || *p == '0'; p++) {
		c->left |= *p == '-';
		c->zero |= *p == '0';
	}
	p = parse_size(p, &c->width, args);
	c->has_precision = *p == '.';
	if (c->has_precision)
		p = parse_size(p + 1, &c->precision, args);
	for (; *p == 'l' || *p == 'z' || *p == 'h'; p++)
		c->longs = *p == 'z' ? 3 : c->longs + (*p == 'l' ? 1 : -1);
	return p;
}

static u64 unsigned_argument(int longs, va_list *args)
{
	if (longs == 2)
		return va_arg(*args, unsigned long long);
	if (longs == 1 || longs == 3)
		return va_arg(*args, unsigned long); /* a size_t is as wide as a long on every Linux */
	return longs == -1   ? (u16)va_arg(*args, unsigned int)
	       : longs == -2 ? (u8)va_arg(*args, unsigned int)
			     : va_arg(*args, unsigned int);
}

static s64 signed_argument(int longs, va_list *args)
{
	if (longs == 2)
		return va_arg(*args, long long);
	if (longs == 1 || longs == 3)
		return va_arg(*args, long);
	return va_arg(*args, int);
}

void text_vprintf(struct text *t, const char *format, va_list ap)
{
	struct conversion c;
	va_list args;

	va_copy(args, ap);
	for (const char *p = format; *p; p++) {
		const char *plain = p;
		s64 number;
		char letter;

		while (*p && *p != '%')
			p++;
		text_bytes(t, plain, (size_t)(p - plain));
		if (!*p)
			break;
		p = parse_conversion(p + 1, &c, &args);
		switch (*p) {
		case 's':
			put_string(t, &c, va_arg(args, const char *));
			break;
		case 'c':
			letter = (char)va_arg(args, int);
			put_padded(t, &c, "", &letter, 1);
			break;
		case 'd':
		case 'i':
			number = signed_argument(c.longs, &args);
			put_number(t, &c, number < 0 ? 0 - (u64)number : (u64)number, 'd', number < 0);
			break;
		case 'u':
		case 'x':
		case 'X':
			put_number(t, &c, unsigned_argument(c.longs, &args), *p, false);
			break;
		case 'p':
			put_number(t, &c, ptr_to_u64(va_arg(args, void *)), 'p', false);
			break;
		case '%':
			text_char(t, '%');
			break;
		default: /* CHECK_FORMAT lets none through */
			va_end(args);
			return;
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

size_t text_visible(struct text *t, const char *s, size_t len)
{
	size_t columns = 0, n;

	for (const u8 *p = (const u8 *)s; len; p += n, len -= n, columns++) {
		for (n = 0; n < len && p[n] >= 0x20 && p[n] < 0x7f && p[n] != '\\'; n++)
			;
		if (n) {
			text_bytes(t, p, n);
			columns += n - 1;
			continue;
		}
		n = utf8_length(p, len);
		if (n > 1 && !is_c1_control(p, n)) {
			text_bytes(t, p, n);
		} else if (*p == '\\' || *p == '\n') {
			text_string(t, *p == '\n' ? "\\n" : "\\\\");
			columns++;
		} else {
			n = 1;
			text_printf(t, "\\x%02x", *p);
			columns += 3;
		}
	}
	return columns;
}

void text_json(struct text *t, const char *s, size_t len)
{
	const u8 *p = (const u8 *)s;

	text_char(t, '"');
	while (len) {
		size_t plain = 0, n;

		while (plain < len && p[plain] >= 0x20 && p[plain] < 0x7f && p[plain] != '"' && p[plain] != '\\')
			plain++;
		text_bytes(t, p, plain);
		p += plain;
		len -= plain;
		if (!len)
			break;
		n = utf8_length(p, len);
		if (*p == '"' || *p == '\\')
			text_printf(t, "\\%c", *p);
		else if (*p == '\n')
			text_string(t, "\\n");
		else if (n > 1 && !is_c1_control(p, n))
			text_bytes(t, p, n);
		else
			text_printf(t, "\\u%04x", n > 1 ? p[1] : *p);
		n = n ? n : 1;
		p += n;
		len -= n;
	}
	text_char(t, '"');
}

void text_json_member(struct text *t, const char *key, const char *value)
{
	text_printf(t, ",\"%s\":", key);
	if (value)
		text_json(t, value, str_len(value));
	else
		text_string(t, "null");
}
