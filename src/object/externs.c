/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * externs.c: symbols that an object uses and does not define. See parts.h.
 *
 *	extern int LINUX_KERNEL_VERSION __kconfig;	in BTF a VAR in DATASEC ".kconfig"
 *	extern const int bpf_prog_active __ksym;	in BTF a VAR in DATASEC ".ksyms"
 *	extern int bpf_kfunc(int) __ksym;		in BTF a FUNC in DATASEC ".ksyms"
 *
 * Variables of the first kind get a home here: a map named .kconfig, each at an offset that is a multiple of 8, to be
 * filled in before it is loaded and frozen. The file has no such section.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "object/parts.h"

#define KCONFIG_MAX 4096 /* bytes of one variable; a string from .config is shorter */

static bool is_extern(const struct elf_symbol *symbol)
{
	return symbol->section == SHN_UNDEF && symbol->binding != STB_LOCAL && symbol->name[0];
}

static int place_kconfig(struct builder *b, struct extern_spec *external, u64 *end)
{
	external->type_id = btf_type(&b->object->btf, external->btf_id)->type;
	if (!btf_size_of(&b->object->btf, external->type_id, &external->size) || !external->size ||
		external->size > KCONFIG_MAX)
		return error_set(b->error, EINVAL, ".kconfig: extern '%s' (type [%u]) has no usable size",
			external->name, external->type_id);
	external->offset = round_up(*end, 8);
	*end = external->offset + external->size;
	return 0;
}

/* What BTF says about an extern: which of the two sections lists it, and whether as a variable or a function. */
static void classify(struct builder *b, struct extern_spec *external, u32 kconfig, u32 ksyms)
{
	const struct btf *btf = &b->object->btf;

	external->kind = EXTERN_UNKNOWN;
	external->btf_id = kconfig ? find_var(btf, kconfig, external->name) : 0;
	if (external->btf_id) {
		external->kind = EXTERN_KCONFIG;
		return;
	}
	external->btf_id = ksyms ? find_var(btf, ksyms, external->name) : 0;
	if (external->btf_id)
		external->kind =
			btf_kind(btf_type(btf, external->btf_id)) == BTF_KIND_FUNC ? EXTERN_KFUNC : EXTERN_KSYM;
}

static int add_kconfig_map(struct builder *b, u64 size, u32 datasec)
{
	struct map_spec *map;

	if (size > U32_MAX)
		return error_set(b->error, EINVAL, ".kconfig: %llu bytes of externs", size);
	map = add_map(b, ".kconfig", MAP_FROM_KCONFIG);
	map->size = size;
	map->type = BPF_MAP_TYPE_ARRAY;
	map->key_size = sizeof(u32);
	map->value_size = (u32)size;
	map->max_entries = 1;
	map->map_flags = BPF_F_RDONLY_PROG;
	map->read_only = true;
	map->btf_value_type_id = datasec;
	map->initial = arena_alloc(b->arena, (size_t)size);
	return map->initial ? 0 : error_no_memory(b->error);
}

int read_externs(struct builder *b)
{
	struct object *object = b->object;
	const struct elf *elf = &object->elf;
	u32 kconfig = object->has_btf ? btf_find(&object->btf, BTF_KIND_DATASEC, ".kconfig") : 0;
	u32 ksyms = object->has_btf ? btf_find(&object->btf, BTF_KIND_DATASEC, ".ksyms") : 0;
	u64 end = 0;
	u32 count = 0;

	for (u32 i = 0; i < elf->symbol_count; i++)
		count += is_extern(&elf->symbols[i]);
	object->externs = arena_alloc_array(b->arena, count, sizeof(*object->externs));
	if (!object->externs)
		return error_no_memory(b->error);
	for (u32 i = 0; i < elf->symbol_count; i++) {
		struct extern_spec *external = &object->externs[object->extern_count];
		int err = 0;

		if (!is_extern(&elf->symbols[i]))
			continue;
		object->extern_count++;
		external->name = elf->symbols[i].name;
		external->symbol = i;
		external->is_weak = elf->symbols[i].binding == STB_WEAK;
		classify(b, external, kconfig, ksyms);
		if (external->kind == EXTERN_KCONFIG)
			err = place_kconfig(b, external, &end);
		if (err)
			return err;
	}
	return end ? add_kconfig_map(b, end, kconfig) : 0;
}
