/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * table.c: events as rows of a table. See output.h.
 *
 * Every value, string or array that is not within an array is a column, named after the members that lead to it:
 * `struct { struct { __u16 port; } to; }` has a column TO.PORT. Numbers stand right, all else left, and the last
 * column is not filled up with blanks.
 *
 * How wide a column should be can only be guessed: events are printed as they come. A __u32 has ten digits at most, but
 * processes, users and counts need seven at most of the time.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "events/table.h"

#define WIDTH_MAX  32 /* no wider by itself */
#define NAME_ROOM  256
#define CPU_WIDTH  3
#define PID_WIDTH  7
#define TIME_WIDTH 10 /* at least: 999.999999 */

struct table_column {
	const char *name;
	u32 width; /* 0: the last one, which is not filled up */
	bool is_number;
	u16 first, last; /* its steps */
};

/* By the number of bytes; signed numbers have a place more. */
static u32 number_width(const struct decode_step *step)
{
	u32 bytes = step->bits ? (step->bits + 7u) / 8 : step->size;

	return (bytes == 1 ? 3 : bytes == 2 ? 5 : bytes <= 4 ? 7 : bytes <= 8 ? 14 : 20) + step->is_signed;
}

static u32 step_width(const struct decode_step *step)
{
	switch (step->kind) {
	case VALUE_BOOL:
		return 5;
	case VALUE_CHAR:
		return 1;
	case VALUE_ENUM:
		return step->names->width > 2 ? step->names->width - 2 : 0;
	case VALUE_FLOAT:
		return 10;
	case VALUE_POINTER:
		return 18;
	case VALUE_STRING:
		return step->count;
	case VALUE_BYTES:
		return MIN(step->count, (u32)WIDTH_MAX) * 2;
	case ARRAY_BEGIN:
		return 16;
	}
	return number_width(step);
}

/* A member's name without its quotes and colon, in capitals. */
static void add_name(struct text *text, const struct decode_step *step)
{
	if (text->len)
		text_char(text, '.');
	for (u32 i = 1; i + 2 < step->key_len; i++) {
		char c = step->key[i];

		text_char(text, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
	}
}

static int add_column(struct arena *arena, struct event_stream *stream, const struct text *path, u32 i)
{
	const struct decode_step *step = &stream->plan->steps[i];
	struct table_column *column = &stream->columns[stream->column_count++];
	char buf[NAME_ROOM];
	struct text name = text_in(buf, sizeof(buf));

	text_bytes(&name, path->buf, path->len);
	if (step->key_len)
		add_name(&name, step);
	else
		text_string(&name, "VALUE");
	*column = (struct table_column){
		.name = arena_string(arena, buf, name.len),
		.width = MAX(MIN(step_width(step), (u32)WIDTH_MAX), (u32)name.len),
		.is_number = step->kind == VALUE_UNSIGNED || step->kind == VALUE_SIGNED || step->kind == VALUE_FLOAT,
		.first = (u16)i,
		.last = step->kind == ARRAY_BEGIN ? step->partner : (u16)i,
	};
	stream->has_pid |= str_equal(buf, "PID");
	return column->name ? 0 : -ENOMEM;
}

static int add_columns(struct arena *arena, struct event_stream *stream)
{
	size_t path_lens[BTF_DEPTH + 1] = {0};
	char buf[NAME_ROOM];
	struct text path = text_in(buf, sizeof(buf)); /* the structs we are in */
	u32 depth = 0;

	for (u32 i = 0; i < stream->plan->count; i++) {
		const struct decode_step *step = &stream->plan->steps[i];

		if (step->kind == STRUCT_BEGIN) {
			path_lens[depth++] = path.len;
			if (step->key_len)
				add_name(&path, step);
		} else if (step->kind == STRUCT_END) {
			path.len = path_lens[--depth];
		} else {
			if (add_column(arena, stream, &path, i))
				return -ENOMEM;
			i = stream->columns[stream->column_count - 1].last;
		}
	}
	return 0;
}

int table_init(struct arena *arena, struct event_stream *stream)
{
	struct table_column *last;

	stream->column_count = 0;
	stream->has_pid = false;
	stream->columns = arena_alloc_array(arena, stream->plan ? stream->plan->count : 1, sizeof(*stream->columns));
	if (!stream->columns)
		return -ENOMEM;
	if (!stream->plan)
		stream->columns[stream->column_count++] = (struct table_column){.name = "DATA"};
	else if (add_columns(arena, stream))
		return -ENOMEM;
	last = &stream->columns[stream->column_count - 1];
	if (!last->is_number)
		last->width = 0;
	return 0;
}

static void put_blanks(struct text *text, size_t used, u32 width)
{
	char *p = used < width ? text_room(text, width - used) : NULL;

	if (!p)
		return;
	for (; used < width; used++)
		*p++ = ' ';
	text_wrote(text, p);
}

static char *write_blanks(char *p, size_t count)
{
	while (count--)
		*p++ = ' ';
	return p;
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
	} else if (right || (step->kind < VALUE_STRING && step->kind != VALUE_ENUM)) {
		p = value_write(digits, step, data + step->offset, false);
		put_cell(text, digits, (size_t)(p - digits), column->width, right);
	} else {
		text_char(text, ' ');
		put_blanks(text, put_long(text, stream, column, data, size), column->width);
	}
}

static bool same_columns(const struct event_stream *a, const struct event_stream *b)
{
	if (a->column_count != b->column_count || a->has_pid != b->has_pid)
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

static void put_header(struct output *output, const struct event_stream *stream, const struct perf_sample *sample)
{
	struct text *text = output->text;
	char time[32];

	output->time_width = (u32)MAX(write_time(time, sample->time_ns), (size_t)TIME_WIDTH);
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
	text_char(text, '\n');
}

/* What the ring knows of every event. */
static void put_origin(struct output *output, const struct event_stream *stream, const struct perf_sample *sample)
{
	struct text *text = output->text;
	char time[32] = "-";
	size_t len = sample->has_origin ? write_time(time, sample->time_ns) : 1;

	put_blanks(text, len, output->time_width);
	text_bytes(text, time, len);
	if (output->name_width) {
		text_char(text, ' ');
		put_blanks(text, text_visible(text, stream->name, str_len(stream->name)), output->name_width);
	}
	put_number(text, sample->has_origin, sample->cpu, CPU_WIDTH);
	if (!stream->has_pid)
		put_number(text, sample->has_origin, sample->pid, PID_WIDTH);
}

void table_row(struct output *output, const struct event_stream *stream, const struct perf_sample *sample)
{
	if (!output->last || (output->last != stream && !same_columns(output->last, stream)))
		put_header(output, stream, sample);
	output->last = stream;
	put_origin(output, stream, sample);
	if (!stream->plan) {
		text_char(output->text, ' ');
		output_hex(output->text, sample->data, sample->size);
	}
	for (u32 i = 0; stream->plan && i < stream->column_count; i++)
		put_column(output->text, stream, &stream->columns[i], sample->data, sample->size);
	text_char(output->text, '\n');
}
