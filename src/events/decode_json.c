/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * decode_json.c: by the plan from the bytes of an event to JSON. See decode.h.
 *
 * What is written next needs a character in front: '{' or '[' if it is the first within a struct or array, ',' if not.
 * As members may be missing, which one is first shows only on the way: so the bracket is not written when a struct
 * begins, but kept as the next separator.
 *
 *	step		separator before	written		separator after
 *	STRUCT_BEGIN	none			 		{
 *	"pid": 812	{			{"pid":812	,
 *	"comm": ls	,			,"comm":"ls"	,
 *	STRUCT_END	,			}		,	(and {} if the separator still is '{')
 */
#include "base/memory.h"
#include "events/decode.h"

#define STRING_FAST 1024 /* longer strings are written in pieces */

/* The loop one is in, and the one around it below. */
struct loop {
	u32 base; /* where this element begins in the event */
	u32 left; /* elements, this one included */
};

struct walk {
	struct text *text;
	const u8 *data;
	u32 size;
	char separator;    /* NUL: none */
	struct loop *loop; /* the innermost; the outermost is the event itself */
};

/* Separator and key, and room for step->room + `more` characters. NULL if a text in memory is full. */
static char *begin(struct walk *w, const struct decode_step *step, u32 more)
{
	char *p = text_room(w->text, step->room + more);

	if (!p)
		return NULL;
	*p = w->separator;
	p += w->separator != '\0';
	w->separator = ',';
	return copy_units(p, step->key, step->key_len);
}

/* One more character, at `p`: then all up to there counts. */
static void end_with(struct walk *w, char *p, char c)
{
	*p++ = c;
	text_wrote(w->text, p);
}

static void write_string(struct walk *w, const struct decode_step *step, const char *s, u32 len)
{
	u32 most = MIN(len, STRING_FAST), i = 0;
	char *p = begin(w, step, most), *start = p;

	if (!p)
		return;
	*p++ = '"';
	for (; i < most && s[i]; i++) {
		u8 c = (u8)s[i];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
		*p++ = (char)c;
	}
	if (i == len || !s[i]) {
		end_with(w, p, '"');
		return;
	}
	/* Not plain, or long: again, with care. */
	while (i < len && s[i])
		i++;
	text_wrote(w->text, start);
	text_json(w->text, s, i);
}

static void write_bytes(struct walk *w, const struct decode_step *step, const u8 *bytes, u32 len)
{
	char *p = begin(w, step, 0);

	if (!p)
		return;
	*p++ = '[';
	for (u32 i = 0; i < len; i++) {
		text_wrote(w->text, p);
		p = text_room(w->text, 8);
		if (!p)
			return;
		*p = ',';
		p = decimal_write_u32(p + (i != 0), bytes[i], 0);
	}
	text_wrote(w->text, p);
	text_char(w->text, ']');
}

/* The end of a struct or array, and its beginning if nothing of what is in it was there. */
static void end_with_bracket(struct walk *w, char open, char c)
{
	char *p = text_room(w->text, 2);

	if (!p)
		return;
	*p = open;
	p += w->separator == open;
	w->separator = ',';
	end_with(w, p, c);
}

/* Enters the loop, or passes it over if no element is there. Returns the index of the step done last. */
static u32 begin_array(struct walk *w, const struct decode_step *step, u32 i, u32 at)
{
	u32 count = step->stride ? MIN(step->count, (w->size - at) / step->stride) : 0;
	char *p = begin(w, step, 0);

	if (!p)
		return i;
	if (!count) {
		*p++ = '[';
		end_with(w, p, ']');
		return step->partner;
	}
	text_wrote(w->text, p);
	w->separator = '[';
	*++w->loop = (struct loop){.base = at, .left = count};
	return i;
}

static u32 end_array(struct walk *w, const struct decode_step *step, u32 i)
{
	if (--w->loop->left) {
		w->loop->base += step->stride;
		return step->partner;
	}
	w->loop--;
	end_with_bracket(w, '[', ']');
	return i;
}

static void begin_struct(struct walk *w, const struct decode_step *step)
{
	char *p = begin(w, step, 0);

	if (p)
		text_wrote(w->text, p);
	w->separator = '{';
}

/* Whether there is anything of a step that begins at `at` to be printed. */
static bool is_there(const struct decode_step *step, u32 at, u32 size)
{
	if (step->kind < VALUE_STRING)
		return range_ok(at, step->size, size);
	return at < size || (at == size && (!step->count || step->count == COUNT_OPEN));
}

/* One step; returns the index of the step done last. */
static u32 do_step(struct walk *w, const struct decode_step *step, u32 i)
{
	u32 at = w->loop->base + step->offset;
	const u8 *from = w->data + at;
	char *p;

	if (step->kind == STRUCT_END) {
		end_with_bracket(w, '{', '}');
		return i;
	}
	if (step->kind == ARRAY_END)
		return end_array(w, step, i);
	if (!is_there(step, at, w->size))
		return step->kind < STRUCT_BEGIN ? i : step->partner;
	if (step->kind < VALUE_STRING) {
		p = begin(w, step, 0);
		if (p)
			text_wrote(w->text, value_write(p, step, from, true));
	} else if (step->kind == VALUE_STRING) {
		write_string(w, step, (const char *)from, MIN(w->size - at, step->count));
	} else if (step->kind == VALUE_BYTES) {
		write_bytes(w, step, from, MIN(w->size - at, step->count));
	} else if (step->kind == ARRAY_BEGIN) {
		return begin_array(w, step, i, at);
	} else {
		begin_struct(w, step);
	}
	return i;
}

void decode_json_steps(const struct decode_plan *plan, struct text *text, u32 first, u32 last, const u8 *data, u32 size)
{
	struct loop loops[BTF_DEPTH + 2];
	struct walk walk = {.text = text, .data = data, .size = size, .loop = loops};
	const struct decode_step *step = &plan->steps[first];
	struct decode_step without_key;

	/* What stands alone cannot be left out. */
	if (!is_there(step, step->offset, size)) {
		text_string(text, step->kind == STRUCT_BEGIN ? "{}" : "null");
		return;
	}
	if (step->key_len) {
		without_key = *step;
		without_key.key_len = 0;
		step = &without_key;
	}
	loops[0] = (struct loop){.base = 0};
	for (u32 i = do_step(&walk, step, first) + 1; i <= last && !text->cut; i++)
		i = do_step(&walk, &plan->steps[i], i);
}

void decode_json(const struct decode_plan *plan, struct text *text, const u8 *data, u32 size)
{
	decode_json_steps(plan, text, 0, plan->count - 1, data, size);
}
