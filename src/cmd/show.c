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
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "events/event_type.h"
#include "object/btf_print.h"
#include "object/object.h"

#define CELL_MAX       1024      /* characters of a cell, of a type in it; more are cut */
#define TEXTS          3         /* cells of one row that are written first */
#define WIDTH_MAX      40        /* a wider cell pushes the rest of its line to the right */
#define DEFINITION_MAX (1 << 18) /* characters of one type in JSON; the kernel's largest has some 20,000 */
#define TYPE_DEPTH     8         /* of types within types that are shown with them */
#define COLUMNS_MAX    12

enum mode { MEASURE, HEAD, TABLE, JSON };

struct show {
	struct text *out;
	const struct object *object;
	u32 size;         /* of the file, in bytes */
	bool all;         /* sections that no loader looks at, too */
	u8 *marks;        /* [type id]: what mark_type() says of it */
	char *definition; /* DEFINITION_MAX characters, for one at a time */

	enum mode mode;
	u32 row, column;
	u32 blanks; /* due before the next cell */
	u32 widths[COLUMNS_MAX];
	char texts[TEXTS][CELL_MAX];
};

enum row { SHOWN, LEFT_OUT, BEHIND_LAST };

/* One list of the object: `row` writes row i. */
struct list {
	const char *key;   /* in JSON */
	const char *title; /* of the table */
	enum row (*row)(struct show *s, u32 i);
};

/* Blanks are written when something follows them, so that no line ends in them. */
static void put_table_cell(struct show *s, const char *value, u32 len, bool right)
{
	u32 width = MIN(s->widths[s->column], WIDTH_MAX), blanks = len < width ? width - len : 0;

	if (!s->column)
		s->blanks = 0;
	s->blanks += 2 + (right ? blanks : 0);
	if (len) {
		text_repeat(s->out, ' ', s->blanks);
		text_bytes(s->out, value, len);
		s->blanks = 0;
	}
	s->blanks += right ? 0 : len ? blanks : width;
}

/* `conversion` as below. */
static OUT_OF_LINE void put_cell(struct show *s, const char *name, u32 name_len, char conversion, const char *value)
{
	u32 len = (u32)str_len(value);

	if (s->mode == JSON) {
		text_printf(s->out, "%s\"%.*s\":", s->column ? "," : s->row ? ",{" : "{", (int)name_len, name);
		if (conversion == 's' && len)
			text_json(s->out, value, len);
		else
			text_string(s->out, len ? value : "null");
	} else if (s->mode == MEASURE) {
		s->widths[s->column] = MAX(s->widths[s->column], MAX(len, name_len));
	} else {
		put_table_cell(s, s->mode == HEAD ? name : value, s->mode == HEAD ? name_len : len,
			conversion == 'u' || conversion == 'l');
	}
	s->column++;
}

/*
 * printf for the cells of a row: "NAME %s NAME %u", each name the head of a column, or a key. What stands in {} is for
 * JSON alone, what stands in [] for the table.
 *
 *	%s	text; "" and NULL are null in JSON
 *	%u %llu	a number, to the right
 *	%d	true or false; "yes" or nothing in the table
 */
static CHECK_FORMAT(2, 3) void cells(struct show *s, const char *format, ...)
{
	static const char truths[][2][6] = {{"", "yes"}, {"false", "true"}};
	char only = ' ';
	va_list args;

	va_start(args, format);
	for (const char *p = format; *p; p++) {
		const char *name = p, *value;
		char digits[24];
		struct text number = text_in(digits, sizeof(digits));
		u32 name_len;

		if (!char_is_alnum(*p)) {
			only = *p == ' ' ? only : *p;
			continue;
		}
		while (*p != ' ')
			p++;
		name_len = (u32)(p - name);
		p += 2; /* " %" */
		value = digits;
		if (*p == 's')
			value = va_arg(args, const char *);
		else
			text_decimal(&number, *p == 'l' ? va_arg(args, u64) : va_arg(args, u32));
		if (*p == 'd')
			value = truths[s->mode == JSON][*value != '0'];
		if (only != (s->mode == JSON ? '[' : '{'))
			put_cell(s, name, name_len, *p, value ? value : "");
		if (*p == 'l')
			p += 2;
	}
	va_end(args);
}

/* Writes all rows of a list in this mode, for HEAD only the first. Returns how many there are. */
static u32 put_rows(struct show *s, const struct list *list, enum mode mode)
{
	s->mode = mode;
	s->row = 0;
	for (u32 i = 0;; i++) {
		enum row row;

		s->column = 0;
		row = list->row(s, i);
		if (row == LEFT_OUT)
			continue;
		if (row == BEHIND_LAST)
			return s->row;
		s->row++;
		if (mode != MEASURE && s->column)
			text_char(s->out, mode == JSON ? '}' : '\n');
		if (mode == HEAD)
			return 1;
	}
}

/* Twice over the rows: first to see how wide the columns are. An empty list is left out. */
static void show_table(struct show *s, const struct list *list)
{
	u32 count;

	memset(s->widths, 0, sizeof(s->widths));
	count = put_rows(s, list, MEASURE);
	if (!count)
		return;
	text_printf(s->out, "\n%s: %u\n", list->title, count);
	put_rows(s, list, HEAD);
	put_rows(s, list, TABLE);
}

/* Text i of this row, empty; what is written to it stands in s->texts[i]. */
static struct text fresh(struct show *s, u32 i)
{
	return text_in(s->texts[i], CELL_MAX);
}

/* A type as C writes it, as text i; "" for 0. */
static const char *declaration(struct show *s, u32 i, u32 id, const char *name)
{
	struct text t = fresh(s, i);

	if (id)
		btf_print_declaration(&t, &s->object->btf, id, name);
	return t.buf;
}

/*
 * Sections. The name tells what most of them are; where it ends in '*', all that begin so.
 */
static const char section_kinds[] = ".text\0functions that programs call\0"
				    ".maps\0maps, described by their types\0"
				    "maps*\0maps, in the old style\0"
				    ".addr_space.1\0variables: the first values in an arena\0"
				    ".rodata*\0constants: a map that no program may write\0"
				    ".data*\0variables: a map with these first values\0"
				    ".bss*\0variables: a map of zeros\0"
				    ".struct_ops*\0tables of functions for the kernel\0"
				    "license\0the license that the kernel is told\0"
				    "version\0the kernel version it was made for\0"
				    ".BTF\0types\0"
				    ".BTF.ext\0source lines, functions, CO-RE";

/* Those of debuggers and linkers alone. */
static const char others[] = ".debug_*\0.eh_frame*\0.llvm_addrsig";

static bool name_matches(const char *pattern, const char *name)
{
	for (; *pattern && *pattern != '*'; pattern++, name++)
		if (*pattern != *name)
			return false;
	return *pattern || !*name;
}

static bool is_other(const char *name)
{
	const char *pattern;

	for (u32 i = 0; (pattern = list_entry(others, sizeof(others), i)); i++)
		if (name_matches(pattern, name))
			return true;
	return false;
}

/* In two parts, of which the first goes to *before. */
static const char *section_kind(const struct elf *elf, const struct elf_section *section, const char **before)
{
	const char *name = section->name + (section->name[0] == '?'), *target, *pattern;
	const struct hook *hook = elf_is_code(section) ? hook_find(name, &target) : NULL;

	if (hook) {
		*before = "programs: ";
		return prog_type_name(hook->prog_type);
	}
	*before = section->type == SHT_REL ? "relocations of " : "";
	if (section->type == SHT_REL)
		return elf->sections[section->info].name;
	for (u32 i = 0; (pattern = list_entry(section_kinds, sizeof(section_kinds), i)); i += 2)
		if (name_matches(pattern, name))
			return list_entry(section_kinds, sizeof(section_kinds), i + 1);
	if (is_other(name))
		return "for debuggers and linkers";
	if (section->type == SHT_SYMTAB)
		return "symbols";
	if (section->type == SHT_STRTAB)
		return "names of symbols and sections";
	return elf_is_code(section) ? "programs of an unknown kind" : "";
}

/* Whether a section, or what it relocates, is something that a loader looks at. */
static bool is_ours(const struct elf *elf, const struct elf_section *section)
{
	const char *name = section->type == SHT_REL ? elf->sections[section->info].name : section->name;

	return !is_other(name) && (section->type != SHT_REL || !str_starts(name, ".BTF"));
}

static enum row section_row(struct show *s, u32 i)
{
	/* SHF_WRITE is 1, SHF_ALLOC 2, SHF_EXECINSTR 4. */
	static const char letters[][4] = {"", "W", "A", "WA", "X", "WX", "AX", "WAX"};
	const struct elf *elf = &s->object->elf;
	const struct elf_section *section = &elf->sections[i];
	struct text kind = fresh(s, 0);
	const char *what, *before;

	if (i >= elf->section_count)
		return BEHIND_LAST;
	if (!i || (!s->all && !is_ours(elf, section)))
		return LEFT_OUT;
	what = section_kind(elf, section, &before);
	text_printf(&kind, "%s%s", before, what);
	cells(s, "index %u name %s size %llu flags %s kind %s", section->index, section->name, section->size,
		letters[section->flags & (SHF_WRITE | SHF_ALLOC | SHF_EXECINSTR)], kind.buf);
	return SHOWN;
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

static enum row prog_row(struct show *s, u32 i)
{
	static const struct hook unknown;
	const struct prog_spec *prog = &s->object->progs[i];
	const struct hook *hook;

	if (i >= s->object->prog_count)
		return BEHIND_LAST;
	hook = prog->hook ? prog->hook : &unknown;
	cells(s,
		"name %s section %s type %s {target %s attach_type %u} insns %u "
		"{autoload %d subprogram %d sleepable %d} [note %s]",
		prog->name, prog->section_name, prog->hook ? prog_type_name(hook->prog_type) : "", prog->target,
		hook->attach_type, prog->insn_count, prog->autoload, prog->is_subprogram, hook->flags & HOOK_SLEEPABLE,
		prog_note(prog));
	if (s->mode == JSON) {
		text_string(s->out, ",\"disassembly\":[");
		listing_print(s->out, s->object, prog, true);
		text_char(s->out, ']');
	}
	return SHOWN;
}

/*
 * Maps
 */

/* The bits of map_flags, from 0 on (include/uapi/linux/bpf.h: BPF_F_NO_PREALLOC and what follows). */
static const char map_flags[] = "no_prealloc\0no_common_lru\0numa_node\0rdonly\0wronly\0stack_build_id\0zero_seed\0"
				"rdonly_prog\0wronly_prog\0clone\0mmapable\0preserve_elems\0inner_map\0link\0"
				"path_fd\0vtype_btf_fd\0token_fd\0segv_on_fault\0no_user_conv";

/* What else there is to say: words with ", " before each. Returns what follows the first of those. Texts 0 and 1 are the
 * types of key and value. */
static const char *map_note(struct show *s, const struct map_spec *map)
{
	struct text text = fresh(s, 2), *t = &text;
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
	if (map->btf_key_type_id && map->btf_value_type_id)
		text_printf(t, ", %s -> %s", s->texts[0], s->texts[1]);
	return t->len ? t->buf + 2 : "";
}

static enum row map_row(struct show *s, u32 i)
{
	static const char origins[][11] = {"btf", "struct", "data", "kconfig", "struct_ops", "inner"};
	const struct map_spec *map = &s->object->maps[i];
	const char *key, *value;

	if (i >= s->object->map_count)
		return BEHIND_LAST;
	key = declaration(s, 0, map->btf_key_type_id, "");
	value = declaration(s, 1, map->btf_value_type_id, "");
	cells(s, "name %s type %s", map->name, map_type_name(map->type));
	cells(s, s->mode == JSON ? "key_size %u value_size %u max_entries %u" : "key %u value %u entries %u",
		map->key_size, map->value_size, map->max_entries);
	cells(s, "{map_flags %u origin %s pinning %s key %s value %s autocreate %d inner %s} [note %s]", map->map_flags,
		origins[map->origin], map->pin_by_name ? "by_name" : "", key, value, map->autocreate,
		map->inner ? map->inner->name : "", map_note(s, map));
	if (s->mode != JSON)
		return SHOWN;
	/* `slot` is the key or, for a struct of functions, the member's number in the struct. */
	text_string(s->out, ",\"slots\":[");
	for (u32 n = 0; n < map->slot_count; n++)
		cmd_json(s->out, n ? ",{'slot':%u,'target':%s}" : "{'slot':%u,'target':%s}", map->slots[n].at,
			map->slots[n].name);
	text_char(s->out, ']');
	return SHOWN;
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
	cells(s, "{section %s insn %llu} function %s [insn %llu]", section ? section->name : "", offset / 8,
		prog ? prog->name : "", (prog ? offset - prog->offset : offset) / 8);
}

static enum row reference_row(struct show *s, u32 i)
{
	static const char kinds[][9] = {"map", "data", "call", "function", "extern"};
	const struct elf *elf = &s->object->elf;
	struct text target = fresh(s, 0);
	const struct reference *ref;
	u32 section = 0;

	while (section < elf->section_count && i >= s->object->references[section].count)
		i -= s->object->references[section++].count;
	if (section == elf->section_count)
		return BEHIND_LAST;
	ref = &s->object->references[section].refs[i];
	reference_print(&target, s->object, ref);
	place_cells(s, &elf->sections[section], ref->insn_offset);
	cells(s, "kind %s target %s {symbol %s}", kinds[ref->kind], target.buf, elf->symbols[ref->symbol].name);
	return SHOWN;
}

static enum row core_row(struct show *s, u32 i)
{
	const struct btf_ext_table *table = &s->object->btf_ext.core_relo;
	const struct btf_ext_block *block = table->blocks;
	struct text kind = fresh(s, 0);
	const struct bpf_core_relo *relo;

	for (; block < table->blocks + table->block_count && i >= block->count; block++)
		i -= block->count;
	if (block == table->blocks + table->block_count)
		return BEHIND_LAST;
	relo = btf_ext_record(block, i);
	core_relo_print(&kind, &s->object->btf, relo);
	place_cells(s, elf_find_section(&s->object->elf, block->section_name), relo->insn_off);
	cells(s, "kind %s", kind.buf);
	return SHOWN;
}

static enum row extern_row(struct show *s, u32 i)
{
	static const char kinds[][8] = {"kconfig", "ksym", "kfunc", "unknown"};
	const struct extern_spec *external = &s->object->externs[i];

	if (i >= s->object->extern_count)
		return BEHIND_LAST;
	cells(s, "name %s kind %s weak %d declaration %s", external->name, kinds[external->kind], external->is_weak,
		declaration(s, 0, external->type_id, external->name));
	return SHOWN;
}

/*
 * Types
 */
enum { SEEN = 1, MARKED = 2 }; /* marks of a type: only MARKED ones are shown */

static enum row type_row(struct show *s, u32 id)
{
	const struct btf *btf = &s->object->btf;
	struct text t = text_in(s->definition, DEFINITION_MAX);
	u64 size = 0;

	if (id >= btf->type_count)
		return BEHIND_LAST;
	if (!(s->marks[id] & MARKED))
		return LEFT_OUT;
	if (s->mode == TABLE)
		btf_print_definition(s->out, btf, id, 1);
	if (s->mode != JSON)
		return SHOWN;
	btf_size_of(btf, id, &size);
	btf_print_definition(&t, btf, id, 0);
	cells(s, "id %u kind %s name %s size %llu definition %s", id, btf_kind_name(btf_kind(btf_type(btf, id))),
		btf_name(btf, id), size, t.buf);
	return SHOWN;
}

#define KIND(kind) (1u << (kind))
#define ENUMS      (KIND(BTF_KIND_ENUM) | KIND(KIND_ENUM64))
#define STRUCTS    (KIND(BTF_KIND_STRUCT) | KIND(BTF_KIND_UNION))
#define WRAPPERS   (KIND(BTF_KIND_CONST) | KIND(BTF_KIND_VOLATILE) | KIND(BTF_KIND_RESTRICT) | KIND(KIND_TYPE_TAG))

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
		marks[id] |= MARKED;
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

static OUT_OF_LINE void mark_types(const struct object *object, bool all, u8 *marks)
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
			marks[id] |= MARKED;
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
	{"types", "Types", type_row},
};

static u32 record_count(const struct btf_ext_table *table)
{
	u32 count = 0;

	for (u32 i = 0; i < table->block_count; i++)
		count += table->blocks[i].count;
	return count;
}

static void show_as_text(struct show *s, bool verbose)
{
	const struct object *object = s->object;
	const struct btf_ext *ext = &object->btf_ext;

	text_printf(s->out, "%s: %u bytes, %u sections\n", object->path, s->size, object->elf.section_count - 1);
	text_printf(s->out, "  license  %s\n", *object->license ? object->license : "none");
	if (object->version)
		text_printf(s->out, "  version  %u.%u.%u\n", object->version >> 16, object->version >> 8 & 0xff,
			object->version & 0xff);
	if (!object->has_btf)
		text_string(s->out, "  BTF      none: types, source lines and CO-RE are missing\n");
	else
		text_printf(s->out, "  BTF      %u types, %u source lines, %u CO-RE relocations\n",
			object->btf.type_count - 1, record_count(&ext->line_info), record_count(&ext->core_relo));
	for (u32 i = 0; i < ARRAY_SIZE(lists); i++)
		if (verbose || lists[i].row != core_row)
			show_table(s, &lists[i]);
	for (u32 i = 0; i < object->prog_count; i++) {
		const struct prog_spec *prog = &object->progs[i];

		text_printf(s->out, "\n%s (%s): %u instructions\n", prog->name, prog->section_name, prog->insn_count);
		listing_print(s->out, object, prog, false);
	}
}

static OUT_OF_LINE void show_as_json(struct show *s)
{
	const struct object *object = s->object;

	s->mode = JSON;
	cells(s, "object %s size %u machine %s license %s version %u", object->path, s->size,
		object->elf.machine == EM_BPF ? "bpf" : "", object->license, object->version);
	for (u32 i = 0; i < ARRAY_SIZE(lists); i++) {
		text_printf(s->out, ",\"%s\":[", lists[i].key);
		put_rows(s, &lists[i], JSON);
		text_char(s->out, ']');
	}
	text_string(s->out, "}\n");
}

/* Nothing is printed before the whole object is known to be good. */
static bool show_object(struct job *job)
{
	bool verbose = job->options->verbose, json = job->options->format != FORMAT_TABLE;
	struct show *s = arena_alloc(&job->arena, sizeof(*s));
	u8 *marks = arena_alloc(&job->arena, job->object.btf.type_count);
	char *definition = arena_alloc(&job->arena, DEFINITION_MAX);

	if (!s || !marks || !definition)
		return !error_no_memory(&job->error);
	s->out = job->out;
	s->object = &job->object;
	s->size = (u32)job->file.size;
	s->all = verbose || json;
	s->marks = marks;
	s->definition = definition;
	if (job->object.has_btf)
		mark_types(&job->object, verbose, marks);
	if (job->index && !json)
		text_char(s->out, '\n');
	if (json)
		show_as_json(s);
	else
		show_as_text(s, verbose);
	return true;
}

/* Whether a file is BTF, or a folder, and so no object. */
static bool is_btf(const char *path)
{
	u8 magic[sizeof(u16)] = {0};
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK);
	long n = fd < 0 ? fd : sys_read(fd, magic, sizeof(magic));

	if (fd >= 0)
		sys_close(fd);
	return n == -EISDIR || load_u16(magic) == BTF_MAGIC;
}

/* `--btf FILE… OBJ…`: only the first FILE is the option's value for the command line; those behind it stand among the
 * objects. */
static void sort_out_btf(struct options *options)
{
	u32 count = options->object_count;

	options->object_count = 0;
	for (u32 i = 0; i < count; i++) {
		const char *path = options->objects[i];

		if (options->btf.count < OPTION_LIST_MAX && is_btf(path))
			options->btf.values[options->btf.count++] = path;
		else
			options->objects[options->object_count++] = path;
	}
}

int cmd_show(const struct options *options)
{
	struct options sorted = *options;

	if (!options->btf.count)
		return cmd_each_object(options, show_object);
	sort_out_btf(&sorted);
	if (sorted.object_count)
		return cmd_each_object(&sorted, show_portability);
	cmd_say("no object is given to show, only BTF");
	return EXIT_USAGE;
}
