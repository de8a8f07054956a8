/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * externs.c: symbols that an object uses and does not define. See parts.h.
 *
 *	extern int LINUX_KERNEL_VERSION __kconfig;	in BTF a VAR in DATASEC ".kconfig"
 *	extern const int bpf_prog_active __ksym;	in BTF a VAR in DATASEC ".ksyms"
 *	extern int bpf_kfunc(int) __ksym;		in BTF a FUNC in DATASEC ".ksyms"
 *
 * Variables of the first kind get a home here: a map named .kconfig, to be filled in before it is loaded and frozen.
 * The file has no such section. Where each one stands in it is libbpf's choice: the widest alignment first, then the
 * smallest size, then by name.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define KCONFIG_MAX 4096 /* bytes of one variable; a string from .config is shorter */

static bool is_extern(const struct elf_symbol *symbol)
{
	return symbol->section == SHN_UNDEF && symbol->binding != STB_LOCAL && symbol->name[0];
}

static int compare_names(const void *a, const void *b)
{
	const struct extern_spec *x = a, *y = b;

	return str_order(x->name, (size_t)-1, y->name);
}

/* The first `len` characters of a string, which need no NUL behind them, or all of it. */
struct word {
	const char *name;
	size_t len;
};

static int compare_word(const void *element, const void *key)
{
	const struct extern_spec *external = element;
	const struct word *word = key;

	return -str_order(word->name, word->len, external->name);
}

int object_find_extern(const struct object *object, const char *name, size_t len)
{
	const struct word word = {name, len};
	u32 i = (u32)sort_find(object->externs, object->extern_count, sizeof(*object->externs), &word, compare_word);

	return i < object->extern_count && !compare_word(&object->externs[i], &word) ? (int)i : -1;
}

static int collect(struct builder *b)
{
	struct object *object = b->object;
	const struct elf *elf = &object->elf;

	object->externs = arena_alloc_array(b->arena, elf->symbol_count, sizeof(*object->externs));
	if (!object->externs)
		return error_no_memory(b->error);
	for (u32 i = 0; i < elf->symbol_count; i++)
		if (is_extern(&elf->symbols[i]))
			object->externs[object->extern_count++] = (struct extern_spec){
				.name = elf->symbols[i].name,
				.kind = EXTERN_UNKNOWN,
				.is_weak = elf->symbols[i].binding == STB_WEAK,
			};
	sort(object->externs, object->extern_count, sizeof(*object->externs), compare_names);
	return 0;
}

/* What a variable in .kconfig can be filled with. */
static enum kconfig_type kconfig_type(const struct btf *btf, const struct btf_type *t)
{
	bool is_bool = btf_int_encoding(t) & BTF_INT_BOOL;

	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		if (t->size == 1)
			return is_bool ? KCONFIG_BOOL : KCONFIG_CHAR;
		return !is_bool && (t->size == 2 || t->size == 4 || t->size == 8) ? KCONFIG_NUMBER : KCONFIG_NONE;
	case BTF_KIND_ENUM:
	case KIND_ENUM64:
		return t->size == (btf_kind(t) == BTF_KIND_ENUM ? 4 : 8) &&
				       str_equal(btf_string(btf, t->name_off), "libbpf_tristate")
			       ? KCONFIG_TRISTATE
			       : KCONFIG_NONE;
	case BTF_KIND_ARRAY:
		t = btf_inside(btf, t, BTF_KIND_ARRAY);
		return btf_kind(t) == BTF_KIND_INT && kconfig_type(btf, t) == KCONFIG_CHAR ? KCONFIG_STRING
											   : KCONFIG_NONE;
	}
	return KCONFIG_NONE;
}

static int read_kconfig(struct builder *b, struct extern_spec *external)
{
	const struct btf *btf = &b->object->btf;
	u32 id = btf_resolve(btf, external->type_id);

	external->kconfig_type = kconfig_type(btf, btf_type(btf, id));
	external->is_signed = btf_int_encoding(btf_type(btf, id)) & BTF_INT_SIGNED;
	if (external->kconfig_type == KCONFIG_NONE)
		return btf_refuse(
			b->error, btf, btf_type(btf, id), "bool, char, an integer, char[] or enum libbpf_tristate");
	if (!btf_size_of(btf, id, &external->size) || !external->size)
		return error_invalid(b->error, "it has no size");
	return check_count(b->error, "bytes", external->size, KCONFIG_MAX);
}

/* What a section of BTF says about the externs in it. */
static int classify(struct builder *b, u32 datasec, bool is_kconfig)
{
	const struct btf *btf = &b->object->btf;
	const struct btf_type *section = btf_type(btf, datasec);

	for (u32 i = 0; datasec && i < btf_vlen(section); i++) {
		u32 id = btf_secinfos(section)[i].type;
		bool is_function = btf_kind(btf_type(btf, id)) == BTF_KIND_FUNC;
		const char *name = btf_name(btf, id);
		int index = object_find_extern(b->object, name, (size_t)-1);
		struct extern_spec *external = &b->object->externs[MAX(index, 0)];

		if (index < 0 || (is_kconfig && is_function))
			continue;
		external->kind = is_kconfig ? EXTERN_KCONFIG : is_function ? EXTERN_KFUNC : EXTERN_KSYM;
		external->btf_id = id;
		external->type_id = btf_type(btf, id)->type;
		if (is_kconfig && read_kconfig(b, external))
			return error_in(b->error, ".kconfig: extern '%s'", name);
	}
	return 0;
}

static u64 alignment(const struct extern_spec *external)
{
	return external->kconfig_type == KCONFIG_STRING ? 1 : external->size;
}

/* Externs that are equal so far stand in memory by their names. */
static int compare_places(const void *a, const void *b)
{
	struct extern_spec *const *x = a, *const *y = b;
	int order = compare_u64(alignment(*y), alignment(*x));

	if (!order)
		order = compare_u64((*x)->size, (*y)->size);
	return order ? order : compare_u64(ptr_to_u64(*x), ptr_to_u64(*y));
}

static int add_kconfig_map(struct builder *b, u64 size, u32 datasec)
{
	struct map_spec *map = add_map(b, ".kconfig", MAP_FROM_KCONFIG);

	b->object->kconfig_map = (u32)(map - b->object->maps);
	map->map_flags = BPF_F_RDONLY_PROG;
	map->read_only = true;
	map->btf_value_type_id = datasec;
	return fill_map(b, map, NULL, 0, size);
}

static int place_kconfig(struct builder *b, u32 datasec)
{
	struct object *object = b->object;
	struct extern_spec **placed = arena_alloc_array(b->arena, object->extern_count, sizeof(*placed));
	u32 count = 0;
	u64 end = 0;

	if (!placed)
		return error_no_memory(b->error);
	for (u32 i = 0; i < object->extern_count; i++)
		if (object->externs[i].kind == EXTERN_KCONFIG)
			placed[count++] = &object->externs[i];
	sort(placed, count, sizeof(*placed), compare_places);
	for (u32 i = 0; i < count; i++) {
		placed[i]->offset = round_up(end, alignment(placed[i]));
		end = placed[i]->offset + placed[i]->size;
	}
	return end ? add_kconfig_map(b, end, datasec) : 0;
}

int read_externs(struct builder *b)
{
	const struct object *object = b->object;
	u32 kconfig;
	int err = collect(b);

	if (err || !object->has_btf || !object->extern_count)
		return err;
	kconfig = btf_find(&object->btf, BTF_KIND_DATASEC, ".kconfig");
	err = classify(b, btf_find(&object->btf, BTF_KIND_DATASEC, ".ksyms"), false);
	if (!err)
		err = classify(b, kconfig, true);
	return err ? err : place_kconfig(b, kconfig);
}
