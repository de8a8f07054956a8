/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_object.c: what an object asks for: programs, maps, data, externs and references, right and broken.
 */
#define OBJECT FIXTURES "object.bpf.o"
#define EDITED OBJECT

#include "edited.h"
#include "base/memory.h"
#include "base/string.h"
#include "object/object.h"

#define CODE        "kprobe/do_exit+4"
#define RELOCATIONS ".rel" CODE
#define LEGACY      FIXTURES "legacy.bpf.o"

static struct object object;

static int open_edited(void)
{
	return object_open(&arena, &error, "dir/object.bpf.o", e.file, &object);
}

static void open_fixture(const char *path)
{
	edit_anew(path);
	assert_no_error(&error, open_edited());
}

static void refuse(const char *path, int errnum, const char *message)
{
	int err = open_edited();

	if (strncmp(error.message, "dir/object.bpf.o: ", 18))
		fail_msg("%d, '%s'", err, error.message);
	assert_error(&error, err, errnum, message);
	edit_anew(path);
}

/* The type with that name and kind in the object's .BTF as it is in the file, to be broken there. */
static struct btf_type *edit_type(u32 kind, const char *name)
{
	struct btf_header *header = (struct btf_header *)edit_bytes(&e, ".BTF");
	const char *strings = (const char *)header + header->hdr_len + header->str_off;
	u8 *p = (u8 *)header + header->hdr_len + header->type_off, *end = p + header->type_len;

	for (; p < end; p += btf_type_bytes((struct btf_type *)p))
		if (btf_kind((struct btf_type *)p) == kind && !strcmp(strings + ((struct btf_type *)p)->name_off, name))
			return (struct btf_type *)p;
	fail_msg("the fixture has no %s '%s'", btf_kind_name(kind), name);
	return NULL;
}

static const struct prog_spec *prog_named(const char *name)
{
	for (u32 i = 0; i < object.prog_count; i++)
		if (str_equal(object.progs[i].name, name))
			return &object.progs[i];
	fail_msg("no program '%s'", name);
	return NULL;
}

static const struct map_spec *map_named(const char *name)
{
	int i = object_find_map(&object, name);

	if (i < 0)
		fail_msg("no map '%s'", name);
	return &object.maps[i];
}

static void names_and_license(void **state)
{
	(void)state;
	open_fixture(OBJECT);
	assert_string_equal(object.path, "dir/object.bpf.o");
	assert_string_equal(object.name, "object");
	assert_string_equal(object.license, "Dual BSD/GPL");
	assert_int_equal(object.version, 0x50a00);
	assert_true(object.has_btf);
}

static void names_of_any_length(void **state)
{
	static const struct {
		const char *path, *name;
	} cases[] = {{"x", "x"}, {"a/b/c.d.e", "c"}, {".o", ""}, {"/", ""}, {"", ""},
		{"a_name_of_more_than_fifteen_characters.bpf.o", "a_name_of_more_"},
		{"fifteen_charact.o", "fifteen_charact"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_no_error(&error, object_open(&arena, &error, cases[i].path, e.file, &object));
		assert_string_equal(object.name, cases[i].name);
		arena_release(&arena);
	}
}

static void reads_programs(void **state)
{
	static const struct {
		const char *name, *section;
		bool is_subprogram, is_hidden, autoload;
		int prog_type; /* -1: the section says nothing */
		const char *target;
	} cases[] = {
		{"twice", ".text", true, false, false, -1, NULL},
		{"hidden_helper", ".text", true, true, false, -1, NULL},
		{"local_helper", ".text", true, true, false, -1, NULL},
		{"callback", ".text", true, true, false, -1, NULL},
		{"first", "kprobe/do_exit+4", false, false, true, BPF_PROG_TYPE_KPROBE, "do_exit+4"},
		{"second", "kprobe/do_exit+4", false, false, true, BPF_PROG_TYPE_KPROBE, "do_exit+4"},
		{"third", "tracepoint/syscalls/sys_enter_execve", false, false, false, BPF_PROG_TYPE_TRACEPOINT,
			"syscalls/sys_enter_execve"},
		{"fourth", "xdp", false, false, true, BPF_PROG_TYPE_XDP, NULL},
		{"fifth", "unheard/of", false, false, true, -1, NULL},
	};

	(void)state;
	open_fixture(OBJECT);
	assert_int_equal(object.prog_count, ARRAY_SIZE(cases));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct prog_spec *prog = &object.progs[i];
		const struct elf_section *section = &object.elf.sections[prog->section];

		assert_string_equal(prog->name, cases[i].name);
		assert_string_equal(prog->section_name, cases[i].section);
		assert_int_equal(prog->insn_count, edit_symbol(&e, prog->name)->st_size / 8);
		assert_int_equal(prog->offset, edit_symbol(&e, prog->name)->st_value);
		assert_int_equal(prog->is_subprogram, cases[i].is_subprogram);
		assert_int_equal(prog->is_hidden, cases[i].is_hidden);
		assert_int_equal(prog->autoload, cases[i].autoload);
		assert_int_equal(prog->hook ? prog->hook->prog_type : -1, cases[i].prog_type);
		if (cases[i].target)
			assert_string_equal(prog->target, cases[i].target);
		else
			assert_null(prog->target);
		assert_memory_equal(prog->insns, section->data + prog->offset, prog->insn_count * 8);
		assert_int_equal((uintptr_t)prog->insns % 8, 0);
		assert_ptr_equal(object_prog_at(&object, prog->section, prog->offset), prog);
		assert_null(object_prog_at(&object, prog->section, prog->offset + 8));
	}
	assert_null(object_find_prog(&object, "twice")); /* no entry program */
	assert_ptr_equal(object_find_prog(&object, "first"), prog_named("first"));
	assert_null(object_find_prog(&object, "nobody"));
}

/* Lookups in an object of nothing: CVE-2022-3606 looked at programs[0] of none. */
static void empty_object(void **state)
{
	struct variable variable;

	(void)state;
	edit_anew(LEGACY);
	edit_section(&e, "socket")->sh_flags = 0;
	edit_section(&e, ".symtab")->sh_size = sizeof(Elf64_Sym);
	for (u32 i = 0; i < e.section_count; i++)
		if (e.sections[i].sh_type == SHT_REL)
			e.sections[i].sh_size = 0;
	assert_no_error(&error, open_edited());
	assert_int_equal(object.prog_count, 0);
	assert_int_equal(object.map_count, 0);
	assert_null(object_prog_at(&object, 0, 0));
	assert_null(object_find_prog(&object, "x"));
	assert_int_equal(object_find_map(&object, "x"), -1);
	assert_false(object_find_variable(&object, "x", &variable));
}

static void program_rules(void **state)
{
	Elf64_Sym *first, *second;

	(void)state;
	edit_symbol(&e, "second")->st_size--;
	refuse(OBJECT, EINVAL, "section 'kprobe/do_exit+4' at offset");
	edit_symbol(&e, "second")->st_size--;
	refuse(OBJECT, EINVAL, "expected whole instructions of 8");
	edit_symbol(&e, "second")->st_value -= 4;
	refuse(OBJECT, EINVAL, ": function 'second': ");
	edit_symbol(&e, "second")->st_value -= 8;
	refuse(OBJECT, EINVAL, "bytes at 0 reach beyond 1");
	edit_symbol(&e, "first")->st_size += 8;
	refuse(OBJECT, EINVAL, "bytes at 0 reach beyond 1");
	second = edit_symbol(&e, "second");
	second->st_value = edit_section(&e, "kprobe/do_exit+4")->sh_size;
	second->st_size = 0;
	refuse(OBJECT, EINVAL, ": function 'second': 0 bytes at 384");
	/* Two of the same place: libbpf takes them, too. */
	second = edit_symbol(&e, "second");
	second->st_value = 0;
	second->st_size = edit_symbol(&e, "first")->st_size;
	assert_no_error(&error, open_edited());
	assert_int_equal(prog_named("first")->insn_count, prog_named("second")->insn_count);
	assert_ptr_equal(prog_named("first")->insns, prog_named("second")->insns);
	edit_anew(OBJECT);
	/* Without a size a function ends where the next one begins. */
	first = edit_symbol(&e, "first");
	first->st_size = edit_symbol(&e, "second")->st_size = 0;
	assert_no_error(&error, open_edited());
	assert_int_equal(prog_named("first")->insn_count, prog_named("second")->offset / 8);
	assert_int_equal((prog_named("first")->insn_count + prog_named("second")->insn_count) * 8,
		edit_section(&e, "kprobe/do_exit+4")->sh_size);
}

/* Where functions have a type, what has none is a label: assembly has global ones, too, amid a function. */
static void labels(void **state)
{
	Elf64_Sym *label;

	(void)state;
	label = edit_symbol(&e, "second");
	label->st_info = STB_GLOBAL << 4 | STT_NOTYPE;
	label->st_value = 8;
	label->st_size = 0;
	assert_no_error(&error, open_edited());
	assert_null(object_find_prog(&object, "second"));
	assert_int_equal(prog_named("first")->insn_count, edit_symbol(&e, "first")->st_size / 8);
	for (u32 i = 0; i < object.prog_count; i++)
		assert_false(str_starts(object.progs[i].name, "LBB"));
}

/* A function of a linked object that another one overrode leaves a gap, whose relocations belong to nobody. */
static void gaps(void **state)
{
	(void)state;
	edit_symbol(&e, "first")->st_info = STB_LOCAL << 4 | STT_NOTYPE;
	assert_no_error(&error, open_edited());
	assert_null(object_find_prog(&object, "first"));
	assert_int_equal(prog_named("second")->offset, edit_symbol(&e, "second")->st_value);
}

static void license_and_version(void **state)
{
	(void)state;
	edit_section(&e, "license")->sh_size = 12; /* without its NUL: libbpf 8e706ddc */
	edit_symbol(&e, "LICENSE")->st_size = 12;
	assert_no_error(&error, open_edited());
	assert_string_equal(object.license, "Dual BSD/GPL");
	edit_anew(OBJECT);
	edit_section(&e, "version")->sh_size = 3;
	edit_symbol(&e, "_version")->st_size = 3;
	refuse(OBJECT, EINVAL, " has 3 bytes, expected 4");
	edit_section(&e, "version")->sh_type = SHT_NOBITS;
	refuse(OBJECT, EINVAL, " has 4 bytes, expected 4");
	edit_section(&e, ".BTF")->sh_type = SHT_NOBITS; /* libbpf a383b3e2 */
	refuse(OBJECT, EINVAL, "section '.BTF' at offset");
	edit_section(&e, ".BTF.ext")->sh_type = SHT_NOBITS; /* libbpf 02bc656f */
	refuse(OBJECT, EINVAL, "section '.BTF.ext' at offset");
	edit_bytes(&e, ".BTF")[0] = 0;
	refuse(OBJECT, EINVAL, ".BTF: magic (in this machine's byte order) is 0xeb00, expected 0xeb9f");
	edit_bytes(&e, ".BTF.ext")[0] = 0;
	refuse(OBJECT, EINVAL, ".BTF.ext: magic (in this machine's byte order) is 0xeb00, expected 0xeb9f");
	e.file.size = 0;
	refuse(OBJECT, ENOEXEC, "the file is empty");
}

/* Had a block of core_relo no place, its instructions would stay as they were compiled. */
static void two_blocks_of_one_section(void **state)
{
	/* Behind the header: a table's record size; each block's name, count and records. */
	u32 *table = (u32 *)edit_bytes(&e, ".BTF.ext") + 8;

	(void)state;
	table[3 + table[2] * table[0] / 4] = table[1];
	refuse(OBJECT, EINVAL, ".BTF.ext: two blocks of '");
}

/* Nothing in this object needs BTF: a broken one is noted, and is none. */
static void does_without_broken_btf(void **state)
{
	static const char *const sections[] = {".BTF", ".BTF.ext"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sections); i++) {
		edit_anew(FIXTURES "context.bpf.o");
		assert_no_error(&error, open_edited());
		assert_true(object.has_btf && !object.btf_problem && object.btf_ext.func_info.block_count);
		edit_bytes(&e, sections[i])[0] = 0;
		assert_no_error(&error, open_edited());
		assert_false(object.has_btf);
		assert_non_null(strstr(object.btf_problem, "is 0xeb00"));
		assert_int_equal(object.btf.type_count, 0);
		assert_int_equal(object.btf_ext.func_info.block_count, 0);
	}
}

static void reads_maps(void **state)
{
	const struct map_spec *map;
	u64 size;

	(void)state;
	open_fixture(OBJECT);
	map = map_named("counts");
	assert_int_equal(map->origin, MAP_FROM_BTF);
	assert_true(map->type == BPF_MAP_TYPE_HASH && map->key_size == 4 && map->value_size == 20);
	assert_true(map->max_entries == 1000 && map->map_flags == 1 && !map->pin_by_name && !map->map_extra);
	assert_true(btf_size_of(&object.btf, map->btf_value_type_id, &size) && size == 20);
	assert_string_equal(btf_name(&object.btf, map->btf_value_type_id), "event");
	assert_true(map->offset == 0 && map->size == 40);
	assert_string_equal(object.elf.sections[map->section].name, ".maps");
	map = map_named("events");
	assert_true(map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && map->key_size == 4 && map->value_size == 4);
	assert_true(map->btf_key_type_id == 0 && map->btf_value_type_id == 0 && map->max_entries == 0);
	map = map_named("filter");
	assert_true(map->type == BPF_MAP_TYPE_BLOOM_FILTER && map->value_size == 8 && map->key_size == 0);
	assert_true(map->map_extra == 5 && map->numa_node == 1 && map->pin_by_name && map->offset == 40);
}

static void map_rules(void **state)
{
	(void)state;
	edit_symbol(&e, "counts")->st_info = STT_OBJECT;
	refuse(OBJECT, EOPNOTSUPP, "map 'counts': is static");
	btf_var(edit_type(BTF_KIND_VAR, "counts"))->linkage = BTF_VAR_STATIC;
	refuse(OBJECT, EOPNOTSUPP, "map 'counts': is static");
	edit_symbol(&e, "counts")->st_name = 0;
	refuse(OBJECT, EINVAL, "map 'counts': has no symbol in the section");
	edit_type(BTF_KIND_VAR, "counts")->type = 0;
	refuse(OBJECT, EINVAL, "map 'counts': is void '', expected a struct that describes a map");
	edit_section(&e, ".BTF")->sh_name = edit_section(&e, "xdp")->sh_name;
	refuse(OBJECT, EINVAL, ": no BTF says what it is; compile with -g");
}

/* The members of the definition of map `counts`: type, max_entries, map_flags, key, value. */
static struct btf_member *edit_definition(void)
{
	const struct btf_header *header = (struct btf_header *)edit_bytes(&e, ".BTF");
	u8 *p = edit_bytes(&e, ".BTF") + header->hdr_len + header->type_off;

	for (u32 id = 1; id < edit_type(BTF_KIND_VAR, "counts")->type; id++)
		p += btf_type_bytes((struct btf_type *)p);
	return btf_members((struct btf_type *)p);
}

static void definition_rules(void **state)
{
	enum { TYPE, MAX_ENTRIES, FLAGS, KEY, VALUE };

	(void)state;
	edit_definition()[TYPE].type = edit_definition()[KEY].type;
	refuse(OBJECT, EINVAL, "map 'counts': type: is no number");
	edit_definition()[KEY].type = 0;
	refuse(OBJECT, EINVAL, "map 'counts': key: is void '', expected a pointer to a type with a size");
	edit_definition()[FLAGS].name_off = 0;
	refuse(OBJECT, EINVAL, "map 'counts': a field without a name: no map has such a field");
	edit_definition()[TYPE].name_off = edit_definition()[FLAGS].name_off;
	edit_definition()[FLAGS].type = edit_definition()[TYPE].type; /* 1 and 1 */
	refuse(OBJECT, EINVAL, "map 'counts': it has no type");
	edit_definition()[FLAGS].name_off = edit_definition()[MAX_ENTRIES].name_off; /* 1000, then 1 */
	refuse(OBJECT, EINVAL, "map 'counts': max_entries: is 1, expected 1000, as before");
	/* A value type whose size is not known: the struct event becomes a forward declaration of 0 members. */
	edit_type(BTF_KIND_STRUCT, "event")->info = BTF_KIND_FWD << 24;
	refuse(OBJECT, EINVAL, ".BTF: type [");
}

/* __ulong() of newer compilers: an enum of 64 bits. The array that max_entries points at is made one here. */
static void large_enums(void **state)
{
	enum { MAX_ENTRIES = 1, VALUE = 0x123 };
	struct btf_type *t;
	u32 id;

	(void)state;
	assert_no_error(&error, open_edited());
	id = btf_type(&object.btf, edit_definition()[MAX_ENTRIES].type)->type;
	t = (struct btf_type *)(edit_bytes(&e, ".BTF") + ((const u8 *)btf_type(&object.btf, id) - object.btf.data));
	assert_int_equal(btf_kind(t), BTF_KIND_ARRAY);
	t->info = (u32)KIND_ENUM64 << 24 | 1;
	*(struct btf_enum64_words *)btf_rows(t) = (struct btf_enum64_words){0, VALUE, 0};
	edit_definition()[MAX_ENTRIES].type = id;
	arena_release(&arena);
	assert_no_error(&error, open_edited());
	assert_int_equal(map_named("counts")->max_entries, VALUE);
	arena_release(&arena);
	((struct btf_enum64_words *)btf_rows(t))->val_hi32 = 1;
	assert_error(&error, open_edited(), EINVAL, "map 'counts': max_entries: is 4294967587");
}

static void reads_legacy_maps(void **state)
{
	const struct map_spec *map;

	(void)state;
	open_fixture(LEGACY);
	assert_int_equal(object.map_count, 2);
	map = map_named("counters");
	assert_int_equal(map->origin, MAP_FROM_STRUCT);
	assert_true(map->type == BPF_MAP_TYPE_ARRAY && map->key_size == 4 && map->value_size == 8);
	assert_true(map->max_entries == 16 && map->map_flags == 0);
	assert_int_equal(map->numa_node, 0); /* without BPF_F_NUMA_NODE it does not count */
	map = map_named("on_node");
	assert_true(map->type == BPF_MAP_TYPE_HASH && map->map_flags == BPF_F_NUMA_NODE && map->numa_node == 1);
	assert_true(map->size == 32 && map->offset == 32);
}

static void legacy_map_rules(void **state)
{
	u32 *definitions;

	(void)state;
	edit_anew(LEGACY);
	definitions = (u32 *)edit_bytes(&e, "maps");
	definitions[7] = 1;
	refuse(LEGACY, EINVAL, "map 'counters': byte 28 of 32 is 1, expected 0");
	definitions = (u32 *)edit_bytes(&e, "maps");
	definitions[0] = 0;
	refuse(LEGACY, EINVAL, "map 'counters': its type is 0; is it meant for '.maps'?");
	definitions = (u32 *)edit_bytes(&e, "maps");
	definitions[0] = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	definitions[5] = 2;
	refuse(LEGACY, EINVAL, "map 'counters': holds maps like number 2, which is no other map of the section");
	edit_symbol(&e, "on_node")->st_size = 0;
	edit_symbol(&e, "on_node")->st_value = 33;
	refuse(LEGACY, EINVAL, "map 'on_node': lies at 33, expected a multiple of 32 below 64");
	edit_symbol(&e, "on_node")->st_info = STB_GLOBAL << 4 | STT_NOTYPE;
	edit_symbol(&e, "on_node")->st_value = ~0ull - 31;
	refuse(LEGACY, EINVAL, "map 'on_node': lies at 18446744073709551584");
	edit_section(&e, "maps")->sh_size = 65;
	refuse(LEGACY, EINVAL, "65 bytes for 2 maps");
	edit_section(&e, "maps")->sh_type = SHT_NOBITS;
	refuse(LEGACY, EINVAL, "64 bytes for 2 maps");
	edit_section(&e, "maps")->sh_size = 24; /* 12 bytes for each is too short for a definition */
	edit_symbol(&e, "counters")->st_size = edit_symbol(&e, "on_node")->st_size = 0;
	edit_symbol(&e, "on_node")->st_value = 12;
	refuse(LEGACY, EINVAL, "24 bytes for 2 maps");
}

static void reads_data(void **state)
{
	const struct map_spec *map;

	(void)state;
	open_fixture(OBJECT);
	map = map_named(".rodata");
	assert_int_equal(map->origin, MAP_FROM_DATA);
	assert_true(map->type == BPF_MAP_TYPE_ARRAY && map->key_size == 4 && map->max_entries == 1);
	assert_true(map->value_size == 24 && map->read_only && map->map_flags == BPF_F_RDONLY_PROG && map->has_globals);
	assert_int_equal(load_u32(map->initial), 100);
	assert_string_equal((const char *)map->initial + 8, "pattern");
	assert_string_equal(btf_name(&object.btf, map->btf_value_type_id), ".rodata");
	map = map_named(".data");
	assert_true(map->value_size == 12 && !map->read_only && load_u32(map->initial + 8) == 3);
	map = map_named(".data.special");
	assert_true(map->value_size == 4 && load_u32(map->initial) == 9);
	map = map_named(".bss");
	assert_true(map->value_size == 20 && !map->initial && !map->map_flags);
	map = map_named(".kconfig");
	assert_true(map->origin == MAP_FROM_KCONFIG && map->read_only && map->initial && map->value_size == 5);
	assert_int_equal(object.map_count, 8);
	arena_release(&arena);
	/* What is hidden is for this file alone. */
	edit_symbol(&e, "limit")->st_other = STV_HIDDEN;
	assert_no_error(&error, open_edited());
	assert_true(map_named(".rodata")->has_globals);
	arena_release(&arena);
	edit_symbol(&e, "pattern")->st_other = STV_INTERNAL;
	assert_no_error(&error, open_edited());
	assert_false(map_named(".rodata")->has_globals);
}

static void finds_variables(void **state)
{
	struct variable variable;

	(void)state;
	open_fixture(OBJECT);
	assert_true(object_find_variable(&object, "pattern", &variable));
	assert_true(variable.offset == 4 && variable.size == 20);
	assert_string_equal(object.maps[variable.map].name, ".rodata");
	assert_string_equal(btf_name(&object.btf, btf_resolve(&object.btf, variable.type_id)), "event");
	assert_true(object_find_variable(&object, "step", &variable) && variable.offset == 8);
	assert_true(object_find_variable(&object, "hits", &variable));
	assert_string_equal(object.maps[variable.map].name, ".bss");
	assert_false(object_find_variable(&object, "nothing", &variable));
	assert_false(object_find_variable(&object, "first", &variable));
	assert_false(object_find_variable(&object, "counts", &variable));
}

static const struct extern_spec *extern_named(const char *name)
{
	for (u32 i = 0; i < object.extern_count; i++)
		if (str_equal(object.externs[i].name, name))
			return &object.externs[i];
	fail_msg("no extern '%s'", name);
	return NULL;
}

static void reads_externs(void **state)
{
	const struct extern_spec *version, *smp;

	(void)state;
	open_fixture(OBJECT);
	assert_int_equal(object.extern_count, 4);
	version = extern_named("LINUX_KERNEL_VERSION");
	assert_true(version->kind == EXTERN_KCONFIG && !version->is_weak && version->size == 4);
	smp = extern_named("CONFIG_SMP");
	assert_true(smp->kind == EXTERN_KCONFIG && smp->is_weak && smp->size == 1);
	assert_true(version->kconfig_type == KCONFIG_NUMBER && version->is_signed && version->offset == 0);
	assert_true(smp->kconfig_type == KCONFIG_BOOL && !smp->is_signed && smp->offset == 4);
	assert_true(extern_named("bpf_prog_active")->kind == EXTERN_KSYM);
	assert_true(extern_named("kernel_function")->kind == EXTERN_KFUNC);
	assert_true(extern_named("kernel_function")->is_weak);
}

static void extern_rules(void **state)
{
	(void)state;
	edit_type(BTF_KIND_VAR, "LINUX_KERNEL_VERSION")->type = 0;
	refuse(OBJECT, EINVAL, ".kconfig: extern 'LINUX_KERNEL_VERSION': is void '', expected bool, char");
	edit_type(BTF_KIND_INT, "_Bool")->size = 2;
	refuse(OBJECT, EINVAL, "extern 'CONFIG_SMP': is int '_Bool'");
	/* Without BTF nothing is known of them; only what uses them can say that this matters. */
	edit_type(BTF_KIND_DATASEC, ".kconfig")->name_off = 0;
	assert_no_error(&error, open_edited());
	assert_int_equal(extern_named("CONFIG_SMP")->kind, EXTERN_UNKNOWN);
}

/* How many references of that program are of that kind and to that name: of a map, a function, an extern. */
static u32 references_to(const char *prog_name, enum reference_kind kind, const char *name, u64 offset)
{
	const struct prog_spec *prog = prog_named(prog_name);
	const struct reference_list *list = &object.references[prog->section];
	u32 count = 0;

	for (u32 i = 0; i < list->count; i++) {
		const struct reference *ref = &list->refs[i];
		const char *to;

		if (ref->kind != kind || !range_ok(ref->insn_offset - prog->offset, 8, prog->insn_count * 8))
			continue;
		to = kind == REFERENCE_EXTERN ? object.externs[ref->external].name
		     : kind == REFERENCE_MAP || kind == REFERENCE_DATA
			     ? object.maps[ref->map].name
			     : object_prog_at(&object, ref->section, ref->offset)->name;
		count += str_equal(to, name) && (kind != REFERENCE_DATA || ref->offset == offset);
	}
	return count;
}

static void reads_references(void **state)
{
	(void)state;
	open_fixture(OBJECT);
	assert_int_equal(references_to("first", REFERENCE_DATA, ".rodata", 0), 1);
	assert_int_equal(references_to("first", REFERENCE_DATA, ".rodata", 4), 1);
	assert_int_equal(references_to("first", REFERENCE_DATA, ".rodata", 8), 0);
	assert_int_equal(references_to("twice", REFERENCE_DATA, ".data", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_DATA, ".data.special", 0), 1);
	/* Static: known by their sections, the distance is in the instruction. */
	assert_int_equal(references_to("local_helper", REFERENCE_DATA, ".bss", 16), 1);
	assert_int_equal(references_to("twice", REFERENCE_DATA, ".data", 8), 1);
	assert_int_equal(references_to("first", REFERENCE_MAP, "counts", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_MAP, "filter", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_MAP, "events", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_MAP, "counts", 0), 0);
	assert_int_equal(references_to("first", REFERENCE_CALL, "twice", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_CALL, "hidden_helper", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_CALL, "local_helper", 0), 1);
	assert_int_equal(references_to("hidden_helper", REFERENCE_CALL, "twice", 0), 1);
	assert_int_equal(references_to("third", REFERENCE_FUNCTION, "callback", 0), 1);
	assert_int_equal(references_to("third", REFERENCE_EXTERN, "CONFIG_SMP", 0), 1);
	assert_int_equal(references_to("third", REFERENCE_EXTERN, "LINUX_KERNEL_VERSION", 0), 1);
	assert_int_equal(
		references_to("fifth", REFERENCE_EXTERN, "kernel_function", 0), 2); /* its address, and a call */
	assert_int_equal(references_to("fifth", REFERENCE_EXTERN, "bpf_prog_active", 0), 1);
}

/* The instruction that the first relocation against that symbol applies to, in the section of two programs. */
static struct bpf_insn *edit_insn(const char *symbol)
{
	return (struct bpf_insn *)(edit_bytes(&e, CODE) + edit_relocation(&e, RELOCATIONS, symbol)->r_offset);
}

/* Points the relocation against `symbol` at `other`. */
static void edit_target(const char *symbol, const char *other)
{
	edit_relocation(&e, RELOCATIONS, symbol)->r_info = (u64)edit_symbol_index(&e, other) << 32;
}

static void relocation_places(void **state)
{
	Elf64_Rel *rel;
	u64 size;

	(void)state;
	size = edit_section(&e, CODE)->sh_size;
	edit_relocation(&e, RELOCATIONS, "limit")->r_offset = size;
	refuse(OBJECT, EINVAL, "section '.relkprobe/do_exit+4' at offset");
	edit_relocation(&e, RELOCATIONS, "limit")->r_offset = size;
	refuse(OBJECT, EINVAL, ": relocation at 384: 8 bytes at 384 reach beyond 384");
	edit_relocation(&e, RELOCATIONS, "limit")->r_offset = ~0ull - 7;
	refuse(OBJECT, EINVAL, ": relocation at 18446744073709551608: 8 bytes at 18446744073709551608 reach beyond");
	edit_relocation(&e, RELOCATIONS, "limit")->r_offset = 4;
	refuse(OBJECT, EINVAL, ": relocation at 4: it lies inside an instruction");
	/* aya e9de4f29: a 16-byte load as the section's last instruction. */
	rel = edit_relocation(&e, RELOCATIONS, "limit");
	rel->r_offset = size - 8;
	((struct bpf_insn *)(edit_bytes(&e, CODE) + size))[-1].code = BPF_LD | BPF_IMM | BPF_DW;
	refuse(OBJECT, EINVAL, ": the second half of the 16-byte load is missing");
	/* aya 30db5cf2: a relocation of something else. */
	edit_insn("limit")->code = BPF_ALU64 | BPF_MOV | BPF_K;
	refuse(OBJECT, EINVAL, "relocation at 0: instruction code is 0xb7, expected a 16-byte load (0x18)");
	/* Twice the same instruction, and a second table for a section. */
	edit_relocation(&e, RELOCATIONS, "counts")->r_offset = edit_relocation(&e, RELOCATIONS, "limit")->r_offset;
	refuse(OBJECT, EINVAL, "relocation at 0: the instruction has two relocations");
	e.sections[edit_index(&e, ".relunheard/of")].sh_info = edit_index(&e, "?tracepoint/syscalls/sys_enter_execve");
	refuse(OBJECT, EINVAL, "a second list of relocations for one section");
	/* Passed over, it would leave the program's loads of maps as they are: loads of 0. */
	edit_section(&e, RELOCATIONS)->sh_type = SHT_RELA;
	refuse(OBJECT, EINVAL, "is SHT_RELA, with addends, expected SHT_REL");
}

static void reference_targets(void **state)
{
	(void)state;
	edit_insn("counts")->imm = 8; /* a map's middle */
	refuse(OBJECT, EINVAL, "refers to 8 in section '.maps' (symbol 'counts'), which is neither map");
	edit_insn("limit")->imm = 25; /* beyond the data */
	refuse(OBJECT, EINVAL, "relocation at 0: refers to 25 in section '.rodata'");
	edit_insn("limit")->imm = -1;
	refuse(OBJECT, EINVAL, "refers to -1 in section '.rodata' (symbol 'limit'), which is neither");
	edit_target("twice", "counts"); /* a call to a map */
	refuse(OBJECT, EINVAL, "where no function begins");
	edit_target("limit", "LICENSE"); /* what becomes no map (libbpf 8e59f80a) */
	refuse(OBJECT, EINVAL,
		"refers to 0 in section 'license' (symbol 'LICENSE'), which is neither map, data nor function");
	edit_target("limit", "object.bpf.c");
	refuse(OBJECT, EINVAL, "'object.bpf.c' is in no section; was it compiled with -fcommon?");
	edit_relocation(&e, RELOCATIONS, "limit")->r_info = 0; /* the empty symbol */
	refuse(OBJECT, EINVAL, "undefined symbol [0] '' is no extern");
}

/* The target of relocations must hold bytes (libbpf c008eb92); others are no one's business here. */
static void relocations_of_no_code(void **state)
{
	(void)state;
	edit_section(&e, ".rel.text")->sh_info = edit_index(&e, ".bss");
	assert_no_error(&error, open_edited());
	arena_release(&arena);
	edit_section(&e, ".rel.text")->sh_info = 0;
	assert_no_error(&error, open_edited());
}

static void unsorted_relocations(void **state)
{
	Elf64_Rel *a, *b, swap;

	(void)state;
	a = edit_relocation(&e, RELOCATIONS, "limit");
	b = edit_relocation(&e, RELOCATIONS, "special");
	swap = *a, *a = *b, *b = swap;
	assert_no_error(&error, open_edited());
	assert_int_equal(references_to("first", REFERENCE_DATA, ".rodata", 0), 1);
	assert_int_equal(references_to("second", REFERENCE_DATA, ".data.special", 0), 1);
}

static void without_memory(void **state)
{
	static const char *const fixtures[] = {OBJECT, LEGACY};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		edit_anew(fixtures[i]);
		for (long n = 0;; n++) {
			int err;

			arena_fail_after(n);
			err = open_edited();
			if (!err)
				break;
			assert_error(&error, err, ENOMEM, "dir/object.bpf.o: ");
			arena_release(&arena);
			assert_true(n < 100);
		}
	}
}

int main(void)
{
	return RUN(EACH(names_and_license), EACH(names_of_any_length), EACH(reads_programs), EACH(empty_object),
		EACH(program_rules), EACH(labels), EACH(gaps), EACH(license_and_version),
		EACH(two_blocks_of_one_section), EACH(does_without_broken_btf), EACH(reads_maps), EACH(map_rules),
		EACH(definition_rules), EACH(large_enums), EACH(reads_legacy_maps), EACH(legacy_map_rules),
		EACH(reads_data), EACH(finds_variables), EACH(reads_externs), EACH(extern_rules),
		EACH(reads_references), EACH(relocation_places), EACH(reference_targets), EACH(relocations_of_no_code),
		EACH(unsorted_relocations), EACH(without_memory));
}
