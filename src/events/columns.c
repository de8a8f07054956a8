/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * columns.c: the columns of a table, from the plan of an event. See table.h.
 *
 * Every value, string or array that is not within an array is a column, named after the members that lead to it:
 * `struct { struct { __u16 port; } to; }` has a column TO.PORT. Numbers stand right, all else left.
 *
 * How wide a column should be can only be guessed: events are printed as they come. A __u32 has ten digits at most, but
 * processes, users and counts need seven at most of the time.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "events/table.h"

#define WIDTH_MAX 32 /* no wider by itself */
#define NAME_ROOM 256

/* By the number of bytes; signed numbers have a place more. */
static u32 number_width(const struct decode_step *step)
{
	u32 bytes = step->bits ? (step->bits + 7u) / 8 : step->size;

	return (bytes == 1 ? 3 : bytes == 2 ? 5 : bytes <= 4 ? 7 : bytes <= 8 ? 14 : 20) + step->is_signed;
}

static u32 step_width(const struct decode_step *step)
{
	static const u8 widths[] = {
		[VALUE_BOOL] = 5, [VALUE_CHAR] = 1, [VALUE_FLOAT] = 10, [VALUE_POINTER] = 18, [ARRAY_BEGIN] = 16};

	if (step->kind == VALUE_ENUM)
		return MAX(step->names->width, 2u) - 2;
	if (step->kind == VALUE_STRING)
		return step->count;
	if (step->kind == VALUE_BYTES)
		return step->count * 2;
	return widths[step->kind] ? widths[step->kind] : number_width(step);
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
	u32 width = step_width(step);

	text_bytes(&name, path->buf, path->len);
	if (step->key_len)
		add_name(&name, step);
	else
		text_string(&name, "VALUE");
	*column = (struct table_column){
		.name = arena_string(arena, buf, name.len),
		.width = MAX(MIN(width, (u32)WIDTH_MAX), (u32)name.len),
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
	stream->column_count = 0;
	stream->has_pid = false;
	stream->columns = arena_alloc_array(arena, stream->plan ? stream->plan->count : 1, sizeof(*stream->columns));
	if (!stream->columns)
		return -ENOMEM;
	if (!stream->plan)
		stream->columns[stream->column_count++] = (struct table_column){.name = "DATA"};
	else if (add_columns(arena, stream))
		return -ENOMEM;
	return 0;
}
