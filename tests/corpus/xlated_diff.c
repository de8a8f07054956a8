/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * xlated_diff.c: do two dumps (dump.h) hold the same programs, instruction by instruction?
 *
 *	xlated_diff THEIRS OURS
 *
 * Each program that differs is printed with its first differing instruction in both, and three before it. What may
 * differ is left out: ids of maps, and addresses in the kernel.
 *
 *	64-bit load of a map        the id; the offset into its value counts
 *	64-bit load of a function   all of it: an address
 *	any other 64-bit load       the number, if it is an address in the kernel: above 0xffff000000000000
 *	call of a subprogram        the distance, which is one of machine code
 *
 * Exit status: 0 no difference, 1 some, 2 a file is no dump.
 */
#include <linux/bpf.h>
#include "base/file.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/text.h"
#include "dump.h"
#include "object/disasm.h"

#define BEFORE 3

int main(int argc, char **argv, char **envp);

struct program {
	struct dump_header header;
	struct bpf_insn *insns; /* without ids and addresses */
};

static void forget_load(struct bpf_insn *insn)
{
	bool is_map = insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE;

	if (is_map) {
		insn[0].imm = 0;
	} else if (insn->src_reg == BPF_PSEUDO_FUNC || (u32)insn[1].imm >= 0xffff0000) {
		insn[0].imm = 0;
		insn[1].imm = 0;
	}
}

static void forget_all(struct bpf_insn *insns, u32 count)
{
	for (u32 i = 0; i < count; i++) {
		if (insns[i].code == (BPF_LD | BPF_IMM | BPF_DW) && i + 1 < count)
			forget_load(&insns[i++]);
		else if (insns[i].code == (BPF_JMP | BPF_CALL) && insns[i].src_reg == BPF_PSEUDO_CALL)
			insns[i].imm = 0;
	}
}

/* The next program of a dump. False at its end, or if what follows is none. */
static bool next_program(struct bytes *dump, struct arena *arena, struct program *program)
{
	size_t length;

	if (dump->size < sizeof(program->header))
		return false;
	memcpy(&program->header, dump->data, sizeof(program->header));
	dump->data += sizeof(program->header);
	dump->size -= sizeof(program->header);
	if (program->header.insn_count > dump->size / sizeof(struct bpf_insn))
		return false;
	length = program->header.insn_count * sizeof(struct bpf_insn);
	program->insns = arena_copy(arena, dump->data, length);
	dump->data += length;
	dump->size -= length;
	if (program->insns)
		forget_all(program->insns, program->header.insn_count);
	return program->insns;
}

static void print_insn(struct text *out, const char *whose, const struct program *program, u32 index)
{
	text_printf(out, "    %-7s %5u: ", whose, index);
	if (index < program->header.insn_count)
		insn_print(out, &program->insns[index], program->header.insn_count - index, NULL);
	else
		text_string(out, "(there is none)");
	text_char(out, '\n');
}

/* Whether the programs are the same; prints where they begin not to be. */
static bool same(struct text *out, const struct program *theirs, const struct program *ours)
{
	u32 count = theirs->header.insn_count, i = 0;

	while (i < count && i < ours->header.insn_count &&
		!memcmp(&theirs->insns[i], &ours->insns[i], sizeof(*ours->insns)))
		i++;
	if (i == count && count == ours->header.insn_count)
		return true;
	text_printf(out, "  %s: %u instructions, %u in ours\n", theirs->header.name, count, ours->header.insn_count);
	for (u32 before = i < BEFORE ? 0 : i - BEFORE; before < i; before++)
		print_insn(out, "both", theirs, before);
	print_insn(out, "libbpf", theirs, i);
	print_insn(out, "ours", ours, i);
	return false;
}

static bool find_program(struct bytes dump, struct arena *arena, const char *name, struct program *program)
{
	while (next_program(&dump, arena, program))
		if (str_equal(program->header.name, name))
			return true;
	return false;
}

/* How many programs differ; the number of all goes into `count`. */
static u32 compare(struct text *out, struct arena *arena, struct bytes theirs, struct bytes ours, u32 *count)
{
	struct program program, own;
	u32 different = 0;

	for (*count = 0; next_program(&theirs, arena, &program); ++*count) {
		if (!find_program(ours, arena, program.header.name, &own)) {
			text_printf(out, "  %s: not in ours\n", program.header.name);
			different++;
		} else if (!same(out, &program, &own)) {
			different++;
		}
	}
	return different;
}

int main(int argc, char **argv, char **envp)
{
	static char buf[4096];
	struct text out = text_to(1, buf, sizeof(buf));
	struct arena arena = {0};
	struct error error = {0};
	struct bytes theirs, ours;
	u32 count, different;

	(void)envp;
	if (argc != 3 || file_read(&arena, &error, argv[1], 1 << 28, &theirs) ||
		file_read(&arena, &error, argv[2], 1 << 28, &ours)) {
		text_printf(&out, "xlated_diff: %s\n", error.errnum ? error.message : "usage: xlated_diff THEIRS OURS");
		text_flush(&out);
		return 2;
	}
	different = compare(&out, &arena, theirs, ours, &count);
	text_printf(&out, "%u programs, %u differ\n", count, different);
	return text_flush(&out) || different;
}
