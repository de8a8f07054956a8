/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_fix.c: what a compiler leaves open in BTF, filled in from the rest of the object. See btf_fix.h.
 */
#include <linux/errno.h>
#include "base/sort.h"
#include "base/string.h"
#include "relocate/btf_fix.h"

/* An extern of .kconfig is where object_open() has put it, and becomes a variable like others. */
static bool fix_extern(const struct object *object, struct btf_var_secinfo *place)
{
	int index = object_find_extern(object, btf_name(&object->btf, place->type), (size_t)-1);
	const struct extern_spec *external = &object->externs[index < 0 ? 0 : index];

	if (index < 0 || external->kind != EXTERN_KCONFIG || external->btf_id != place->type)
		return false;
	place->offset = (u32)external->offset;
	btf_var(btf_type(&object->btf, place->type))->linkage = BTF_VAR_GLOBAL_ALLOCATED;
	return true;
}

/* Static variables, whose names need not be unique, have their offset from the compiler. */
static bool fix_variable(const struct object *object, u32 section, struct btf_var_secinfo *place)
{
	const struct btf_type *var = btf_type(&object->btf, place->type);
	const struct elf_symbol *symbol;

	if (btf_kind(var) != BTF_KIND_VAR || btf_var(var)->linkage != BTF_VAR_GLOBAL_ALLOCATED)
		return true;
	symbol = object_find_symbol(object, section, btf_name(&object->btf, place->type));
	/* clang 14 says of one without bytes that it is in .data, and puts it into .bss. */
	if (!symbol)
		return !place->size;
	place->offset = (u32)symbol->value;
	if (symbol->is_hidden)
		btf_var(var)->linkage = BTF_VAR_STATIC;
	return true;
}

static int compare_places(const void *a, const void *b)
{
	const struct btf_var_secinfo *x = a, *y = b;

	return compare_u64(x->offset, y->offset);
}

static int fix_datasec(struct error *error, struct object *object, u32 id)
{
	struct btf_type *datasec = object->btf.index[id];
	const char *name = btf_name(&object->btf, id);
	bool is_kconfig = str_equal(name, ".kconfig");
	const struct elf_section *section = is_kconfig ? NULL : elf_find_section(&object->elf, name);
	struct btf_var_secinfo *places = btf_secinfos(datasec);

	/* .ksyms is no section either; it keeps size 0, and btf_cut() takes it away. */
	if (!section && !is_kconfig)
		return 0;
	for (u32 i = 0; i < btf_vlen(datasec); i++)
		if (!(section ? fix_variable(object, section->index, &places[i]) : fix_extern(object, &places[i])))
			return error_set(error, ENOENT, "BTF: section '%s': variable '%s' [%u] has no symbol there",
				name, btf_name(&object->btf, places[i].type), places[i].type);
	/* The DATASEC of a map's value must be as large as the value (kernel/bpf/syscall.c:map_check_btf()). */
	datasec->size = is_kconfig ? object->maps[object->kconfig_map].value_size : (u32)section->size;
	sort(places, btf_vlen(datasec), sizeof(*places), compare_places);
	return 0;
}

/* Functions that are hidden become static, unless they are: those of several files may share a name. */
static int hide_functions(struct arena *arena, struct error *error, struct object *object)
{
	struct names hidden;

	if (names_make_room(arena, error, &hidden, object->prog_count))
		return -ENOMEM;
	for (u32 i = 0; i < object->prog_count; i++) {
		const struct elf_symbol *symbol = &object->elf.symbols[object->progs[i].symbol];

		if (object->progs[i].is_subprogram && symbol->binding != STB_LOCAL && symbol->is_hidden)
			names_add(&hidden, 0, symbol->name, i);
	}
	names_sort(&hidden);
	for (u32 id = 1; id < object->btf.type_count; id++) {
		struct btf_type *t = object->btf.index[id];

		if (btf_kind(t) == BTF_KIND_FUNC && names_find(&hidden, 0, btf_name(&object->btf, id)))
			t->info = (u32)BTF_KIND_FUNC << 24 | BTF_FUNC_STATIC;
	}
	return 0;
}

int btf_fix(struct arena *arena, struct error *error, struct object *object)
{
	const struct btf *btf = &object->btf;
	int err = 0;

	if (!object->has_btf)
		return 0;
	for (u32 id = 1; !err && id < btf->type_count; id++)
		if (btf_kind(btf_type(btf, id)) == BTF_KIND_DATASEC)
			err = fix_datasec(error, object, id);
	return err ? err : hide_functions(arena, error, object);
}
