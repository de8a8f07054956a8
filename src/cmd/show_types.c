/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show_types.c: the types of an object that its maps and events are made of.
 */
#include "cmd/show.h"
#include "events/event_type.h"
#include "object/btf_print.h"

#define DEPTH          8         /* of types within types that are shown with them */
#define DEFINITION_MAX (1 << 18) /* characters of one type; the kernel's largest has some 20,000 */

enum { SEEN = 1, MARKED = 2 }; /* only MARKED ones are shown */

#define KIND(kind) (1u << (kind))
#define ENUMS      (KIND(BTF_KIND_ENUM) | KIND(KIND_ENUM64))
#define STRUCTS    (KIND(BTF_KIND_STRUCT) | KIND(BTF_KIND_UNION))
#define NAMED      (STRUCTS | ENUMS | KIND(BTF_KIND_TYPEDEF)) /* kinds worth a definition, if they have a name */

static u32 kind_bit(const struct btf *btf, u32 id)
{
	return KIND(btf_kind(btf_type(btf, id)));
}

/* A typedef of what has a name itself says nothing new. */
static bool is_worth_it(const struct btf *btf, u32 id)
{
	const struct btf_type *t = btf_type(btf, id);

	if (kind_bit(btf, id) & KIND(BTF_KIND_TYPEDEF)) {
		id = t->type;
		return kind_bit(btf, id) & (STRUCTS | ENUMS) && !btf_type(btf, id)->name_off;
	}
	return kind_bit(btf, id) & (STRUCTS | ENUMS) && t->name_off;
}

/*
 * Marks what a value of this type is made of; a section's variables, too, and what they point to. The rows of all
 * kinds that have any are three words:
 *
 *	struct btf_member	| name_off | type     | offset |
 *	struct btf_var_secinfo	| type     | offset   | size   |
 *	struct btf_array	| type     | index's  | nelems |
 */
static void mark(struct show *s, u32 id, u32 depth)
{
	const struct btf *btf = &s->object->btf;
	const struct btf_type *t = btf_type(btf, id);
	u32 kind = kind_bit(btf, id), rows = 0, next = 0;

	if (!id || !depth || s->marks[id])
		return;
	s->marks[id] = is_worth_it(btf, id) ? SEEN | MARKED : SEEN;
	if (btf_is_modifier(t))
		next = t->type;
	else if (kind & KIND(BTF_KIND_VAR))
		next = kind_bit(btf, t->type) & KIND(BTF_KIND_PTR) ? btf_type(btf, t->type)->type : t->type;
	else if (kind & KIND(BTF_KIND_ARRAY))
		rows = 1;
	else if (kind & (STRUCTS | KIND(BTF_KIND_DATASEC)))
		rows = btf_vlen(t);
	mark(s, next, depth - 1);
	for (u32 i = 0; i < rows; i++)
		mark(s, ((const u32 *)btf_rows(t))[3 * i + !!(kind & STRUCTS)], depth - 1);
}

bool show_mark_types(struct show *s, struct arena *arena, bool all)
{
	const struct object *object = s->object;
	const struct btf *btf = &object->btf;
	static struct error ignored;

	s->marks = arena_alloc(arena, btf->type_count);
	s->definition = arena_alloc(arena, DEFINITION_MAX);
	if (!s->marks || !s->definition)
		return false;
	if (!object->has_btf)
		return true;
	for (u32 i = 0; i < object->map_count; i++) {
		const struct map_spec *map = &object->maps[i];
		u32 event = 0;

		if (map_carries_events(map))
			event_type_find(object, i, NULL, &event, &ignored);
		mark(s, map->btf_key_type_id, DEPTH);
		mark(s, map->btf_value_type_id, DEPTH);
		mark(s, event, DEPTH);
	}
	for (u32 id = 1; all && id < btf->type_count; id++)
		if (kind_bit(btf, id) & NAMED && *btf_name(btf, id))
			s->marks[id] |= MARKED;
	return true;
}

void show_type(struct show *s, u32 id)
{
	const struct btf *btf = &s->object->btf;
	struct text t = text_in(s->definition, DEFINITION_MAX);
	bool json = s->cells->mode == CELLS_JSON;
	u64 size = 0;

	if (!(s->marks[id] & MARKED))
		return;
	if (s->cells->mode != CELLS_MEASURE)
		btf_print_definition(&t, btf, id, json ? 0 : 1);
	if (s->cells->mode == CELLS_TABLE)
		text_printf(s->cells->out, "%.*s", (int)t.len, t.buf);
	if (json) {
		btf_size_of(btf, id, &size);
		cells(s->cells, "id %u kind %s name %s size %llu definition %s", id, btf_kind_word(btf_type(btf, id)),
			btf_name(btf, id), size, t.buf);
	}
	cells_end_row(s->cells);
}
