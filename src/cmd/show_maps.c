/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show_maps.c: the maps that an object asks for.
 */
#include "base/string.h"
#include "cmd/show.h"

/* What map_note() says first, then what it says later: pinning, and the bits of map_flags from 0 on
 * (include/uapi/linux/bpf.h: BPF_F_NO_PREALLOC and what follows). */
static const char first_notes[] =
	"old style\0set at load\0first value in the file\0zeros\0an entry for each CPU\0as a model\0"
	"'?': only on request";
static const char flag_notes[] =
	"pinned by name\0no_prealloc\0no_common_lru\0numa_node\0rdonly\0wronly\0stack_build_id\0"
	"zero_seed\0rdonly_prog\0wronly_prog\0clone\0mmapable\0preserve_elems\0inner_map\0link\0"
	"path_fd\0vtype_btf_fd\0token_fd\0segv_on_fault\0no_user_conv";

/* Those words of a list whose bits are set, with ", " before each. */
static void put_notes(struct text *t, const char *list, size_t size, u32 bits)
{
	const char *word;

	for (u32 i = 0; (word = list_entry(list, size, i)); i++)
		if (bits >> i & 1)
			text_printf(t, ", %s", word);
}

/* What else there is to say; `key` and `value` are types. */
static OUT_OF_LINE const char *map_note(const struct map_spec *map, const char *key, const char *value)
{
	bool is_data = map->origin == MAP_FROM_DATA, is_model = map->origin == MAP_INNER;
	struct text text = show_text(2), *t = &text;

	put_notes(t, first_notes, sizeof(first_notes),
		(u32)(map->origin == MAP_FROM_STRUCT) << 0 | (u32)(map->origin == MAP_FROM_KCONFIG) << 1 |
			(u32)(is_data && map->initial) << 2 | (u32)(is_data && !map->initial) << 3 |
			(u32)(map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !map->max_entries) << 4 |
			(u32)is_model << 5 | (u32)(!is_model && !map->autocreate) << 6);
	if (map->inner)
		text_printf(t, ", of maps like %s", map->inner->name);
	if (map->data_section)
		text_string(t, ", with variables");
	for (u32 i = 0; i < map->slot_count; i++)
		text_printf(t, ", [%u] = %s", map->slots[i].at, map->slots[i].name);
	put_notes(t, flag_notes, sizeof(flag_notes), map->map_flags << 1 | map->pin_by_name);
	if (map->btf_key_type_id && map->btf_value_type_id)
		text_printf(t, ", %s -> %s", key, value);
	return t->len ? t->buf + 2 : "";
}

void show_map(struct show *s, u32 i)
{
	static const char origins[][11] = {"btf", "struct", "data", "kconfig", "struct_ops", "inner"};
	const struct map_spec *map = &s->object->maps[i];
	const char *key = show_declaration(s, 0, map->btf_key_type_id, "");
	const char *value = show_declaration(s, 1, map->btf_value_type_id, "");
	struct cells *c = s->cells;

	cells(c, "name %s type %s", map->name, map_type_name(map->type));
	cells(c, c->mode == CELLS_JSON ? "key_size %u value_size %u max_entries %u" : "key %u value %u entries %u",
		map->key_size, map->value_size, map->max_entries);
	cells(c, "{map_flags %u origin %s pinning %s key %s value %s autocreate %d inner %s} [note %s]", map->map_flags,
		origins[map->origin], map->pin_by_name ? "by_name" : "", key, value, map->autocreate,
		map->inner ? map->inner->name : "", map_note(map, key, value));
	if (c->mode == CELLS_JSON) {
		/* `slot` is the key or, for a struct of functions, the member's number in the struct. */
		cells_open(c, "slots", "[");
		for (u32 n = 0; n < map->slot_count; n++) {
			cells(c, "slot %u target %s", map->slots[n].at, map->slots[n].name);
			cells_end_row(c);
		}
		cells_close(c, "]", ",");
	}
	cells_end_row(c);
}
