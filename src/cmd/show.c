/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * show.c: `loader show`: what an object holds, read from the file alone.
 *
 * An object is a handful of lists. Each is a row of the table below, and has one description (show.h) that tables and
 * JSON are made from:
 *
 *	{"object","size","machine","license","version",
 *	 "sections":[{"index","name","size","flags","kind"}],
 *	 "programs":[{"name","section","type","target","attach_type","insns","autoload","subprogram","sleepable",
 *	              "disassembly":[{"insn","text","file"?,"line"?,"source"?,"core"?}]}],
 *	 "maps":[{"name","type","key_size","value_size","max_entries","map_flags","origin","pinning","key","value",
 *	          "autocreate","inner","slots":[{"slot","target"}]}],
 *	 "externs":[{"name","kind","weak","declaration"}],
 *	 "relocations":[{"section","insn","function","kind","target","symbol"}],
 *	 "core_relocations":[{"section","insn","function","kind"}],
 *	 "types":[{"id","kind","name","size","definition"}]}
 *
 * That is one line a file. What does not apply is null. `insn` counts from the start of the section in relocations,
 * from the start of the program in disassembly. Types are those of map keys, map values and events, and what they
 * hold; with -v all that have a name.
 */
#include "base/memory.h"
#include "base/string.h"
#include "cmd/cmd.h"
#include "cmd/listing.h"
#include "cmd/show.h"
#include "object/btf_print.h"

struct text show_text(u32 i)
{
	static char texts[3][1024];

	return text_in(texts[i], sizeof(texts[i]));
}

const char *show_declaration(struct show *s, u32 i, u32 id, const char *name)
{
	struct text t = show_text(i);

	if (id)
		btf_print_declaration(&t, &s->object->btf, id, name);
	return t.buf;
}

static const char *prog_note(const struct prog_spec *prog)
{
	if (prog->is_subprogram)
		return prog->is_hidden ? "called by others" : "called by others, verified by itself";
	if (!prog->hook)
		return "unknown kind of program";
	return prog->autoload ? "" : "'?': only on request";
}

static void show_program(struct show *s, u32 i)
{
	static const struct hook unknown;
	const struct prog_spec *prog = &s->object->progs[i];
	const struct hook *hook = prog->hook ? prog->hook : &unknown;

	cells(s->cells,
		"name %s section %s type %s {target %s attach_type %u} insns %u "
		"{autoload %d subprogram %d sleepable %d} [note %s]",
		prog->name, prog->section_name, prog->hook ? prog_type_name(hook->prog_type) : "", prog->target,
		hook->attach_type, prog->insn_count, prog->autoload, prog->is_subprogram, prog->flags & HOOK_SLEEPABLE,
		prog_note(prog));
	if (s->cells->mode == CELLS_JSON) {
		cells_open(s->cells, "disassembly", "[");
		listing_print(s->cells, s->object, prog);
		cells_close(s->cells, "]", ",");
	}
	cells_end_row(s->cells);
}

/* A list's key in JSON, its title as a table, how many rows it has (a member of struct object), what writes each. */
/* clang-format off */
#define LISTS(LIST) \
	LIST("sections", "Sections (-v: those for debuggers, too)", elf.section_count, show_section) \
	LIST("programs", "Programs", prog_count, show_program) \
	LIST("maps", "Maps", map_count, show_map) \
	LIST("externs", "Externs, for the kernel to provide", extern_count, show_extern) \
	LIST("relocations", "Relocations, for the loader to fill in", elf.section_count, show_references) \
	LIST("core_relocations", "CO-RE relocations, which depend on the kernel's types", \
		btf_ext.core_relo.block_count, show_core_relocations) \
	LIST("types", "Types", btf.type_count, show_type)
/* clang-format on */

/* The list twice over: what writes a list, and what it is called, end to end. */
#define LIST_ROW(key, title, count, row)  {row, offsetof(struct object, count)},
#define LIST_NAME(key, title, count, row) key "\0" title "\0"
static const struct list {
	void (*row)(struct show *s, u32 i);
	size_t count;
} lists[] = {LISTS(LIST_ROW)};
static const char list_names[] = LISTS(LIST_NAME);

/* The key of list `i`, or its title. */
static const char *list_name(u32 i, bool title)
{
	return list_entry(list_names, sizeof(list_names), 2 * i + title);
}

/* Writes all rows of a list in this mode. Returns how many there are. */
static u32 show_rows(struct show *s, const struct list *list, enum cells_mode mode)
{
	u32 count = *(const u32 *)((const u8 *)s->object + list->count);

	s->cells->mode = mode;
	s->cells->rows = 0;
	for (u32 i = 0; i < count; i++)
		list->row(s, i);
	return s->cells->rows;
}

/* An empty list is left out. */
static void show_table(struct show *s, u32 i)
{
	u32 count;

	memset(s->cells->widths, 0, sizeof(s->cells->widths));
	count = show_rows(s, &lists[i], CELLS_MEASURE);
	if (!count)
		return;
	text_printf(s->cells->out, "\n%s: %u\n", list_name(i, true), count);
	show_rows(s, &lists[i], CELLS_HEAD);
	show_rows(s, &lists[i], CELLS_TABLE);
}

static u32 record_count(const struct btf_ext_table *table)
{
	u32 count = 0;

	for (u32 i = 0; i < table->block_count; i++)
		count += table->blocks[i].count;
	return count;
}

static void show_as_text(struct show *s)
{
	const struct object *object = s->object;
	struct text *out = s->cells->out;

	text_printf(out, "%s: %u bytes, %u sections\n", object->path, object->size, object->elf.section_count - 1);
	text_printf(out, "  license  %s\n", *object->license ? object->license : "none");
	if (object->version)
		text_printf(out, "  version  %u.%u.%u\n", object->version >> 16, object->version >> 8 & 0xff,
			object->version & 0xff);
	if (!object->has_btf)
		text_string(out, "  BTF      none: types, source lines and CO-RE are missing\n");
	else
		text_printf(out, "  BTF      %u types, %u source lines, %u CO-RE relocations\n",
			object->btf.type_count - 1, record_count(&object->btf_ext.line_info),
			record_count(&object->btf_ext.core_relo));
	for (u32 i = 0; i < ARRAY_SIZE(lists); i++)
		if (s->all || lists[i].row != show_core_relocations)
			show_table(s, i);
	for (u32 i = 0; i < object->prog_count; i++) {
		const struct prog_spec *prog = &object->progs[i];

		text_printf(out, "\n%s (%s): %u instructions\n", prog->name, prog->section_name, prog->insn_count);
		listing_print(s->cells, object, prog);
	}
}

static void show_as_json(struct show *s)
{
	const struct object *object = s->object;
	struct cells *c = s->cells;

	cells(c, "object %s size %u machine %s license %s version %u", object->path, object->size,
		object->elf.machine == EM_BPF ? "bpf" : "", object->license, object->version);
	for (u32 i = 0; i < ARRAY_SIZE(lists); i++) {
		cells_open(c, list_name(i, false), "[");
		show_rows(s, &lists[i], CELLS_JSON);
		cells_close(c, "]", ",");
	}
	cells_close(c, "}\n", "{");
}

/* Nothing is printed before the whole object is known to be good. */
static int show_object(struct job *job)
{
	bool verbose = job->options->verbose, json = job->cells.mode == CELLS_JSON;
	struct show s = {.cells = &job->cells, .object = &job->object, .all = verbose || json};

	if (!show_mark_types(&s, &job->arena, verbose))
		return error_no_memory(&job->error);
	if (job->index && !json)
		text_char(job->cells.out, '\n');
	(json ? show_as_json : show_as_text)(&s);
	return EXIT_DONE;
}

int cmd_show(struct options *options)
{
	cmd_begin(options);
	return options->btf.count ? cmd_portability(options) : cmd_each_object(options, show_object);
}
