/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * decode.h: from a BTF type to a plan, and by the plan from the bytes of an event to text.
 *
 * Types are looked up once, when the plan is made. It is a flat list of steps; an event is one walk along it:
 *
 *	struct event {					plan
 *							STRUCT_BEGIN	at 0	count 28
 *		__u32 pid;				VALUE_UNSIGNED	at 0	size 4		"pid":
 *		char comm[16];				VALUE_STRING	at 4	count 16	"comm":
 *		struct { __u16 port; } to[4];		ARRAY_BEGIN	at 20	count 4 of 2	"to":
 *	};						STRUCT_BEGIN	at 0	count 2
 *							VALUE_UNSIGNED	at 0	size 2		"port":
 *							STRUCT_END
 *							ARRAY_END	2 bytes on, and back behind ARRAY_BEGIN
 *							STRUCT_END
 *
 * Arrays are loops, not copies, so the plan is as long as the declaration in C. Members of anonymous structs and
 * unions stand among those around them, as in C; of a union all members are printed.
 *
 * What becomes what:
 *
 *	type				JSON				table
 *	---------------------------------------------------------------------------------------
 *	integers of 1 to 16 bytes	123				123
 *	bit fields			123				123
 *	_Bool				true				true
 *	char				"x"; "" for NUL			x
 *	enum				"NAME"; 123 if it has none	NAME; 123
 *	float, double			0.5; null if not finite		0.5; nan, inf, -inf
 *	pointers			"0xffff888000000000"		0xffff888000000000
 *	char[]				"up to the first NUL"		up to the first NUL
 *	__u8[]				[1,2,3]				010203
 *	other arrays			[1,2,3]				[1,2,3]
 *	struct, union			{"a":1,"b":2}			a column each
 *
 * An event may be shorter than its type (programs send what they filled in). A value that is not there, or not
 * entirely, is left out in JSON and "-" in a table; of strings and arrays the part that is there is printed.
 * (A value that is the whole event is null in JSON.)
 * An array without a size at the end of a struct takes what is left of the event, which may include a few bytes
 * of the kernel's padding.
 */
#ifndef EVENTS_DECODE_H
#define EVENTS_DECODE_H

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"
#include "events/value.h"
#include "object/btf.h"

#define DECODE_STEPS_MAX 4096       /* a plan has no more */
#define DECODE_SIZE_MAX  (1u << 30) /* no type, and no event, is larger */
#define DECODE_NAME_MAX  255        /* what is longer is cut */

struct decode_plan {
	struct decode_step *steps;
	u32 count;
	u32 size;         /* of the type, in bytes */
	const char *name; /* of the type, "" if it has none */
};

/*
 * Makes the plan for values of type `id` (< type_count; typedefs and the like are followed). Everything is the
 * arena's; names are copied, so that `btf` may go. -EINVAL if no value can have that type, -E2BIG if it has more
 * than DECODE_STEPS_MAX parts or more than DECODE_SIZE_MAX bytes or is nested too deep, -ENOMEM; the message names
 * the type.
 */
int decode_plan_make(struct arena *arena, struct error *error, const struct btf *btf, u32 id, struct decode_plan *plan);

/*
 * The name as JSON, cut to DECODE_NAME_MAX bytes, with up to 10 characters before and behind; *len characters in all,
 * for copy_units(). NULL if there is no memory.
 */
const char *decode_quote(struct arena *arena, const char *before, const char *name, const char *behind, u32 *len);

/* Writes the `size` bytes at `data` as JSON. The text's buffer should have 4 KiB or more. */
void decode_json(const struct decode_plan *plan, struct text *text, const u8 *data, u32 size);

/*
 * The same for the steps from `first` to `last` alone, without the first one's key: a value of its own, a string,
 * or a struct or array from its beginning to its end; not within an array.
 */
void decode_json_steps(
	const struct decode_plan *plan, struct text *text, u32 first, u32 last, const u8 *data, u32 size);

#endif
