/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cells.h: what is shown, described once: rows of named cells that become a table or JSON.
 *
 *	cells(c, "name %s insns %u [note %s]", prog->name, prog->insn_count, "'?'");
 *	cells_end_row(c);
 *
 * What that writes is up to the mode. A table takes three passes over its rows:
 *
 *	CELLS_MEASURE	nothing; how wide each column is	CELLS_JSON	{"name":"trace","insns":4}
 *	CELLS_HEAD	  name   insns  note
 *	CELLS_TABLE	  trace      4  '?'
 */
#ifndef CMD_CELLS_H
#define CMD_CELLS_H

#include "base/text.h"

#define CELLS_COLUMNS_MAX 12

enum cells_mode { CELLS_MEASURE, CELLS_HEAD, CELLS_TABLE, CELLS_JSON };

struct cells {
	struct text *out;
	enum cells_mode mode;
	u32 rows; /* that ended */

	const char *due; /* JSON: before the next cell: "{", ",{" or "," */
	u32 column;
	u32 blanks; /* before the next cell of a table */
	u32 widths[CELLS_COLUMNS_MAX];
};

/*
 * printf for cells: "NAME %s NAME %u", each name the head of a column, or a key. What stands in {} is for JSON alone,
 * what stands in [] for the table.
 *
 *	%s	text; "" and NULL are null in JSON
 *	%-s	text; "" is "" there, too
 *	%u %llu	a number, to the right
 *	%d	true or false; "yes" or nothing in the table
 */
void cells(struct cells *c, const char *format, ...) CHECK_FORMAT(2, 3);
void cells_end_row(struct cells *c);

/*
 * In JSON, values that hold others: cells_open() writes a key and what begins behind it, cells_close() what ends it,
 * and says what is due before the next cell.
 *
 *	cells_open(c, "maps", "[")	cells()  cells_end_row() …	cells_close(c, "]", ",")
 *	cells_open(c, "count", "")	cells()				cells_close(c, "}", ",")
 *					cells()				cells_close(c, "}\n", "{")
 */
void cells_open(struct cells *c, const char *key, const char *bracket);
void cells_close(struct cells *c, const char *bracket, const char *due);

#endif
