/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * output.c: events on stdout, as a table, as JSON, or as they are. See output.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "events/output.h"
#include "events/table.h"

#define PADDING_MAX    7   /* a record is a multiple of 8 bytes (kernel/events/core.c:perf_prepare_sample()) */
#define NAME_WIDTH_MAX 24  /* of the column EVENT; longer names shift the rest of their row */
#define KEY_UNIT       16  /* a key that is this long, blanks included, is copied in one or two instructions */
#define ORIGIN_ROOM    160 /* for the three numbers of a ring, their keys, and the key of what follows */

void output_hex(struct text *text, const u8 *bytes, u32 size)
{
	for (u32 i = 0; i < size;) {
		u32 end = i + MIN(size - i, 64u);
		char *p = text_room(text, 2 * 64);

		if (!p)
			return;
		for (; i < end; i++) {
			*p++ = "0123456789abcdef"[bytes[i] >> 4];
			*p++ = "0123456789abcdef"[bytes[i] & 15];
		}
		text_wrote(text, p);
	}
}

static char *write_field(char *p, const char key[KEY_UNIT], u32 key_len, u64 value)
{
	__builtin_memcpy(p, key, KEY_UNIT);
	return decimal_write(p + key_len, value);
}

static void output_json(struct text *text, const struct event_stream *stream, const struct perf_sample *sample)
{
	char *p = text_room(text, stream->prefix_len + ORIGIN_ROOM);

	if (!p)
		return;
	p = copy_units(p, stream->prefix, stream->prefix_len);
	if (sample->has_origin) {
		p = write_field(p, ",\"cpu\":         ", 7, sample->cpu);
		p = write_field(p, ",\"pid\":         ", 7, sample->pid);
		p = write_field(p, ",\"time_ns\":     ", 11, sample->time_ns);
	}
	p = copy_units(p, ",\"data\":", 8);
	text_wrote(text, p);
	if (stream->plan) {
		decode_json(stream->plan, text, sample->data, sample->size);
		text_bytes(text, "}\n", 2);
		return;
	}
	text_char(text, '"');
	output_hex(text, sample->data, sample->size);
	text_bytes(text, "\"}\n", 3);
}

static void output_raw(struct text *text, const struct event_stream *stream, const struct perf_sample *sample)
{
	u32 size = sample->size;

	if (stream->plan && !stream->is_open && size - stream->plan->size <= PADDING_MAX)
		size = stream->plan->size;
	text_bytes(text, sample->data, size);
}

void output_sample(struct output *output, const struct event_stream *stream, const struct perf_sample *sample)
{
	struct text *text = output->text;
	size_t before;

	/* Whoever reads the other end of a pipe should not find half a line there: better an early write. */
	if (text->fd >= 0 && text->size - text->len <= output->longest && output->longest <= text->size / 2)
		text_flush(text);
	before = text->len;
	if (output->format == FORMAT_JSON)
		output_json(text, stream, sample);
	else if (output->format == FORMAT_TABLE)
		table_row(output, stream, sample);
	else
		output_raw(text, stream, sample);
	if (text->len > before && text->len - before > output->longest)
		output->longest = text->len - before;
	output->events++;
}

static bool is_open(const struct decode_plan *plan)
{
	for (u32 i = 0; plan && i < plan->count; i++)
		if (plan->steps[i].count == COUNT_OPEN)
			return true;
	return false;
}

int output_init(struct output *output, struct arena *arena, enum output_format format, struct text *text,
	struct event_stream *streams, u32 count)
{
	*output = (struct output){.text = text, .format = format, .name_width = count > 1 ? 5 : 0};
	for (u32 i = 0; i < count; i++) {
		u32 len = (u32)str_len(streams[i].name);

		streams[i].prefix = decode_quote(arena, "{\"event\":", streams[i].name, "", &streams[i].prefix_len);
		if (!streams[i].prefix || table_init(arena, &streams[i]))
			return -ENOMEM;
		streams[i].is_open = is_open(streams[i].plan);
		if (count > 1)
			output->name_width = MAX(output->name_width, MIN(len, (u32)NAME_WIDTH_MAX));
	}
	return 0;
}
