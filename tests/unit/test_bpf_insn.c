/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_bpf_insn.c: each macro as the disassembler reads it, some as bytes, and all as the kernel runs them.
 */
#include "unit.h"
#include <linux/bpf.h>
#include "base/sys.h"
#include "base/text.h"
#include "bpf_insn.h"
#include "object/disasm.h"

#define MAX_INSNS 12
#define INSNS(...)          \
	{                   \
		__VA_ARGS__ \
	}

/* Constants of file scope are what the macros are for. */
static const struct {
	struct bpf_insn insns[2];
	const char *text;
} texts[] = {
	{INSNS(BPF_ALU64_REG(BPF_ADD, BPF_REG_1, BPF_REG_2)), "(0f) r1 += r2"},
	{INSNS(BPF_ALU64_IMM(BPF_SUB, BPF_REG_1, -5)), "(17) r1 -= -5"},
	{INSNS(BPF_ALU32_REG(BPF_XOR, BPF_REG_3, BPF_REG_4)), "(ac) w3 ^= w4"},
	{INSNS(BPF_ALU32_IMM(BPF_ARSH, BPF_REG_3, 7)), "(c4) w3 s>>= 7"},
	{INSNS(BPF_ALU64_REG_OFF(BPF_DIV, BPF_REG_1, BPF_REG_2, 1)), "(3f) r1 s/= r2"},
	{INSNS(BPF_ALU32_IMM_OFF(BPF_MOD, BPF_REG_1, 3, 1)), "(94) w1 s%= 3"},
	{INSNS(BPF_MOV64_REG(BPF_REG_6, BPF_REG_1)), "(bf) r6 = r1"},
	{INSNS(BPF_MOV64_IMM(BPF_REG_0, -1)), "(b7) r0 = -1"},
	{INSNS(BPF_MOV32_REG(BPF_REG_6, BPF_REG_1)), "(bc) w6 = w1"},
	{INSNS(BPF_MOV32_IMM(BPF_REG_0, 1)), "(b4) w0 = 1"},
	{INSNS(BPF_MOVSX64_REG(BPF_REG_1, BPF_REG_2, 32)), "(bf) r1 = (s32)r2"},
	{INSNS(BPF_MOVSX32_REG(BPF_REG_1, BPF_REG_2, 8)), "(bc) w1 = (s8)w2"},
	{INSNS(BPF_ENDIAN(BPF_TO_BE, BPF_REG_1, 16)), "(dc) r1 = be16 r1"},
	{INSNS(BPF_ENDIAN(BPF_TO_LE, BPF_REG_1, 64)), "(d4) r1 = le64 r1"},
	{INSNS(BPF_BSWAP(BPF_REG_1, 32)), "(d7) r1 = bswap32 r1"},
	{INSNS(BPF_LD_IMM64(BPF_REG_1, 0x1122334455667788)), "(18) r1 = 0x1122334455667788"},
	{INSNS(BPF_LD_MAP_FD(BPF_REG_1, 5)), "(18) r1 = map[fd:5]"},
	{INSNS(BPF_LD_MAP_VALUE(BPF_REG_1, 5, 16)), "(18) r1 = map[fd:5][0]+16"},
	{INSNS(BPF_LDX_MEM(BPF_H, BPF_REG_1, BPF_REG_6, 8)), "(69) r1 = *(u16 *)(r6 +8)"},
	{INSNS(BPF_LDX_MEMSX(BPF_W, BPF_REG_1, BPF_REG_6, -8)), "(81) r1 = *(s32 *)(r6 -8)"},
	{INSNS(BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -8)), "(7b) *(u64 *)(r10 -8) = r1"},
	{INSNS(BPF_ST_MEM(BPF_B, BPF_REG_10, -1, 255)), "(72) *(u8 *)(r10 -1) = 255"},
	{INSNS(BPF_ATOMIC_OP(BPF_DW, BPF_ADD, BPF_REG_1, BPF_REG_2, 8)), "(db) lock *(u64 *)(r1 +8) += r2"},
	{INSNS(BPF_ATOMIC_OP(BPF_W, BPF_CMPXCHG, BPF_REG_1, BPF_REG_2, 0)),
		"(c3) r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)"},
	{INSNS(BPF_LD_ABS(BPF_W, 12)), "(20) r0 = *(u32 *)skb[12]"},
	{INSNS(BPF_LD_IND(BPF_B, BPF_REG_7, 1)), "(50) r0 = *(u8 *)skb[r7 + 1]"},
	{INSNS(BPF_JMP_REG(BPF_JGT, BPF_REG_1, BPF_REG_2, 3)), "(2d) if r1 > r2 goto pc+3"},
	{INSNS(BPF_JMP_IMM(BPF_JNE, BPF_REG_1, 0, -3)), "(55) if r1 != 0x0 goto pc-3"},
	{INSNS(BPF_JMP32_REG(BPF_JSLE, BPF_REG_1, BPF_REG_2, 3)), "(de) if w1 s<= w2 goto pc+3"},
	{INSNS(BPF_JMP32_IMM(BPF_JSET, BPF_REG_1, 16, 3)), "(46) if w1 & 0x10 goto pc+3"},
	{INSNS(BPF_JMP_A(-2)), "(05) goto pc-2"},
	{INSNS(BPF_JMP32_A(70000)), "(06) gotol pc+70000"},
	{INSNS(BPF_EMIT_CALL(BPF_FUNC_get_current_comm)), "(85) call bpf_get_current_comm#16"},
	{INSNS(BPF_CALL_FUNC(BPF_FUNC_get_current_comm)), "(85) call bpf_get_current_comm#16"},
	{INSNS(BPF_CALL_REL(4)), "(85) call pc+4"},
	{INSNS(BPF_CALL_KFUNC(0, 77)), "(85) call kfunc#77"},
	{INSNS(BPF_EXIT_INSN()), "(95) exit"},
};

static void reads_as_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		char buf[128];
		struct text text = text_in(buf, sizeof(buf));
		u32 used = insn_print(&text, texts[i].insns, 2, NULL);

		assert_string_equal(buf, texts[i].text);
		assert_int_equal(used, texts[i].insns[0].code == (BPF_LD | BPF_DW | BPF_IMM) ? 2 : 1);
	}
}

/* The drawing in bpf_insn.h, byte by byte. */
static void bytes(void **state)
{
	static const struct bpf_insn insns[] = {
		BPF_STX_MEM(BPF_DW, BPF_REG_10, BPF_REG_1, -8), BPF_LD_IMM64(BPF_REG_2, 0x1122334455667788)};
	static const u8 little[] = {0x7b, 0x1a, 0xf8, 0xff, 0, 0, 0, 0, 0x18, 2, 0, 0, 0x88, 0x77, 0x66, 0x55, 0, 0, 0,
		0, 0x44, 0x33, 0x22, 0x11};

	(void)state;
	assert_int_equal(sizeof(insns), sizeof(little));
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	assert_memory_equal(insns, little, sizeof(little));
#endif
}

/* What only a running program can know is an argument, too. */
static void variable_arguments(void **state)
{
	int fd = 7;
	u64 number = (u64)-2;
	struct bpf_insn insns[] = {BPF_LD_MAP_FD(BPF_REG_1, fd), BPF_LD_IMM64(BPF_REG_2, number), BPF_EXIT_INSN()};

	(void)state;
	assert_int_equal(ARRAY_SIZE(insns), 5);
	assert_int_equal(insns[0].src_reg, BPF_PSEUDO_MAP_FD);
	assert_int_equal(insns[0].imm, 7);
	assert_int_equal(insns[1].imm, 0);
	assert_int_equal(insns[2].imm, -2);
	assert_int_equal(insns[3].imm, -1);
}

/* --- Programs, and what they return ---------------------------------------------------------------------------- */

static const struct {
	const char *what;
	u32 result;
	struct bpf_insn insns[MAX_INSNS]; /* up to the first of code 0 that is no half of a constant */
} runs[] = {
	{"arithmetic", 42,
		INSNS(BPF_MOV64_IMM(BPF_REG_0, 50), BPF_MOV64_IMM(BPF_REG_1, 4),
			BPF_ALU64_REG(BPF_MUL, BPF_REG_0, BPF_REG_1), BPF_ALU64_IMM(BPF_SUB, BPF_REG_0, 32),
			BPF_ALU32_IMM(BPF_RSH, BPF_REG_0, 2), BPF_EXIT_INSN())},
	{"the halves of a constant", 0x11223344,
		INSNS(BPF_LD_IMM64(BPF_REG_0, 0x1122334455667788), BPF_ALU64_IMM(BPF_RSH, BPF_REG_0, 32),
			BPF_EXIT_INSN())},
	{"32-bit moves clear the upper half", 0,
		INSNS(BPF_MOV64_IMM(BPF_REG_1, -1), BPF_MOV32_REG(BPF_REG_0, BPF_REG_1),
			BPF_ALU64_IMM(BPF_RSH, BPF_REG_0, 32), BPF_EXIT_INSN())},
	{"byte order", 0x3412,
		INSNS(BPF_MOV64_IMM(BPF_REG_0, 0x1234), BPF_ENDIAN(BPF_TO_BE, BPF_REG_0, 16), BPF_EXIT_INSN())},
	{"memory", 0x0501,
		INSNS(BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 1), BPF_MOV64_IMM(BPF_REG_1, 5),
			BPF_STX_MEM(BPF_B, BPF_REG_10, BPF_REG_1, -7), BPF_LDX_MEM(BPF_H, BPF_REG_0, BPF_REG_10, -8),
			BPF_EXIT_INSN())},
	{"atomic addition", 12,
		INSNS(BPF_ST_MEM(BPF_DW, BPF_REG_10, -8, 5), BPF_MOV64_IMM(BPF_REG_1, 7),
			BPF_ATOMIC_OP(BPF_DW, BPF_ADD, BPF_REG_10, BPF_REG_1, -8),
			BPF_LDX_MEM(BPF_DW, BPF_REG_0, BPF_REG_10, -8), BPF_EXIT_INSN())},
	{"jumps", 3,
		INSNS(BPF_MOV64_IMM(BPF_REG_0, 1), BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 2, 2), BPF_MOV64_IMM(BPF_REG_0, 3),
			BPF_JMP_A(1), BPF_MOV64_IMM(BPF_REG_0, 4), BPF_EXIT_INSN())},
	{"32-bit jumps see half", 9,
		INSNS(BPF_LD_IMM64(BPF_REG_1, 0x100000000), BPF_MOV64_IMM(BPF_REG_0, 9),
			BPF_JMP32_IMM(BPF_JEQ, BPF_REG_1, 0, 1), BPF_MOV64_IMM(BPF_REG_0, 8), BPF_EXIT_INSN())},
	{"a function", 6,
		INSNS(BPF_MOV64_IMM(BPF_REG_1, 5), BPF_CALL_REL(1), BPF_EXIT_INSN(),
			BPF_MOV64_REG(BPF_REG_0, BPF_REG_1), BPF_ALU64_IMM(BPF_ADD, BPF_REG_0, 1), BPF_EXIT_INSN())},
	{"a helper", 1,
		INSNS(BPF_EMIT_CALL(BPF_FUNC_ktime_get_ns), BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 1),
			BPF_MOV64_IMM(BPF_REG_0, 1), BPF_EXIT_INSN())},
	{"a packet's bytes", 0x0a0b,
		INSNS(BPF_MOV64_REG(BPF_REG_6, BPF_REG_1), BPF_MOV64_IMM(BPF_REG_7, 1), BPF_LD_ABS(BPF_B, 1),
			BPF_MOV64_REG(BPF_REG_8, BPF_REG_0), BPF_LD_IND(BPF_B, BPF_REG_7, -1),
			BPF_ALU64_IMM(BPF_LSH, BPF_REG_0, 8), BPF_ALU64_REG(BPF_OR, BPF_REG_0, BPF_REG_8),
			BPF_EXIT_INSN())},
};

static u32 count_insns(const struct bpf_insn *insns)
{
	u32 count = 0;

	while (count < MAX_INSNS && insns[count].code)
		count += insns[count].code == (BPF_LD | BPF_DW | BPF_IMM) ? 2 : 1;
	return count;
}

static int load(const struct bpf_insn *insns, u32 count)
{
	static char log[1 << 16];
	union bpf_attr attr = {0};
	int fd;

	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
	attr.insns = ptr_to_u64(insns);
	attr.insn_cnt = count;
	attr.license = ptr_to_u64("Dual BSD/GPL");
	attr.log_level = 1;
	attr.log_buf = ptr_to_u64(log);
	attr.log_size = sizeof(log);
	fd = (int)sys_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0 && log[0])
		print_message("%s", log);
	return fd;
}

/* Runs the program once, on 64 bytes, attached to nothing. The first 14, an Ethernet header, it does not see. */
static int run(int fd, u32 *result)
{
	u8 packet[64] = {[14] = 0x0a, [15] = 0x0b};
	union bpf_attr attr = {0};
	int err;

	attr.test.prog_fd = (u32)fd;
	attr.test.data_in = ptr_to_u64(packet);
	attr.test.data_size_in = sizeof(packet);
	attr.test.repeat = 1;
	err = (int)sys_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
	*result = attr.test.retval;
	return err;
}

static void runs_as_said(void **state)
{
	static const struct bpf_insn nothing[] = {BPF_MOV64_IMM(BPF_REG_0, 0), BPF_EXIT_INSN()};
	int fd = load(nothing, ARRAY_SIZE(nothing));
	u32 result;

	(void)state;
	if (fd < 0 || run(fd, &result)) {
		print_message("skipped: the kernel lets this user load or run no program (%s)\n", errno_name(fd));
		skip();
	}
	sys_close(fd);
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		fd = load(runs[i].insns, count_insns(runs[i].insns));
		if (fd < 0)
			fail_msg("%s: cannot be loaded: %s", runs[i].what, errno_name(fd));
		assert_int_equal(run(fd, &result), 0);
		if (result != runs[i].result)
			fail_msg("%s: returned 0x%x, expected 0x%x", runs[i].what, result, runs[i].result);
		sys_close(fd);
	}
}

int main(void)
{
	return RUN(TEST(reads_as_named), TEST(bytes), TEST(variable_arguments), TEST(runs_as_said));
}
