/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show.c: `loader show`: what an object holds, read from the file alone.
 *
 * An object is a handful of lists. For each there is one function here that writes row i, cell by cell; what a cell
 * becomes is up to the mode: a width to remember, a column of a table, or a key of a JSON object.
 *
 *	{"object","size","machine","license","version",
 *	 "sections":[{"index","name","size","flags","kind"}],
 *	 "programs":[{"name","section","type","target","attach_type","insns","autoload","subprogram","sleepable",
 *	              "disassembly":[{"insn","text","file"?,"line"?,"source"?,"core"?}]}],
 *	 "maps":[{"name","type","key_size","value_size","max_entries","map_flags","origin","pinning","key","value",
 *	          "autocreate","inner","slots":[{"slot","target"}]}],
 *	 "relocations":[{"section","insn","function","kind","target","symbol"}],
 *	 "externs":[{"name","kind","weak","declaration"}],
 *	 "core_relocations":[{"section","insn","function","kind"}],
 *	 "types":[{"id","kind","name","size","definition"}]}
 *
 * That is one line a file. What does not apply is null. `insn` counts from the start of the section in relocations,
 * from the start of the program in disassembly. Types are those of map keys, map values and events, and what they
 * hold; with -v all that have a name.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "events/event_type.h"
#include "object/btf_print.h"
#include "object/object.h"

#define CELL_MAX       1024      /* characters of a cell, of a type in it; more are cut */
#define WIDTH_MAX      40        /* a wider cell pushes the rest of its line to the right */
#define DEFINITION_MAX (1 << 18) /* characters of one type in JSON; the kernel's largest has some 20,000 */
#define TYPE_DEPTH     8         /* of types within types that are shown with them */
#define COLUMNS_MAX    12

enum mode { MEASURE, HEAD, TABLE, JSON };

enum cell_kind {
	ALWAYS = 0,
	IN_JSON = 1 << 0, /* only there */
	IN_TABLE = 1 << 1,
	NUMBER = 1 << 2, /* to the right; without quotes in JSON */
	YES = 1 << 3,    /* true or false in JSON: true if there is any text */
};

struct show {
	struct text *out;
	struct arena *arena;
	const struct object *object;
	bool verbose;

	u32 *sections; /* indexes of the sections to show */
	u32 section_count;
	u32 *types; /* ids of the types to show */
	u32 type_count;
	char *definition; /* DEFINITION_MAX characters, for one at a time */

	enum mode mode;
	u32 row, column;
	u32 blanks; /* due before the next cell */
	u32 widths[COLUMNS_MAX];

	struct text text; /* for one cell at a time */
	char buf[CELL_MAX];
};

/* One list of the object: `row` writes row i, or returns false if there is none. */
struct list {
	const char *key;   /* in JSON */
	const char *title; /* of the table; NULL: only in JSON */
	bool (*row)(struct show *s, u32 i);
};

static void put_json_cell(struct show *s, const char *name, u32 kind, const char *value)
{
	text_printf(s->out, "%s\"%s\":", s->column ? "," : s->row ? ",{" : "{", name);
	if (kind & YES)
		text_string(s->out, *value ? "true" : "false");
	else if (kind & NUMBER || !*value)
		text_string(s->out, *value ? value : "null");
	else
		text_json(s->out, value, str_len(value));
}

/* Blanks are written when something follows them, so that no line ends in them. */
static void put_table_cell(struct show *s, u32 kind, const char *value)
{
	u32 width = MIN(s->widths[s->column], WIDTH_MAX), len = (u32)str_len(value);
	u32 blanks = len < width ? width - len : 0;

	if (!s->column)
		s->blanks = 0;
	s->blanks += 2 + (kind & NUMBER ? blanks : 0);
	if (len) {
		text_repeat(s->out, ' ', s->blanks);
		text_string(s->out, value);
		s->blanks = 0;
	}
	s->blanks += kind & NUMBER ? 0 : len ? blanks : width;
}

static void cell(struct show *s, const char *name, u32 kind, const char *value)
{
	if (kind & (s->mode == JSON ? IN_TABLE : IN_JSON))
		return;
	if (s->mode == JSON)
		put_json_cell(s, name, kind, value);
	else if (s->mode == MEASURE)
		s->widths[s->column] = MAX(s->widths[s->column], (u32)MAX(str_len(value), str_len(name)));
	else
		put_table_cell(s, kind, s->mode == HEAD ? name : value);
	s->column++;
}

static void number_cell(struct show *s, const char *name, u32 kind, u64 value)
{
	char digits[24];
	struct text t = text_in(digits, sizeof(digits));

	text_decimal(&t, value);
	cell(s, name, kind | NUMBER, digits);
}

static void yes_cell(struct show *s, const char *name, u32 kind, bool value)
{
	cell(s, name, kind | YES, value ? "yes" : "");
}

/* Writes row i in this mode; false if there is none. */
static bool put_row(struct show *s, const struct list *list, enum mode mode, u32 i)
{
	s->mode = mode;
	s->row = i;
	s->column = 0;
	if (!list->row(s, i))
		return false;
	if (mode != MEASURE)
		text_char(s->out, mode == JSON ? '}' : '\n');
	return true;
}

static void show_json(struct show *s, const struct list *list)
{
	text_printf(s->out, ",\"%s\":[", list->key);
	for (u32 i = 0; put_row(s, list, JSON, i); i++)
		;
	text_char(s->out, ']');
}

/* Twice over the rows: first to see how wide the columns are. An empty list is left out. */
static void show_table(struct show *s, const struct list *list)
{
	u32 count = 0;

	for (u32 i = 0; i < COLUMNS_MAX; i++)
		s->widths[i] = 0;
	while (put_row(s, list, MEASURE, count))
		count++;
	if (!count)
		return;
	text_printf(s->out, "\n%s: %u\n", list->title, count);
	put_row(s, list, HEAD, 0);
	for (u32 i = 0; i < count; i++)
		put_row(s, list, TABLE, i);
}

/* An empty text for the next cell; what it says stands in s->buf. */
static struct text *fresh(struct show *s)
{
	s->text = text_in(s->buf, sizeof(s->buf));
	return &s->text;
}

/* A type as C writes it; "" for 0. */
static void type_cell(struct show *s, const char *name, u32 kind, u32 id)
{
	struct text *t = fresh(s);

	if (id)
		btf_print_declaration(t, &s->object->btf, id, "");
	cell(s, name, kind, s->buf);
}

/*
 * Sections. The name tells what most of them are; where it ends in '*', all that begin so.
 */
static const char not_ours[] = "for debuggers and linkers";

static const struct {
	const char *name, *what;
} section_kinds[] = {
	{".text", "functions that programs call"},
	{".maps", "maps, described by their types"},
	{"maps*", "maps, in the old style"},
	{".addr_space.1", "variables: the first values in an arena"},
	{".rodata*", "constants: a map that no program may write"},
	{".data*", "variables: a map with these first values"},
	{".bss*", "variables: a map of zeros"},
	{".struct_ops*", "tables of functions for the kernel"},
	{"license", "the license that the kernel is told"},
	{"version", "the kernel version it was made for"},
	{".BTF", "types"},
	{".BTF.ext", "source lines, functions, CO-RE"},
	{".debug_*", not_ours},
	{".eh_frame*", not_ours},
	{".llvm_addrsig", not_ours},
};

static bool name_matches(const char *pattern, const char *name)
{
	for (; *pattern && *pattern != '*'; pattern++, name++)
		if (*pattern != *name)
			return false;
	return *pattern || !*name;
}

/* In two parts, of which the first goes to *before. */
static const char *section_kind(const struct elf *elf, const struct elf_section *section, const char **before)
{
	const char *name = section->name + (section->name[0] == '?'), *target;
	const struct hook *hook = elf_is_code(section) ? hook_find(name, &target) : NULL;

	if (hook) {
		*before = "programs: ";
		return prog_type_name(hook->prog_type);
	}
	*before = section->type == SHT_REL ? "relocations of " : "";
	if (section->type == SHT_REL)
		return elf->sections[section->info].name;
	for (u32 i = 0; i < ARRAY_SIZE(section_kinds); i++)
		if (name_matches(section_kinds[i].name, name))
			return section_kinds[i].what;
	if (section->type == SHT_SYMTAB)
		return "symbols";
	if (section->type == SHT_STRTAB)
		return "names of symbols and sections";
	return elf_is_code(section) ? "programs of an unknown kind" : "";
}

/* Whether a section, or what it relocates, is something that a loader looks at. */
static bool is_ours(const struct elf *elf, const struct elf_section *section)
{
	const char *before;

	if (section->type == SHT_REL) {
		section = &elf->sections[section->info];
		if (str_starts(section->name, ".BTF"))
			return false;
	}
	return section_kind(elf, section, &before) != not_ours;
}

static bool collect_sections(struct show *s, bool all)
{
	const struct elf *elf = &s->object->elf;

	s->sections = arena_alloc_array(s->arena, elf->section_count, sizeof(*s->sections));
	if (!s->sections)
		return false;
	for (u32 i = 1; i < elf->section_count; i++)
		if (all || is_ours(elf, &elf->sections[i]))
			s->sections[s->section_count++] = i;
	return true;
}

static bool section_row(struct show *s, u32 i)
{
	const struct elf *elf = &s->object->elf;
	const struct elf_section *section;
	/* SHF_WRITE is 1, SHF_ALLOC 2, SHF_EXECINSTR 4. */
	static const char letters[][4] = {"", "W", "A", "WA", "X", "WX", "AX", "WAX"};
	const char *kind, *before;

	if (i >= s->section_count)
		return false;
	section = &elf->sections[s->sections[i]];
	kind = section_kind(elf, section, &before);
	number_cell(s, "index", ALWAYS, section->index);
	cell(s, "name", ALWAYS, section->name);
	number_cell(s, "size", ALWAYS, section->size);
	cell(s, "flags", ALWAYS, letters[section->flags & (SHF_WRITE | SHF_ALLOC | SHF_EXECINSTR)]);
	text_printf(fresh(s), "%s%s", before, kind);
	cell(s, "kind", ALWAYS, s->buf);
	return true;
}

/*
 * Programs
 */
static const char *prog_note(const struct prog_spec *prog)
{
	if (prog->is_subprogram)
		return prog->is_hidden ? "called by others" : "called by others, verified by itself";
	if (!prog->hook)
		return "unknown kind of program";
	return prog->autoload ? "" : "'?': only on request";
}

static bool prog_row(struct show *s, u32 i)
{
	const struct prog_spec *prog;
	const struct hook *hook;

	if (i >= s->object->prog_count)
		return false;
	prog = &s->object->progs[i];
	hook = prog->hook;
	cell(s, "name", ALWAYS, prog->name);
	cell(s, "section", ALWAYS, prog->section_name);
	cell(s, "type", ALWAYS, hook ? prog_type_name(hook->prog_type) : "");
	cell(s, "target", IN_JSON, prog->target ? prog->target : "");
	number_cell(s, "attach_type", IN_JSON, hook ? hook->attach_type : 0);
	number_cell(s, "insns", ALWAYS, prog->insn_count);
	yes_cell(s, "autoload", IN_JSON, prog->autoload);
	yes_cell(s, "subprogram", IN_JSON, prog->is_subprogram);
	yes_cell(s, "sleepable", IN_JSON, hook && hook->flags & HOOK_SLEEPABLE);
	cell(s, "note", IN_TABLE, prog_note(prog));
	if (s->mode == JSON) {
		text_string(s->out, ",\"disassembly\":");
		listing_print_json(s->out, s->object, prog);
	}
	return true;
}

/*
 * Maps
 */

/* The bits of map_flags, from 0 on (include/uapi/linux/bpf.h: BPF_F_NO_PREALLOC and what follows). */
static const char map_flags[] = "no_prealloc\0no_common_lru\0numa_node\0rdonly\0wronly\0stack_build_id\0zero_seed\0"
				"rdonly_prog\0wronly_prog\0clone\0mmapable\0preserve_elems\0inner_map\0link\0"
				"path_fd\0vtype_btf_fd\0token_fd\0segv_on_fault\0no_user_conv";

/* What else there is to say: words with ", " before each. Returns what follows the first of those. */
static const char *map_note(struct show *s, const struct map_spec *map)
{
	struct text *t = fresh(s);
	const char *flag;

	if (map->origin == MAP_FROM_STRUCT)
		text_string(t, ", old style");
	if (map->origin == MAP_FROM_KCONFIG)
		text_string(t, ", set at load");
	if (map->origin == MAP_FROM_DATA)
		text_string(t, map->initial ? ", first value in the file" : ", zeros");
	if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !map->max_entries)
		text_string(t, ", an entry for each CPU");
	if (map->origin == MAP_INNER)
		text_string(t, ", as a model");
	else if (!map->autocreate)
		text_string(t, ", '?': only on request");
	if (map->inner)
		text_printf(t, ", of maps like %s", map->inner->name);
	if (map->data_section)
		text_string(t, ", with variables");
	for (u32 i = 0; i < map->slot_count; i++)
		text_printf(t, ", [%u] = %s", map->slots[i].at, map->slots[i].name);
	if (map->pin_by_name)
		text_string(t, ", pinned by name");
	for (u32 i = 0; (flag = list_entry(map_flags, sizeof(map_flags), i)); i++)
		if (map->map_flags >> i & 1)
			text_printf(t, ", %s", flag);
	if (map->btf_key_type_id && map->btf_value_type_id) {
		text_string(t, ", ");
		btf_print_declaration(t, &s->object->btf, map->btf_key_type_id, "");
		text_string(t, " -> ");
		btf_print_declaration(t, &s->object->btf, map->btf_value_type_id, "");
	}
	return t->len ? s->buf + 2 : "";
}

/* `slot` is the key or, for a struct of functions, the member's number in the struct. */
static void slots_json(struct show *s, const struct map_spec *map)
{
	text_string(s->out, ",\"slots\":[");
	for (u32 i = 0; i < map->slot_count; i++) {
		text_printf(s->out, "%s{\"slot\":%u", i ? "," : "", map->slots[i].at);
		text_json_member(s->out, "target", map->slots[i].name);
		text_char(s->out, '}');
	}
	text_char(s->out, ']');
}

static bool map_row(struct show *s, u32 i)
{
	static const char origins[][11] = {"btf", "struct", "data", "kconfig", "struct_ops", "inner"};
	static const char names[][2][12] = {{"key", "key_size"}, {"value", "value_size"}, {"entries", "max_entries"}};
	const struct map_spec *map;
	u32 sizes[3];

	if (i >= s->object->map_count)
		return false;
	map = &s->object->maps[i];
	sizes[0] = map->key_size;
	sizes[1] = map->value_size;
	sizes[2] = map->max_entries;
	cell(s, "name", ALWAYS, map->name);
	cell(s, "type", ALWAYS, map_type_name(map->type));
	for (u32 n = 0; n < ARRAY_SIZE(sizes); n++)
		number_cell(s, names[n][s->mode == JSON], ALWAYS, sizes[n]);
	number_cell(s, "map_flags", IN_JSON, map->map_flags);
	cell(s, "origin", IN_JSON, origins[map->origin]);
	cell(s, "pinning", IN_JSON, map->pin_by_name ? "by_name" : "");
	type_cell(s, "key", IN_JSON, map->btf_key_type_id);
	type_cell(s, "value", IN_JSON, map->btf_value_type_id);
	yes_cell(s, "autocreate", IN_JSON, map->autocreate);
	cell(s, "inner", IN_JSON, map->inner ? map->inner->name : "");
	cell(s, "note", IN_TABLE, map_note(s, map));
	if (s->mode == JSON)
		slots_json(s, map);
	return true;
}

/*
 * Relocations: what the compiler left open. Both kinds name an instruction by section and offset.
 */
static void place_cells(struct show *s, const struct elf_section *section, u64 offset)
{
	const struct prog_spec *prog = NULL;

	for (u32 i = 0; section && i < s->object->prog_count && !prog; i++) {
		const struct prog_spec *p = &s->object->progs[i];

		if (p->section == section->index && offset >= p->offset && (offset - p->offset) / 8 < p->insn_count)
			prog = p;
	}
	cell(s, "section", IN_JSON, section ? section->name : "");
	number_cell(s, "insn", IN_JSON, offset / 8);
	cell(s, "function", ALWAYS, prog ? prog->name : "");
	number_cell(s, "insn", IN_TABLE, (prog ? offset - prog->offset : offset) / 8);
}

static bool reference_row(struct show *s, u32 i)
{
	static const char kinds[][9] = {"map", "data", "call", "function", "extern"};
	const struct elf *elf = &s->object->elf;
	const struct reference *ref;
	u32 section = 0;

	while (section < elf->section_count && i >= s->object->references[section].count)
		i -= s->object->references[section++].count;
	if (section == elf->section_count)
		return false;
	ref = &s->object->references[section].refs[i];
	place_cells(s, &elf->sections[section], ref->insn_offset);
	cell(s, "kind", ALWAYS, kinds[ref->kind]);
	reference_print(fresh(s), s->object, ref);
	cell(s, "target", ALWAYS, s->buf);
	cell(s, "symbol", IN_JSON, elf->symbols[ref->symbol].name);
	return true;
}

static bool core_row(struct show *s, u32 i)
{
	const struct btf_ext_table *table = &s->object->btf_ext.core_relo;
	const struct bpf_core_relo *relo;
	u32 block = 0;

	while (block < table->block_count && i >= table->blocks[block].count)
		i -= table->blocks[block++].count;
	if (block == table->block_count)
		return false;
	relo = btf_ext_record(&table->blocks[block], i);
	place_cells(s, elf_find_section(&s->object->elf, table->blocks[block].section_name), relo->insn_off);
	core_relo_print(fresh(s), &s->object->btf, relo);
	cell(s, "kind", ALWAYS, s->buf);
	return true;
}

static bool extern_row(struct show *s, u32 i)
{
	static const char kinds[][8] = {"kconfig", "ksym", "kfunc", "unknown"};
	const struct extern_spec *external;
	const struct btf *btf = &s->object->btf;

	if (i >= s->object->extern_count)
		return false;
	external = &s->object->externs[i];
	cell(s, "name", ALWAYS, external->name);
	cell(s, "kind", ALWAYS, kinds[external->kind]);
	yes_cell(s, "weak", ALWAYS, external->is_weak);
	fresh(s);
	if (external->btf_id)
		btf_print_declaration(&s->text, btf, btf_type(btf, external->btf_id)->type, external->name);
	cell(s, "declaration", ALWAYS, s->buf);
	return true;
}

/*
 * Types
 */
static bool type_row(struct show *s, u32 i)
{
	const struct btf *btf = &s->object->btf;
	struct text t = text_in(s->definition, DEFINITION_MAX);
	u64 size = 0;
	u32 id;

	if (i >= s->type_count)
		return false;
	id = s->types[i];
	number_cell(s, "id", ALWAYS, id);
	cell(s, "kind", ALWAYS, btf_kind_name(btf_kind(btf_type(btf, id))));
	cell(s, "name", ALWAYS, btf_name(btf, id));
	btf_size_of(btf, id, &size);
	number_cell(s, "size", ALWAYS, size);
	btf_print_definition(&t, btf, id, 0);
	text_string(s->out, ",\"definition\":");
	text_json(s->out, t.buf, t.len);
	return true;
}

#define KIND(kind) (1u << (kind))
#define ENUMS      (KIND(BTF_KIND_ENUM) | KIND(KIND_ENUM64))
#define STRUCTS    (KIND(BTF_KIND_STRUCT) | KIND(BTF_KIND_UNION))
#define WRAPPERS   (KIND(BTF_KIND_CONST) | KIND(BTF_KIND_VOLATILE) | KIND(BTF_KIND_RESTRICT) | KIND(KIND_TYPE_TAG))

enum { SEEN = 1, SHOWN = 2 }; /* marks of a type */

static bool is_anonymous(const struct btf *btf, u32 id)
{
	const struct btf_type *t = btf_type(btf, id);

	return KIND(btf_kind(t)) & (STRUCTS | ENUMS) && !t->name_off;
}

/* Marks what a value of this type is made of; a section's variables, too, and what they point to. */
static void mark_type(const struct btf *btf, u8 *marks, u32 id, u32 depth)
{
	const struct btf_type *t = btf_type(btf, id);
	u32 kind = KIND(btf_kind(t)), next = 0;

	if (!id || !depth || marks[id])
		return;
	marks[id] = SEEN;
	if ((kind & (STRUCTS | ENUMS) && t->name_off) || (kind & KIND(BTF_KIND_TYPEDEF) && is_anonymous(btf, t->type)))
		marks[id] |= SHOWN;
	if (kind & (WRAPPERS | KIND(BTF_KIND_TYPEDEF)))
		next = t->type;
	else if (kind & KIND(BTF_KIND_ARRAY))
		next = btf_array(t)->type;
	else if (kind & KIND(BTF_KIND_VAR))
		next = btf_kind(btf_type(btf, t->type)) == BTF_KIND_PTR ? btf_type(btf, t->type)->type : t->type;
	mark_type(btf, marks, next, depth - 1);
	for (u32 i = 0; kind & STRUCTS && i < btf_vlen(t); i++)
		mark_type(btf, marks, btf_members(t)[i].type, depth - 1);
	for (u32 i = 0; kind & KIND(BTF_KIND_DATASEC) && i < btf_vlen(t); i++)
		mark_type(btf, marks, btf_secinfos(t)[i].type, depth - 1);
}

static void mark_types(const struct object *object, bool all, u8 *marks)
{
	const struct btf *btf = &object->btf;
	struct error ignored = {0};
	u32 event;

	for (u32 i = 0; i < object->map_count; i++) {
		const struct map_spec *map = &object->maps[i];

		mark_type(btf, marks, map->btf_key_type_id, TYPE_DEPTH);
		mark_type(btf, marks, map->btf_value_type_id, TYPE_DEPTH);
		if (event_map(map) && !event_type_find(object, i, NULL, &event, &ignored))
			mark_type(btf, marks, event, TYPE_DEPTH);
	}
	for (u32 id = 1; all && id < btf->type_count; id++)
		if (KIND(btf_kind(btf_type(btf, id))) & (STRUCTS | ENUMS | KIND(BTF_KIND_TYPEDEF)) &&
			*btf_name(btf, id))
			marks[id] |= SHOWN;
}

/* Fills in s->types. False if there is no memory for it. */
static bool collect_types(struct show *s)
{
	u32 count = s->object->has_btf ? s->object->btf.type_count : 0;
	u8 *marks = arena_alloc(s->arena, count);

	s->types = arena_alloc_array(s->arena, count, sizeof(*s->types));
	s->definition = arena_alloc(s->arena, DEFINITION_MAX);
	if (!marks || !s->types || !s->definition)
		return false;
	if (count)
		mark_types(s->object, s->verbose, marks);
	for (u32 id = 1; id < count; id++)
		if (marks[id] & SHOWN)
			s->types[s->type_count++] = id;
	return true;
}

/*
 * The object as a whole
 */
static const struct list lists[] = {
	{"sections", "Sections (-v: those for debuggers, too)", section_row},
	{"programs", "Programs", prog_row},
	{"maps", "Maps", map_row},
	{"externs", "Externs, for the kernel to provide", extern_row},
	{"relocations", "Relocations, for the loader to fill in", reference_row},
	{"core_relocations", "CO-RE relocations, which depend on the kernel's types", core_row},
	{"types", NULL, type_row},
};

static u32 record_count(const struct btf_ext_table *table)
{
	u32 count = 0;

	for (u32 i = 0; i < table->block_count; i++)
		count += table->blocks[i].count;
	return count;
}

static void show_head(struct show *s, size_t size)
{
	const struct object *object = s->object;
	const struct btf_ext *ext = &object->btf_ext;

	text_printf(s->out, "%s: %zu bytes, %u sections\n", object->path, size, object->elf.section_count - 1);
	text_printf(s->out, "  license  %s\n", *object->license ? object->license : "none");
	if (object->version)
		text_printf(s->out, "  version  %u.%u.%u\n", object->version >> 16, object->version >> 8 & 0xff,
			object->version & 0xff);
	if (!object->has_btf)
		text_string(s->out, "  BTF      none: types, source lines and CO-RE are missing\n");
	else
		text_printf(s->out, "  BTF      %u types, %u source lines, %u CO-RE relocations\n",
			object->btf.type_count - 1, record_count(&ext->line_info), record_count(&ext->core_relo));
}

static OUT_OF_LINE void show_as_text(struct show *s, size_t size)
{
	show_head(s, size);
	for (u32 i = 0; i < ARRAY_SIZE(lists); i++)
		if (lists[i].title && (s->verbose || lists[i].row != core_row))
			show_table(s, &lists[i]);
	if (s->type_count)
		text_printf(s->out, "\nTypes: %u\n", s->type_count);
	for (u32 i = 0; i < s->type_count; i++)
		btf_print_definition(s->out, &s->object->btf, s->types[i], 1);
	for (u32 i = 0; i < s->object->prog_count; i++) {
		const struct prog_spec *prog = &s->object->progs[i];

		text_printf(s->out, "\n%s (%s): %u instructions\n", prog->name, prog->section_name, prog->insn_count);
		listing_print(s->out, s->object, prog);
	}
}

static void show_as_json(struct show *s, size_t size)
{
	const struct object *object = s->object;

	s->mode = JSON;
	cell(s, "object", ALWAYS, object->path);
	number_cell(s, "size", ALWAYS, size);
	cell(s, "machine", ALWAYS, object->elf.machine == EM_BPF ? "bpf" : "");
	cell(s, "license", ALWAYS, object->license);
	number_cell(s, "version", ALWAYS, object->version);
	for (u32 i = 0; i < ARRAY_SIZE(lists); i++)
		show_json(s, &lists[i]);
	text_string(s->out, "}\n");
}

/* Nothing is printed before the whole object is known to be good. */
static int show_object(
	struct arena *arena, struct error *error, const struct options *options, const char *path, struct text *out)
{
	struct object object;
	struct show s = {.out = out, .arena = arena, .object = &object, .verbose = options->verbose};
	struct bytes file;
	int err = file_read(arena, error, path, SIZE_MAX_OBJECT, &file);

	err = err ? err : object_open(arena, error, path, file, &object);
	if (err)
		return err;
	if (!collect_types(&s) || !collect_sections(&s, s.verbose || options->format != FORMAT_TABLE))
		return error_no_memory(error);
	if (options->format == FORMAT_TABLE)
		show_as_text(&s, file.size);
	else
		show_as_json(&s, file.size);
	err = text_flush(out);
	return err ? error_set(error, -err, "standard output cannot be written") : 0;
}

int cmd_show(const struct options *options)
{
	char buf[8192];
	struct text out = text_to(1, buf, sizeof(buf));
	int status = EXIT_DONE;

	if (options->btf.count)
		return cmd_portability(options);
	for (u32 i = 0; i < options->object_count; i++) {
		struct arena arena = {0};
		struct error error = {0};

		if (i && options->format == FORMAT_TABLE)
			text_char(&out, '\n');
		if (show_object(&arena, &error, options, options->objects[i], &out)) {
			cmd_report(&error);
			status = EXIT_FAILED;
		}
		arena_release(&arena);
	}
	return status;
}
