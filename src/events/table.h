/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * table.h: events as rows of a table. Used by output.c alone; see output.h for what it looks like.
 */
#ifndef EVENTS_TABLE_H
#define EVENTS_TABLE_H

#include "events/output.h"

struct table_column {
	const char *name;
	u32 width; /* 0: the last one, which is not filled up */
	bool is_number;
	u16 first, last; /* its steps */
};

/* Makes the columns of a stream from its plan: sets columns, column_count and has_pid. -ENOMEM. */
int table_init(struct arena *arena, struct event_stream *stream);

/* Prints a row, after a header if the last one does not fit it. */
void table_row(struct output *output, const struct event_stream *stream, const struct perf_sample *sample);

#endif
