/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cells.c: rows of named cells that become a table or JSON. See cells.h.
 */
#include "base/string.h"
#include "cmd/cells.h"

#define WIDTH_MAX 40 /* a wider cell pushes the rest of its line to the right */

/* Blanks are written when something follows them, so that no line ends in them. */
static void put_column(struct cells *c, const char *value, u32 len, bool right)
{
	u32 width = MIN(c->widths[c->column], WIDTH_MAX), blanks = len < width ? width - len : 0;

	if (!c->column)
		c->blanks = 0;
	c->blanks += 2 + (right ? blanks : 0);
	if (len) {
		text_repeat(c->out, ' ', c->blanks);
		text_visible(c->out, value, len);
		c->blanks = 0;
	}
	c->blanks += right ? 0 : blanks;
}

/* `conversion` as in cells.h; a value of NULL is null, or nothing. */
static OUT_OF_LINE void put_cell(struct cells *c, const char *name, u32 name_len, char conversion, const char *value)
{
	u32 len = value ? (u32)str_len(value) : 0;

	if (c->mode == CELLS_JSON) {
		text_printf(c->out, "%s\"%.*s\":", c->due, (int)name_len, name);
		c->due = ",";
		if (value && conversion == 's')
			text_json(c->out, value, len);
		else
			text_string(c->out, value ? value : "null");
		return;
	}
	if (c->mode == CELLS_MEASURE)
		c->widths[c->column] = MAX(c->widths[c->column], MAX(len, name_len));
	else
		put_column(c, c->mode == CELLS_HEAD ? name : value, c->mode == CELLS_HEAD ? name_len : len,
			conversion == 'u' || conversion == 'l');
	c->column++;
}

void cells(struct cells *c, const char *format, ...)
{
	static const char truths[][2][6] = {{"", "yes"}, {"false", "true"}};
	bool json = c->mode == CELLS_JSON;
	char only = ' ';
	va_list args;

	va_start(args, format);
	for (const char *p = format; *p; p++) {
		const char *name = p, *value;
		static char digits[24];
		char conversion;
		struct text number = text_in(digits, sizeof(digits));
		u32 name_len;
		bool keeps_empty;

		if (!char_is_alnum(*p)) {
			only = *p == ' ' ? only : *p;
			continue;
		}
		while (*p != ' ')
			p++;
		name_len = (u32)(p - name);
		p += 2; /* " %" */
		keeps_empty = *p == '-';
		p += keeps_empty;
		conversion = *p;
		value = digits;
		if (conversion == 's')
			value = va_arg(args, const char *);
		else
			text_decimal(&number, conversion == 'l' ? va_arg(args, u64) : va_arg(args, u32));
		if (conversion == 'd')
			value = truths[json][*digits != '0'];
		if (value && !*value && !keeps_empty)
			value = NULL;
		if (only != (json ? '[' : '{'))
			put_cell(c, name, name_len, conversion, value);
		if (conversion == 'l')
			p += 2;
	}
	va_end(args);
}

void cells_end_row(struct cells *c)
{
	if (c->mode == CELLS_JSON)
		cells_close(c, "}", ",{");
	else if (c->mode != CELLS_MEASURE && c->column)
		text_char(c->out, '\n');
	if (c->mode == CELLS_HEAD)
		c->mode = CELLS_MEASURE; /* that was it */
	c->column = 0;
	c->rows++;
}

void cells_open(struct cells *c, const char *key, const char *bracket)
{
	text_printf(c->out, "%s\"%s\":%s", c->due, key, bracket);
	c->due = "{";
}

void cells_close(struct cells *c, const char *bracket, const char *due)
{
	text_string(c->out, bracket);
	c->due = due;
}
