/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * disasm.c: the instruction set, as one table from encodings to text. See disasm.h.
 *
 * The low three bits of an opcode are its class; what the others mean depends on it:
 *
 *	 7       4   3   2     0         7   5   4  3   2     0
 *	+---------+-----+-------+       +-----+------+-------+
 *	|   op    |  X  | class |       | mode| size | class |
 *	+---------+-----+-------+       +-----+------+-------+
 *	  ALU ALU64 JMP JMP32             LD LDX ST STX
 *
 * X set: the second operand is the source register, else the immediate. Later additions to the set found no free
 * opcodes and hide in fields that had to be zero before (a signed division has off 1), so a row of the table may
 * ask for the value of one more field. Notation after kernel/bpf/disasm.c:print_bpf_insn(); the encodings are
 * those of Documentation/bpf/standardization/instruction-set.rst.
 */
#include "base/string.h"
#include "bpf_insn.h"
#include "object/disasm.h"
#include "object/kernel_names.h"

/* What of an instruction must have a row's value; with OPERATOR there must be one, too. */
enum field { ANY, OFF, IMM, SRC, FETCH, OPERATOR = 8 };

#define CLASS(name) (1 << BPF_##name)
#define BOTH_ALU    (CLASS(ALU) | CLASS(ALU64))
#define BOTH_JMP    (CLASS(JMP) | CLASS(JMP32))

/*
 * The first row that fits counts; an empty format says that there is no such instruction. The rest of a row is as in
 * struct row below. In a format:
 *
 *	%d %s	destination and source, "w1" in 32-bit classes	%D %S	the same, always "r1"
 *	%b	the second operand, source or number		%c	the same, number in hexadecimal
 *	%a	the operator					%z %Z	how much is loaded: "u32", "s32"
 *	%i	the immediate					%p %o	immediate, offset, with its sign
 *	%w	"64" in a 64-bit access				%L %N	immediates: both as one, the second slot's
 *	%A	two address spaces, in the immediate		%h	a helper's name and id
 *	%m %M	what is at destination or source		"(%z *)(%D %o)"
 *	@	what follows gives way to a symbol, if the caller knows one
 */
/* clang-format off */
#define ROWS(ROW) \
	ROW("%D = le%i %D", CLASS(ALU), 0xf8, BPF_END | BPF_TO_LE, ANY, 0) \
	ROW("%D = be%i %D", CLASS(ALU), 0xf8, BPF_END | BPF_TO_BE, ANY, 0) \
	ROW("%D = bswap%i %D", CLASS(ALU64), 0xf8, BPF_END, ANY, 0) \
	ROW("%d = -%d", BOTH_ALU, 0xf8, BPF_NEG, ANY, 0) \
	ROW("%d %a %b", BOTH_ALU, 0x00, 0, OFF | OPERATOR, 0) \
	ROW("%d s%a %b", BOTH_ALU, 0xf0, BPF_DIV, OFF, 1) \
	ROW("%d s%a %b", BOTH_ALU, 0xf0, BPF_MOD, OFF, 1) \
	ROW("%d = (s8)%s", BOTH_ALU, 0xf8, BPF_MOV | BPF_X, OFF, 8) \
	ROW("%d = (s16)%s", BOTH_ALU, 0xf8, BPF_MOV | BPF_X, OFF, 16) \
	ROW("%d = (s32)%s", CLASS(ALU64), 0xf8, BPF_MOV | BPF_X, OFF, 32) \
	ROW("%d = addr_space_cast(%s, %A)", CLASS(ALU64), 0xf8, BPF_MOV | BPF_X, OFF, 1) \
	ROW("%d = &(void __percpu *)(%s)", CLASS(ALU64), 0xf8, BPF_MOV | BPF_X, OFF, -1) \
	\
	ROW("%D = @%L", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, 0) \
	ROW("%D = @map[fd:%i]", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, BPF_PSEUDO_MAP_FD) \
	ROW("%D = @map[fd:%i][0]+%N", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, BPF_PSEUDO_MAP_VALUE) \
	ROW("%D = @btf_id[%i]", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, 3) \
	ROW("%D = @subprog[%p]", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, 4) \
	ROW("%D = @map[idx:%i]", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, 5) \
	ROW("%D = @map[idx:%i][0]+%N", CLASS(LD), 0xf8, BPF_IMM | BPF_DW, SRC, 6) \
	ROW("r0 = *(%z *)skb[%i]", CLASS(LD), 0xe0, BPF_ABS, ANY, 0) \
	ROW("r0 = *(%z *)skb[%S + %i]", CLASS(LD), 0xe0, BPF_IND, ANY, 0) \
	\
	ROW("%D = *%M", CLASS(LDX), 0xe0, BPF_MEM, ANY, 0) \
	ROW("", CLASS(LDX), 0xf8, 0x98, ANY, 0) /* nothing is wider than 64 bits */ \
	ROW("%D = *(%Z *)(%S %o)", CLASS(LDX), 0xe0, 0x80, ANY, 0) \
	ROW("*%m = %i", CLASS(ST), 0xe0, BPF_MEM, ANY, 0) \
	ROW("*%m = %S", CLASS(STX), 0xe0, BPF_MEM, ANY, 0) \
	ROW("lock *%m %a %S", CLASS(STX), 0xe0, 0xc0, FETCH | OPERATOR, 0) \
	ROW("%S = atomic%w_fetch_%a(%m, %S)", CLASS(STX), 0xe0, 0xc0, FETCH | OPERATOR, 1) \
	ROW("%S = atomic%w_xchg(%m, %S)", CLASS(STX), 0xe0, 0xc0, IMM, 0xe1) \
	ROW("r0 = atomic%w_cmpxchg(%m, r0, %S)", CLASS(STX), 0xe0, 0xc0, IMM, 0xf1) \
	ROW("%D = load_acquire(%M)", CLASS(STX), 0xe0, 0xc0, IMM, 0x100) \
	ROW("store_release(%m, %S)", CLASS(STX), 0xe0, 0xc0, IMM, 0x110) \
	\
	ROW("call @%h", CLASS(JMP), 0xf8, BPF_CALL, SRC, 0) \
	ROW("call @pc%p", CLASS(JMP), 0xf8, BPF_CALL, SRC, BPF_PSEUDO_CALL) \
	ROW("call @kfunc#%i", CLASS(JMP), 0xf8, BPF_CALL, SRC, 2) \
	ROW("callx %D", CLASS(JMP), 0xf8, BPF_CALL | BPF_X, ANY, 0) \
	ROW("exit", CLASS(JMP), 0xf8, BPF_EXIT, ANY, 0) \
	ROW("goto pc%o", CLASS(JMP), 0xf8, BPF_JA, ANY, 0) \
	ROW("gotol pc%p", CLASS(JMP32), 0xf8, BPF_JA, ANY, 0) \
	ROW("gotox %D", CLASS(JMP), 0xf8, BPF_JA | BPF_X, ANY, 0) \
	ROW("may_goto pc%o", CLASS(JMP), 0xf8, 0xe0, SRC, 0) \
	ROW("if %d %a %c goto pc%o", BOTH_JMP, 0x00, 0, ANY | OPERATOR, 0)
/* clang-format on */

/* The list twice over: what to compare, and the formats alone, end to end. */
#define ROW_TEST(format, ...)   {__VA_ARGS__},
#define ROW_FORMAT(format, ...) format "\0"
static const struct row {
	u8 classes;
	u8 mask, code; /* of the five bits above the class */
	u8 field;
	s16 value;
} rows[] = {ROWS(ROW_TEST)};
static const char formats[] = ROWS(ROW_FORMAT);

/*
 * Of ALU instructions and of jumps, by the upper four bits of the opcode; of atomic ones, by those of the immediate,
 * without and with BPF_FETCH. "" for an operation that is none.
 */
static const char operators[] = "+=\0-=\0*=\0/=\0|=\0&=\0<<=\0>>=\0\0%=\0^=\0=\0s>>=\0\0\0\0"
				"\0==\0>\0>=\0&\0!=\0s>\0s>=\0\0\0<\0<=\0s<\0s<=\0\0\0"
				"+=\0\0\0\0|=\0&=\0\0\0\0\0^=\0\0\0\0\0\0"
				"add\0\0\0\0or\0and\0\0\0\0\0xor\0\0\0\0\0";

static const char *operator_of(const struct bpf_insn *insn)
{
	u32 class = BPF_CLASS(insn->code), at = insn->code >> 4, imm = (u32)insn->imm;

	if (class == BPF_JMP || class == BPF_JMP32)
		at += 16;
	if (class == BPF_STX)
		at = imm & ~(0xf0 | BPF_FETCH) ? 0x0f : 32 + (imm & BPF_FETCH) * 16 + (imm >> 4);
	return list_entry(operators, sizeof(operators), at);
}

static bool row_fits(const struct row *row, const struct bpf_insn *insn)
{
	const s32 fields[] = {row->value, insn->off, insn->imm, insn->src_reg, insn->imm & BPF_FETCH};

	return row->classes & 1 << BPF_CLASS(insn->code) && (insn->code & row->mask) == row->code &&
	       fields[row->field & ~OPERATOR] == row->value && (!(row->field & OPERATOR) || *operator_of(insn));
}

static void put_helper(struct text *t, u32 id)
{
	const char *name = helper_name(id);

	text_printf(t, "%s%s#%d", name ? "bpf_" : "unknown", name ? name : "", (s32)id);
}

static void put_operand(struct text *t, const struct bpf_insn *insn, char letter);

/* The part of a format before a symbol, or all of it. Returns the rest. */
static const char *put_format(struct text *t, const struct bpf_insn *insn, const char *format)
{
	for (; *format && *format != '@'; format++)
		if (*format == '%')
			put_operand(t, insn, *++format);
		else
			text_char(t, *format);
	return format;
}

static void put_operand(struct text *t, const struct bpf_insn *insn, char letter)
{
	static const u8 access_bits[] = {32, 16, 8, 64}; /* by BPF_W, BPF_H, BPF_B, BPF_DW */
	u32 bits = access_bits[BPF_SIZE(insn->code) >> 3], class = BPF_CLASS(insn->code);
	const char *width = class == BPF_ALU || class == BPF_JMP32 ? "w" : "r", *before = "";
	u32 imm = (u32)insn->imm;
	s64 number = insn->imm;

	if ((letter == 'b' || letter == 'c') && BPF_SRC(insn->code) == BPF_X)
		letter = 's';
	switch (letter) {
	case 'd':
	case 's':
	case 'D':
	case 'S':
		before = letter >= 'a' ? width : "r";
		number = (letter | 0x20) == 'd' ? insn->dst_reg : insn->src_reg;
		break;
	case 'z':
	case 'Z':
		before = letter == 'z' ? "u" : "s";
		number = bits;
		break;
	case 'p':
	case 'o':
		number = letter == 'p' ? insn->imm : insn->off;
		before = number < 0 ? "" : "+";
		break;
	case 'N':
		number = (u32)insn[1].imm;
		break;
	case 'c':
	case 'L':
		text_printf(t, "0x%llx", letter == 'c' ? imm : (u64)(u32)insn[1].imm << 32 | imm);
		return;
	case 'a':
		text_string(t, operator_of(insn));
		return;
	case 'm':
	case 'M':
		put_format(t, insn, letter == 'm' ? "(%z *)(%D %o)" : "(%z *)(%S %o)");
		return;
	case 'w':
		text_string(t, bits == 64 ? "64" : "");
		return;
	case 'A':
		text_printf(t, "%u, %u", imm >> 16, imm & 0xffff);
		return;
	case 'h':
		put_helper(t, imm);
		return;
	}
	text_printf(t, "%s%lld", before, number);
}

u32 insn_print(struct text *t, const struct bpf_insn *insn, u32 left, const char *symbol)
{
	bool wide = insn->code == CODE_LD_IMM64;
	const char *format;
	u32 row = 0;

	while (row < ARRAY_SIZE(rows) && !row_fits(&rows[row], insn))
		row++;
	format = list_entry(formats, sizeof(formats), row); /* behind the last stands an empty one */
	if (!*format || (wide && (left < 2 || insn[1].code))) {
		text_printf(t, "(%02x) unknown: dst %u, src %u, off %d, imm 0x%x", insn->code, insn->dst_reg,
			insn->src_reg, insn->off, (u32)insn->imm);
		return 1;
	}
	text_printf(t, "(%02x) ", insn->code);
	format = put_format(t, insn, format);
	if (*format && symbol)
		text_string(t, symbol);
	else if (*format)
		put_format(t, insn, format + 1);
	return wide ? 2 : 1;
}
