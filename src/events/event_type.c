/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * event_type.c: which struct do the events of a map hold? See event_type.h for the order in which it is asked.
 *
 * The third answer is a habit. Compilers describe only the types of what they emit, and an event lives on a stack or is
 * reserved in a ring; so authors who want its type in the object declare a pointer to it that nobody uses,
 *
 *	const struct event *unused __attribute__((unused));	VAR 'unused' -> PTR -> CONST -> STRUCT 'event'
 *
 * and bpf2go and others generate code from it. With several maps or several such pointers, names decide.
 */
#include <linux/errno.h>
#include "base/nearest.h"
#include "base/string.h"
#include "events/event_type.h"

#define NO_RANK U32_MAX

bool map_carries_events(const struct map_spec *map)
{
	return map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || map->type == BPF_MAP_TYPE_RINGBUF;
}

/* A struct, a union, or a typedef of one. */
static bool is_struct(const struct btf *btf, u32 id)
{
	u32 kind = btf_kind(btf_resolved(btf, id));

	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

/* How well a map's name suggests a type's, 0 best: by what is left of both where they part. */
static u32 rank(const char *map_name, const char *type_name)
{
	static const char endings[] = "s\0\0"
				      "s\0_t\0"
				      "ies\0y\0"
				      "es\0\0"
				      "\0\0"
				      "\0_t";
	const char *ending;

	if (!*type_name)
		return NO_RANK;
	for (; *map_name && *map_name == *type_name; map_name++)
		type_name++;
	for (u32 i = 0; (ending = list_entry(endings, sizeof(endings), i)); i += 2)
		if (str_equal(map_name, ending) && str_equal(type_name, list_entry(endings, sizeof(endings), i + 1)))
			return i;
	return NO_RANK;
}

/* The type whose name a map's suggests most, or 0. */
static u32 find_by_map_name(const struct btf *btf, const char *map_name)
{
	u32 best = NO_RANK, found = 0;

	for (u32 id = 1; id < btf->type_count; id++) {
		u32 this = rank(map_name, btf_name(btf, id));

		if (this < best && is_struct(btf, id)) {
			best = this;
			found = id;
		}
	}
	return found;
}

/* The struct that a variable of the idiom points to: behind const and the like, but a typedef itself; or 0. */
static u32 unused_pointee(const struct btf *btf, u32 id)
{
	const struct btf_type *t = btf_type(btf, id);

	if (btf_kind(t) != BTF_KIND_VAR || !str_behind(btf_name(btf, id), "unused"))
		return 0;
	t = btf_resolved(btf, t->type);
	if (btf_kind(t) != BTF_KIND_PTR || !is_struct(btf, t->type))
		return 0;
	for (id = t->type; t = btf_type(btf, id), btf_is_modifier(t) && btf_kind(t) != BTF_KIND_TYPEDEF;)
		id = t->type;
	return id;
}

/* Whether the name of another map of events speaks for that type. */
static bool is_claimed(const struct object *object, u32 map, const char *type_name)
{
	for (u32 i = 0; i < object->map_count; i++)
		if (i != map && map_carries_events(&object->maps[i]) &&
			rank(object->maps[i].name, type_name) != NO_RANK)
			return true;
	return false;
}

/* A pointer to a type of the map's name, or else the only one there is, unless it is another map's by name. */
static u32 find_unused(const struct object *object, u32 map)
{
	const struct btf *btf = &object->btf;
	u32 only = 0, count = 0;

	for (u32 id = 1; id < btf->type_count; id++) {
		u32 type = unused_pointee(btf, id);

		if (!type)
			continue;
		if (rank(object->maps[map].name, btf_name(btf, type)) != NO_RANK)
			return type;
		count += !only || btf_resolve(btf, type) != btf_resolve(btf, only);
		only = type;
	}
	return count == 1 && !is_claimed(object, map, btf_name(btf, only)) ? only : 0;
}

static int find_wanted(const struct object *object, const char *wanted, u32 *type_id, struct error *error)
{
	const char *blank = str_find_last(wanted, ' '); /* "struct event" */
	const struct btf *btf = &object->btf;
	static struct nearest nearest;

	nearest.wanted = blank ? blank + 1 : wanted;
	nearest.count = 0;
	if (!object->has_btf)
		return error_set(error, ENOENT, "no struct '%s': the object has no BTF; compile it with -g", wanted);
	for (u32 id = 1; id < btf->type_count; id++) {
		const char *name = btf_name(btf, id);

		if (!*name || !is_struct(btf, id))
			continue;
		if (str_equal(name, nearest.wanted)) {
			*type_id = id;
			return 0;
		}
		nearest_look(&nearest, name);
	}
	error_set(error, ENOENT, "the object's types have no struct '%s'", nearest.wanted);
	return nearest_hint(error, &nearest);
}

int event_type_find(const struct object *object, u32 map, const char *wanted, u32 *type_id, struct error *error)
{
	const struct map_spec *spec = &object->maps[map];

	*type_id = 0;
	if (wanted)
		return find_wanted(object, wanted, type_id, error);
	if (!object->has_btf)
		return 0;
	if (is_struct(&object->btf, spec->btf_value_type_id))
		*type_id = spec->btf_value_type_id;
	if (!*type_id)
		*type_id = find_unused(object, map);
	if (!*type_id)
		*type_id = find_by_map_name(&object->btf, spec->name);
	return 0;
}
