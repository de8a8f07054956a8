/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_struct_ops.c: the structs of functions of a good object, laid out by what may be a kernel's BTF.
 */
#include <stdio.h>
#include "fuzz.h"
#include "object/btf_view.h"
#include "relocate/struct_ops.h"

FUZZ_MAIN

#define STRUCTS_MAX 64 /* types of one input that a layout is tried by */

/* The object, once for all inputs; its arena is never given back. */
static const struct object *good_object(void)
{
	static struct arena arena;
	static struct object object;
	static u8 bytes[1 << 16];
	struct error error = {0};
	FILE *file;

	if (object.map_count)
		return &object;
	file = fopen(FIXTURES "maps.bpf.o", "rb");
	MUST(file);
	MUST(!object_open(
		&arena, &error, "maps", (struct bytes){bytes, fread(bytes, 1, sizeof(bytes), file)}, &object));
	fclose(file);
	return &object;
}

static void lay_out(struct arena *arena, struct error *error, const struct object *object, const struct map_spec *map,
	struct btf_view *view, u32 id)
{
	struct ops_layout layout;

	if (!fuzz_ok(error, ops_lay_out(arena, error, object, map, view, id, &layout))) {
		MUST(!layout.value_type_id);
		return;
	}
	MUST(layout.value_type_id == id && layout.struct_id);
	fuzz_read(layout.value, layout.value_size);
	for (u32 i = 0; i < map->slot_count; i++)
		MUST(range_ok(layout.places[i].offset, btf_view_pointer_size(view), layout.value_size));
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	const struct object *object = good_object();
	struct btf_source source = {.data = input.data, .size = input.size};
	struct btf_view view;

	if (!fuzz_ok(error, btf_view_open(&view, arena, error, &source, NULL)))
		return;
	for (u32 m = 0; m < object->map_count; m++) {
		const struct map_spec *map = &object->maps[m];
		u32 found, tried = 0;

		if (map->origin != MAP_FROM_OPS)
			continue;
		found = btf_view_find_one(&view, BTF_KIND_STRUCT, ops_value_name(arena, object, map));
		error_clear(error);
		if (found)
			lay_out(arena, error, object, map, &view, found);
		for (u32 id = 1; id < view.type_count && tried < STRUCTS_MAX; id++)
			if (btf_kind(btf_view_type(&view, id)) == BTF_KIND_STRUCT && ++tried) {
				error_clear(error);
				lay_out(arena, error, object, map, &view, id);
			}
		error_clear(error);
	}
}
