/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * maps_struct_ops.c: structs of functions that the kernel calls, each of which is a map. See parts.h.
 *
 *	SEC(".struct_ops.link")				a map of type struct_ops, named `mine`, one value
 *	struct tcp_congestion_ops mine = {
 *		.init = (void *)my_init,		a program, by a relocation (maps_slots.c)
 *		.name = "mine",				bytes of the value
 *	};
 *
 * The value here is laid out by the compiler's idea of the struct; the kernel's own may differ
 * (relocate/struct_ops.h). What is attached by a link has flag BPF_F_LINK (since 6.4), and a map from a '?' section is
 * made only on request.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "object/check.h"
#include "object/parts.h"

#define FLAG_LINK   (1u << 13) /* include/uapi/linux/bpf.h: BPF_F_LINK */
#define MEMBERS_MAX 512        /* kernels take 64 (include/linux/bpf.h: BPF_STRUCT_OPS_MAX_NR_MEMBERS) */

static const char sections[] = ".struct_ops\0.struct_ops.link\0?.struct_ops\0?.struct_ops.link";

bool is_ops_section(const struct elf_section *section)
{
	const char *name;

	for (u32 i = 0; (name = list_entry(sections, sizeof(sections), i)); i++)
		if (str_equal(section->name, name))
			return true;
	return false;
}

static int read_variable(
	struct builder *b, const struct elf_section *section, const struct elf_symbol *symbol, u32 var_id)
{
	const struct btf *btf = &b->object->btf;
	u32 id = btf_resolve(btf, btf_type(btf, var_id)->type);
	const struct btf_type *type = btf_type(btf, id);
	struct map_spec *map = add_map(b, symbol->name, MAP_FROM_OPS);

	if (btf_kind(type) != BTF_KIND_STRUCT || !*btf_name(btf, id))
		return btf_refuse(b->error, btf, type, "a struct with a name");
	if (check_count(b->error, "members", btf_vlen(type), MEMBERS_MAX))
		return -EINVAL;
	if (!section->data)
		return error_invalid(b->error, NO_BYTES);
	if (check_range(b->error, symbol->value, type->size, section->size) ||
		fill_map(b, map, section, symbol->value, type->size))
		return -b->error->errnum;
	map->type = BPF_MAP_TYPE_STRUCT_OPS;
	map->map_flags = str_ends(section->name, ".link") ? FLAG_LINK : 0;
	map->autocreate = section->name[0] != '?';
	map->btf_value_type_id = id;
	return 0;
}

int read_ops(struct builder *b)
{
	const struct elf *elf = &b->object->elf;
	int err = 0;

	for (u32 i = 1; !err && i < elf->section_count; i++)
		if (elf->sections[i].size && is_ops_section(&elf->sections[i]))
			err = read_variables(b, &elf->sections[i], "variable", read_variable);
	return err;
}
