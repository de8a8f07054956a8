/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * table.c: events as rows of a table. See output.h, and columns.c for what a table has in them.
 */
#include "base/memory.h"
#include "base/string.h"
#include "events/table.h"

#define CPU_WIDTH  3
#define PID_WIDTH  7
#define TIME_WIDTH 10 /* at least: 999.999999 */

static char *write_blanks(char *p, size_t count)
{
	while (count--)
		*p++ = ' ';
	return p;
}

static void put_blanks(struct text *text, size_t used, u32 width)
{
	size_t count = used < width ? width - used : 0;
	char *p = text_room(text, count);

	if (p)
		text_wrote(text, write_blanks(p, count));
}

/* A blank, and `len` characters to the right or left of a column of `width`; width 0 fills nothing up. */
static void put_cell(struct text *text, const char *s, size_t len, u32 width, bool right)
{
	size_t blanks = len < width ? width - len : 0;
	char *p = text_room(text, 1 + len + blanks);

	if (!p)
		return;
	p = write_blanks(p, right ? 1 + blanks : 1);
	p = (char *)memcpy(p, s, len) + len;
	text_wrote(text, write_blanks(p, right ? 0 : blanks));
}

/* A number of the ring's, or "-" where it knows none. */
static void put_number(struct text *text, bool is_known, u64 value, u32 width)
{
	char digits[20] = "-";
	char *end = is_known ? decimal_write(digits, value) : digits + 1;

	put_cell(text, digits, (size_t)(end - digits), width, true);
}

/* What stands left and has any length is written as it comes; returns the columns it took. */
static size_t put_long(struct text *text, const struct event_stream *stream, const struct table_column *column,
	const u8 *data, u32 size)
{
	const struct decode_step *step = &stream->plan->steps[column->first];
	const char *s = (const char *)data + step->offset;
	u32 len = MIN(size - step->offset, step->count), i = 0;
	size_t before = text->len;
	char *p;

	if (step->kind == VALUE_STRING) {
		while (i < len && s[i])
			i++;
		return text_visible(text, s, i);
	}
	if (step->kind == VALUE_BYTES) {
		output_hex(text, data + step->offset, len);
	} else if (step->kind == VALUE_ENUM) {
		p = text_room(text, step->room);
		if (p)
			text_wrote(text, value_write(p, step, data + step->offset, false));
	} else {
		decode_json_steps(stream->plan, text, column->first, column->last, data, size);
	}
	return text->len > before ? text->len - before : 0;
}

/* A blank, and a value in its column. */
static void put_column(struct text *text, const struct event_stream *stream, const struct table_column *column,
	const u8 *data, u32 size)
{
	const struct decode_step *step = &stream->plan->steps[column->first];
	bool right = column->is_number;
	u32 there = step->offset < size ? size - step->offset : 0;
	char *p, digits[VALUE_ROOM];

	if (step->kind < VALUE_STRING ? there < step->size : !there) {
		put_cell(text, "-", 1, column->width, right);
	} else if (step->kind < VALUE_STRING && step->kind != VALUE_ENUM) {
		p = value_write(digits, step, data + step->offset, false);
		put_cell(text, digits, (size_t)(p - digits), column->width, right);
	} else {
		text_char(text, ' ');
		put_blanks(text, put_long(text, stream, column, data, size), column->width);
	}
}

/* What is left open at the end of a row, by what stands left there or is empty, needs no blanks. */
static void end_row(struct text *text)
{
	while (text->len && text->buf[text->len - 1] == ' ')
		text->len--;
	text_char(text, '\n');
}

static bool same_columns(const struct event_stream *a, const struct event_stream *b)
{
	if (a->column_count != b->column_count)
		return false;
	for (u32 i = 0; i < a->column_count; i++)
		if (a->columns[i].width != b->columns[i].width || !str_equal(a->columns[i].name, b->columns[i].name))
			return false;
	return true;
}

static size_t write_time(char time[32], u64 ns)
{
	char *p = decimal_write(time, ns / 1000000000);

	*p++ = '.';
	return (size_t)(decimal_write_u32(p, (u32)(ns % 1000000000) / 1000, 6) - time);
}

static void put_header(struct output *output, const struct event_stream *stream, size_t time_len)
{
	struct text *text = output->text;

	output->time_width = (u32)MAX(time_len, (size_t)TIME_WIDTH);
	put_blanks(text, 4, output->time_width);
	text_string(text, "TIME");
	if (output->name_width)
		put_cell(text, "EVENT", 5, output->name_width, false);
	put_cell(text, "CPU", 3, CPU_WIDTH, true);
	if (!stream->has_pid)
		put_cell(text, "PID", 3, PID_WIDTH, true);
	for (u32 i = 0; i < stream->column_count; i++) {
		const struct table_column *column = &stream->columns[i];

		put_cell(text, column->name, str_len(column->name), column->width, column->is_number);
	}
	end_row(text);
}

void table_row(struct output *output, const struct event_stream *stream, const struct perf_sample *sample)
{
	struct text *text = output->text;
	char time[32] = "-";
	size_t time_len = sample->has_origin ? write_time(time, sample->time_ns) : 1;

	if (!output->last || (output->last != stream && !same_columns(output->last, stream)))
		put_header(output, stream, time_len);
	output->last = stream;
	/* What the ring knows of every event. */
	put_blanks(text, time_len, output->time_width);
	text_bytes(text, time, time_len);
	if (output->name_width) {
		text_char(text, ' ');
		put_blanks(text, text_visible(text, stream->name, str_len(stream->name)), output->name_width);
	}
	put_number(text, sample->has_origin, sample->cpu, CPU_WIDTH);
	if (!stream->has_pid)
		put_number(text, sample->has_origin, sample->pid, PID_WIDTH);
	if (!stream->plan) {
		text_char(text, ' ');
		output_hex(text, sample->data, sample->size);
	}
	for (u32 i = 0; stream->plan && i < stream->column_count; i++)
		put_column(text, stream, &stream->columns[i], sample->data, sample->size);
	end_row(text);
}
