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
#include "base/memory.h"
#include "base/nearest.h"
#include "base/string.h"
#include "base/text.h"
#include "events/event_type.h"

#define NAME_MAX 128

bool event_map(const struct map_spec *map)
{
	return map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || map->type == BPF_MAP_TYPE_RINGBUF;
}

static bool is_struct(const struct btf *btf, u32 id)
{
	u32 kind = btf_kind(btf_type(btf, btf_resolve(btf, id)));

	return kind == BTF_KIND_STRUCT || kind == BTF_KIND_UNION;
}

/* A struct, union, or typedef of one, by name; 0 if there is none. */
static u32 find_struct(const struct btf *btf, const char *name)
{
	static const u8 kinds[] = {BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_TYPEDEF};

	for (size_t i = 0; *name && i < ARRAY_SIZE(kinds); i++) {
		u32 id = btf_find(btf, kinds[i], name);

		if (id && is_struct(btf, id))
			return id;
	}
	return 0;
}

/* The i-th name that a map's name suggests for one of its events; false behind the last. */
static bool singular(const char *plural, u32 i, char name[NAME_MAX])
{
	static const char endings[] = "s\0\0"
				      "s\0_t\0"
				      "ies\0y\0"
				      "es\0\0"
				      "\0\0"
				      "\0_t";
	const char *ending = list_entry(endings, sizeof(endings), 2 * i);
	struct text text = text_in(name, NAME_MAX);

	if (!ending)
		return false;
	if (str_ends(plural, ending)) {
		text_bytes(&text, plural, str_len(plural) - str_len(ending));
		text_string(&text, list_entry(endings, sizeof(endings), 2 * i + 1));
	}
	return true;
}

static bool suggests(const char *map_name, const char *type_name)
{
	char name[NAME_MAX];

	for (u32 i = 0; singular(map_name, i, name); i++)
		if (*name && str_equal(name, type_name))
			return true;
	return false;
}

/* The struct that a variable of the idiom points to, or 0. */
static u32 unused_pointee(const struct btf *btf, u32 id)
{
	const struct btf_type *t = btf_type(btf, id);
	const struct btf_type *pointer;

	if (btf_kind(t) != BTF_KIND_VAR || !bytes_find(btf_name(btf, id), str_len(btf_name(btf, id)), "unused", 6))
		return 0;
	pointer = btf_type(btf, btf_resolve(btf, t->type));
	return btf_kind(pointer) == BTF_KIND_PTR && is_struct(btf, pointer->type) ? pointer->type : 0;
}

/* The name of what the pointer points to: behind const and the like, but a typedef's own. */
static const char *pointee_name(const struct btf *btf, u32 id)
{
	for (int depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *t = btf_type(btf, id);

		if (t->name_off && btf_kind(t) != KIND_TYPE_TAG)
			break;
		if (btf_resolve(btf, id) == id)
			break;
		id = t->type;
	}
	return btf_name(btf, id);
}

/* Whether the name of another map of events speaks for that type. */
static bool is_claimed(const struct object *object, u32 map, const char *type_name)
{
	for (u32 i = 0; i < object->map_count; i++)
		if (i != map && event_map(&object->maps[i]) && suggests(object->maps[i].name, type_name))
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
		if (suggests(object->maps[map].name, pointee_name(btf, type)))
			return type;
		count += !only || btf_resolve(btf, type) != btf_resolve(btf, only);
		only = type;
	}
	return count == 1 && !is_claimed(object, map, pointee_name(btf, only)) ? only : 0;
}

static u32 find_by_map_name(const struct object *object, u32 map)
{
	char name[NAME_MAX];
	u32 id = 0;

	for (u32 i = 0; !id && singular(object->maps[map].name, i, name); i++)
		id = find_struct(&object->btf, name);
	return id;
}

static int find_wanted(const struct object *object, const char *wanted, u32 *type_id, struct error *error)
{
	const char *blank = str_find_last(wanted, ' ');
	struct nearest nearest = {.count = 0};

	if (!object->has_btf)
		return error_set(error, ENOENT, "no struct '%s': the object has no BTF; compile it with -g", wanted);
	wanted = blank ? blank + 1 : wanted; /* "struct event" */
	*type_id = find_struct(&object->btf, wanted);
	if (*type_id)
		return 0;
	nearest.wanted = wanted;
	for (u32 id = 1; id < object->btf.type_count; id++)
		if (is_struct(&object->btf, id))
			nearest_look(&nearest, btf_name(&object->btf, id));
	error_set(error, ENOENT, "the object's types have no struct '%s'", wanted);
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
	if (spec->btf_value_type_id && is_struct(&object->btf, spec->btf_value_type_id))
		*type_id = spec->btf_value_type_id;
	if (!*type_id)
		*type_id = find_unused(object, map);
	if (!*type_id)
		*type_id = find_by_map_name(object, map);
	return 0;
}
