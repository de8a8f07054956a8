/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * output.h: events on stdout, as a table, as JSON, or as they are.
 *
 *	-o table	      TIME CPU     PID COMM             FILENAME
 *			312.456789   1     812 bash             /usr/bin/ls
 *	-o json		{"event":"exec_events","cpu":1,"pid":812,"time_ns":312456789012,"data":{"comm":"bash",…}}
 *	-o raw		the bytes the program sent, one event after the other, and nothing else
 *
 * JSON is one object a line. `data` is an object if the type of the events is known, else a string of hex digits,
 * two a byte, which then includes the kernel's padding. Numbers are printed in full: 64-bit ones exceed what
 * JavaScript holds.
 *
 * The table's header comes with the first event, and again when events of a map with other columns follow; with
 * several maps a column EVENT tells them apart. TIME is in seconds since boot. PID is left out where the struct has
 * a `pid` of its own. A value wider than its column shifts the rest of its row.
 *
 * -o raw cuts the kernel's padding off where the type tells where it begins, so that the output is an array of structs.
 */
#ifndef EVENTS_OUTPUT_H
#define EVENTS_OUTPUT_H

#include "base/text.h"
#include "events/decode.h"
#include "events/perf_ring.h"

#define OUTPUT_BUFFER_MIN 4096 /* for the text; the larger, the fewer writes in a burst */

enum output_format { FORMAT_TABLE, FORMAT_JSON, FORMAT_RAW };

struct table_column;

/* The events of one map. */
struct event_stream {
	const char *name;               /* the map's */
	const struct decode_plan *plan; /* NULL: unknown, hex */

	/* Private, filled in by output_init(). */
	const char *prefix; /* JSON up to the first number */
	u32 prefix_len;
	bool is_open; /* the type ends in an array without a size */
	bool has_pid; /* the struct has a pid itself */
	struct table_column *columns;
	u32 column_count;
};

struct output {
	struct text *text;
	enum output_format format;
	u64 events; /* printed so far */

	/* Private. */
	size_t longest;                  /* event so far, in characters */
	u32 name_width;                  /* of the column EVENT; 0: there is none */
	u32 time_width;                  /* of the column TIME */
	const struct event_stream *last; /* the one whose columns the last header names */
};

/*
 * Gets ready to print events of `count` streams, whose names and plans are set, to `text`, which the caller flushes
 * after each pass over the rings: then everything of one wake-up takes one write(2), or as many as it fills buffers.
 * -ENOMEM.
 */
int output_init(struct output *output, struct arena *arena, enum output_format format, struct text *text,
	struct event_stream *streams, u32 count);

/* Prints one event. A write that fails (EPIPE, ENOSPC) shows in text->error; what follows is dropped. */
void output_sample(struct output *output, const struct event_stream *stream, const struct perf_sample *sample);

/* Two hex digits a byte. */
void output_hex(struct text *text, const u8 *bytes, u32 size);

#endif
