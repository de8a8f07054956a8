/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_disasm.c: every class of instruction in the verifier's notation, and what is no instruction.
 */
#include "unit.h"
#include "object/disasm.h"

/* Opcode, destination, source, offset, immediate, as the eight bytes have them. */
#define INSN(c, d, s, o, i)                                                         \
	{                                                                           \
		.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) \
	}

static void assert_text(const struct bpf_insn *insns, u32 left, const char *symbol, u32 used, const char *expected)
{
	char buf[200];
	struct text t = text_in(buf, sizeof(buf));

	assert_int_equal(insn_print(&t, insns, left, symbol), used);
	assert_string_equal(buf, expected);
}

static const struct {
	struct bpf_insn insn;
	const char *text;
} single[] = {
	/* ALU64 and ALU: numbers and registers */
	{INSN(0x07, 1, 0, 0, 8), "(07) r1 += 8"},
	{INSN(0x0f, 1, 2, 0, 0), "(0f) r1 += r2"},
	{INSN(0x17, 1, 0, 0, -1), "(17) r1 -= -1"},
	{INSN(0x1c, 1, 2, 0, 0), "(1c) w1 -= w2"},
	{INSN(0x27, 3, 0, 0, 10), "(27) r3 *= 10"},
	{INSN(0x37, 3, 0, 0, 10), "(37) r3 /= 10"},
	{INSN(0x4f, 3, 4, 0, 0), "(4f) r3 |= r4"},
	{INSN(0x54, 3, 0, 0, 255), "(54) w3 &= 255"},
	{INSN(0x67, 0, 0, 0, 32), "(67) r0 <<= 32"},
	{INSN(0x77, 0, 0, 0, 32), "(77) r0 >>= 32"},
	{INSN(0x87, 5, 0, 0, 0), "(87) r5 = -r5"},
	{INSN(0x84, 5, 0, 0, 0), "(84) w5 = -w5"},
	{INSN(0x97, 5, 0, 0, 3), "(97) r5 %= 3"},
	{INSN(0xaf, 5, 6, 0, 0), "(af) r5 ^= r6"},
	{INSN(0xb7, 0, 0, 0, -5), "(b7) r0 = -5"},
	{INSN(0xb4, 0, 0, 0, 1), "(b4) w0 = 1"},
	{INSN(0xbf, 6, 1, 0, 0), "(bf) r6 = r1"},
	{INSN(0xbc, 6, 1, 0, 0), "(bc) w6 = w1"},
	{INSN(0xc7, 6, 0, 0, 63), "(c7) r6 s>>= 63"},
	{INSN(0xcc, 6, 7, 0, 0), "(cc) w6 s>>= w7"},
	/* byte order */
	{INSN(0xd4, 1, 0, 0, 16), "(d4) r1 = le16 r1"},
	{INSN(0xdc, 1, 0, 0, 32), "(dc) r1 = be32 r1"},
	{INSN(0xd7, 1, 0, 0, 64), "(d7) r1 = bswap64 r1"},
	/* since -mcpu=v4: signed division, sign extension */
	{INSN(0x3f, 1, 2, 1, 0), "(3f) r1 s/= r2"},
	{INSN(0x34, 1, 0, 1, 7), "(34) w1 s/= 7"},
	{INSN(0x9f, 1, 2, 1, 0), "(9f) r1 s%= r2"},
	{INSN(0x94, 1, 0, 1, -3), "(94) w1 s%= -3"},
	{INSN(0xbf, 1, 2, 8, 0), "(bf) r1 = (s8)r2"},
	{INSN(0xbc, 1, 2, 8, 0), "(bc) w1 = (s8)w2"},
	{INSN(0xbc, 1, 2, 16, 0), "(bc) w1 = (s16)w2"},
	{INSN(0xbf, 1, 2, 16, 0), "(bf) r1 = (s16)r2"},
	{INSN(0xbf, 1, 2, 32, 0), "(bf) r1 = (s32)r2"},
	{INSN(0xbf, 1, 2, 1, 1), "(bf) r1 = addr_space_cast(r2, 0, 1)"},
	{INSN(0xbf, 1, 2, 1, 0x10000), "(bf) r1 = addr_space_cast(r2, 1, 0)"},
	{INSN(0xbf, 1, 2, -1, 0), "(bf) r1 = &(void __percpu *)(r2)"},
	/* loads and stores */
	{INSN(0x61, 1, 6, 4, 0), "(61) r1 = *(u32 *)(r6 +4)"},
	{INSN(0x69, 1, 6, 4, 0), "(69) r1 = *(u16 *)(r6 +4)"},
	{INSN(0x71, 1, 10, -1, 0), "(71) r1 = *(u8 *)(r10 -1)"},
	{INSN(0x79, 1, 6, 8, 0), "(79) r1 = *(u64 *)(r6 +8)"},
	{INSN(0x81, 1, 6, 4, 0), "(81) r1 = *(s32 *)(r6 +4)"},
	{INSN(0x89, 1, 6, 0, 0), "(89) r1 = *(s16 *)(r6 +0)"},
	{INSN(0x91, 1, 6, 0, 0), "(91) r1 = *(s8 *)(r6 +0)"},
	{INSN(0x7a, 10, 0, -8, -1), "(7a) *(u64 *)(r10 -8) = -1"},
	{INSN(0x62, 10, 0, -8, 5), "(62) *(u32 *)(r10 -8) = 5"},
	{INSN(0x7b, 10, 1, -8, 0), "(7b) *(u64 *)(r10 -8) = r1"},
	{INSN(0x73, 10, 1, -8, 0), "(73) *(u8 *)(r10 -8) = r1"},
	/* of packets, the old way */
	{INSN(0x30, 0, 0, 0, 23), "(30) r0 = *(u8 *)skb[23]"},
	{INSN(0x28, 0, 0, 0, 12), "(28) r0 = *(u16 *)skb[12]"},
	{INSN(0x40, 0, 7, 0, -4), "(40) r0 = *(u32 *)skb[r7 + -4]"},
	{INSN(0x48, 0, 7, 0, 4), "(48) r0 = *(u16 *)skb[r7 + 4]"},
	{INSN(0x50, 0, 7, 0, 4), "(50) r0 = *(u8 *)skb[r7 + 4]"},
	/* atomic */
	{INSN(0xdb, 1, 2, 0, 0x00), "(db) lock *(u64 *)(r1 +0) += r2"},
	{INSN(0xc3, 1, 2, 4, 0x40), "(c3) lock *(u32 *)(r1 +4) |= r2"},
	{INSN(0xdb, 1, 2, 0, 0x50), "(db) lock *(u64 *)(r1 +0) &= r2"},
	{INSN(0xdb, 1, 2, 0, 0xa0), "(db) lock *(u64 *)(r1 +0) ^= r2"},
	{INSN(0xdb, 1, 2, 0, 0x01), "(db) r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)"},
	{INSN(0xc3, 1, 2, -4, 0x41), "(c3) r2 = atomic_fetch_or((u32 *)(r1 -4), r2)"},
	{INSN(0xdb, 1, 2, 0, 0x51), "(db) r2 = atomic64_fetch_and((u64 *)(r1 +0), r2)"},
	{INSN(0xdb, 1, 2, 0, 0xa1), "(db) r2 = atomic64_fetch_xor((u64 *)(r1 +0), r2)"},
	{INSN(0xdb, 1, 2, 0, 0xe1), "(db) r2 = atomic64_xchg((u64 *)(r1 +0), r2)"},
	{INSN(0xc3, 1, 2, 0, 0xf1), "(c3) r0 = atomic_cmpxchg((u32 *)(r1 +0), r0, r2)"},
	{INSN(0xdb, 1, 2, 0, 0xf1), "(db) r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)"},
	{INSN(0xd3, 1, 2, 1, 0x100), "(d3) r1 = load_acquire((u8 *)(r2 +1))"},
	{INSN(0xcb, 1, 2, 2, 0x100), "(cb) r1 = load_acquire((u16 *)(r2 +2))"},
	{INSN(0xdb, 1, 2, 8, 0x110), "(db) store_release((u64 *)(r1 +8), r2)"},
	/* jumps */
	{INSN(0x05, 0, 0, 3, 0), "(05) goto pc+3"},
	{INSN(0x05, 0, 0, -3, 0), "(05) goto pc-3"},
	{INSN(0x06, 0, 0, 0, 70000), "(06) gotol pc+70000"},
	{INSN(0x0d, 3, 0, 0, 0), "(0d) gotox r3"},
	{INSN(0xe5, 0, 0, 4, 0), "(e5) may_goto pc+4"},
	{INSN(0x15, 0, 0, 3, 0), "(15) if r0 == 0x0 goto pc+3"},
	{INSN(0x1d, 1, 2, 3, 0), "(1d) if r1 == r2 goto pc+3"},
	{INSN(0x16, 1, 0, 3, -1), "(16) if w1 == 0xffffffff goto pc+3"},
	{INSN(0x25, 1, 0, 3, 7), "(25) if r1 > 0x7 goto pc+3"},
	{INSN(0x35, 1, 0, 3, 7), "(35) if r1 >= 0x7 goto pc+3"},
	{INSN(0x45, 1, 0, 3, 1), "(45) if r1 & 0x1 goto pc+3"},
	{INSN(0x4e, 1, 2, 3, 0), "(4e) if w1 & w2 goto pc+3"},
	{INSN(0x55, 1, 0, -9, 0), "(55) if r1 != 0x0 goto pc-9"},
	{INSN(0x65, 1, 0, 3, 0), "(65) if r1 s> 0x0 goto pc+3"},
	{INSN(0x75, 1, 0, 3, 0), "(75) if r1 s>= 0x0 goto pc+3"},
	{INSN(0xa5, 1, 0, 3, 0), "(a5) if r1 < 0x0 goto pc+3"},
	{INSN(0xb5, 1, 0, 3, 0), "(b5) if r1 <= 0x0 goto pc+3"},
	{INSN(0xce, 1, 2, 3, 0), "(ce) if w1 s< w2 goto pc+3"},
	{INSN(0xd5, 1, 0, 3, 0), "(d5) if r1 s<= 0x0 goto pc+3"},
	/* calls */
	{INSN(0x85, 0, 0, 0, 1), "(85) call bpf_map_lookup_elem#1"},
	{INSN(0x85, 0, 0, 0, 195896080), "(85) call unknown#195896080"},
	{INSN(0x85, 0, 1, 0, 5), "(85) call pc+5"},
	{INSN(0x85, 0, 1, 0, -7), "(85) call pc-7"},
	{INSN(0x85, 0, 2, 0, 99), "(85) call kfunc#99"},
	{INSN(0x8d, 3, 0, 0, 0), "(8d) callx r3"},
	{INSN(0x95, 0, 0, 0, 0), "(95) exit"},
	/* fields of no meaning: the kernel's log shows such instructions, too, before it refuses them */
	{INSN(0xd4, 1, 2, 3, 16), "(d4) r1 = le16 r1"},
	{INSN(0xdc, 1, 2, 3, 16), "(dc) r1 = be16 r1"},
	{INSN(0xd7, 1, 2, 3, 16), "(d7) r1 = bswap16 r1"},
	{INSN(0x87, 5, 2, 3, 4), "(87) r5 = -r5"},
	{INSN(0x30, 1, 2, 3, 23), "(30) r0 = *(u8 *)skb[23]"},
	{INSN(0x50, 1, 7, 3, 4), "(50) r0 = *(u8 *)skb[r7 + 4]"},
	{INSN(0x79, 1, 6, 8, 9), "(79) r1 = *(u64 *)(r6 +8)"},
	{INSN(0x81, 1, 6, 4, 9), "(81) r1 = *(s32 *)(r6 +4)"},
	{INSN(0x62, 10, 2, -8, 5), "(62) *(u32 *)(r10 -8) = 5"},
	{INSN(0x63, 10, 1, -8, 9), "(63) *(u32 *)(r10 -8) = r1"},
	{INSN(0x05, 1, 2, 3, 4), "(05) goto pc+3"},
	{INSN(0x06, 1, 2, 3, 4), "(06) gotol pc+4"},
	{INSN(0x0d, 3, 2, 3, 4), "(0d) gotox r3"},
	{INSN(0x8d, 3, 1, 3, 4), "(8d) callx r3"},
	{INSN(0x8d, 3, 2, 3, 4), "(8d) callx r3"},
	{INSN(0x95, 1, 1, 3, 4), "(95) exit"},
	{INSN(0x95, 1, 2, 3, 4), "(95) exit"},
	/* what no kernel knows */
	{INSN(0xe7, 1, 2, 3, 4), "(e7) unknown: dst 1, src 2, off 3, imm 0x4"},
	{INSN(0xf4, 1, 0, 0, 0), "(f4) unknown: dst 1, src 0, off 0, imm 0x0"},
	{INSN(0xdf, 1, 0, 0, 16), "(df) unknown: dst 1, src 0, off 0, imm 0x10"},
	{INSN(0x8f, 1, 0, 0, 0), "(8f) unknown: dst 1, src 0, off 0, imm 0x0"},
	{INSN(0x0f, 1, 2, 5, 0), "(0f) unknown: dst 1, src 2, off 5, imm 0x0"},
	{INSN(0x3f, 1, 2, 2, 0), "(3f) unknown: dst 1, src 2, off 2, imm 0x0"},
	{INSN(0x9f, 1, 2, 2, 0), "(9f) unknown: dst 1, src 2, off 2, imm 0x0"},
	{INSN(0xbf, 1, 2, 2, 0), "(bf) unknown: dst 1, src 2, off 2, imm 0x0"},
	{INSN(0xbc, 1, 2, 32, 0), "(bc) unknown: dst 1, src 2, off 32, imm 0x0"},
	{INSN(0xbc, 1, 2, 1, 0), "(bc) unknown: dst 1, src 2, off 1, imm 0x0"},
	{INSN(0xbc, 1, 2, -1, 0), "(bc) unknown: dst 1, src 2, off -1, imm 0x0"},
	{INSN(0x99, 1, 2, 8, 9), "(99) unknown: dst 1, src 2, off 8, imm 0x9"},
	{INSN(0xdb, 1, 2, 0, 0x77), "(db) unknown: dst 1, src 2, off 0, imm 0x77"},
	{INSN(0xfd, 0, 0, -1, -1), "(fd) unknown: dst 0, src 0, off -1, imm 0xffffffff"},
	{INSN(0x86, 0, 0, 0, 1), "(86) unknown: dst 0, src 0, off 0, imm 0x1"},
	{INSN(0x86, 0, 1, 0, 1), "(86) unknown: dst 0, src 1, off 0, imm 0x1"},
	{INSN(0x86, 0, 2, 0, 1), "(86) unknown: dst 0, src 2, off 0, imm 0x1"},
	{INSN(0x8e, 3, 0, 0, 0), "(8e) unknown: dst 3, src 0, off 0, imm 0x0"},
	{INSN(0x96, 0, 0, 0, 0), "(96) unknown: dst 0, src 0, off 0, imm 0x0"},
	{INSN(0x0e, 3, 0, 0, 0), "(0e) unknown: dst 3, src 0, off 0, imm 0x0"},
	{INSN(0xe6, 0, 0, 4, 0), "(e6) unknown: dst 0, src 0, off 4, imm 0x0"},
	{INSN(0xed, 0, 0, 4, 0), "(ed) unknown: dst 0, src 0, off 4, imm 0x0"},
	{INSN(0xf5, 0, 0, 4, 0), "(f5) unknown: dst 0, src 0, off 4, imm 0x0"},
	{INSN(0x9d, 0, 0, 0, 0), "(9d) unknown: dst 0, src 0, off 0, imm 0x0"},
	{INSN(0xe5, 0, 1, 4, 0), "(e5) unknown: dst 0, src 1, off 4, imm 0x0"},
	{INSN(0x85, 0, 7, 0, 1), "(85) unknown: dst 0, src 7, off 0, imm 0x1"},
	{INSN(0xa1, 0, 0, 0, 0), "(a1) unknown: dst 0, src 0, off 0, imm 0x0"},
	{INSN(0x00, 0, 0, 0, 0), "(00) unknown: dst 0, src 0, off 0, imm 0x0"},
};

static void writes_single_instructions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(single); i++)
		assert_text(&single[i].insn, 1, NULL, 1, single[i].text);
}

static const struct {
	u8 src;
	s32 low, high;
	const char *text;
} wide[] = {
	{0, -1, 0, "(18) r3 = 0xffffffff"},
	{0, 1, -2, "(18) r3 = 0xfffffffe00000001"},
	{1, 7, 0, "(18) r3 = map[fd:7]"},
	{2, 7, 24, "(18) r3 = map[fd:7][0]+24"},
	{3, 1234, 0, "(18) r3 = btf_id[1234]"},
	{4, 12, 0, "(18) r3 = subprog[+12]"},
	{5, 2, 0, "(18) r3 = map[idx:2]"},
	{6, 2, 8, "(18) r3 = map[idx:2][0]+8"},
	{9, 1, 0, "(18) unknown: dst 3, src 9, off 0, imm 0x1"},
};

static void writes_64_bit_loads(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wide); i++) {
		struct bpf_insn pair[] = {INSN(0x18, 3, wide[i].src, 0, wide[i].low), INSN(0, 0, 0, 0, wide[i].high)};

		assert_text(pair, 2, NULL, wide[i].src == 9 ? 1 : 2, wide[i].text);
	}
}

/* The second half would be read beyond the program's end. */
static void takes_half_a_load_for_unknown(void **state)
{
	struct bpf_insn half = INSN(0x18, 3, 1, 0, 7);
	struct bpf_insn other[] = {half, INSN(0x95, 0, 0, 0, 0)};

	(void)state;
	assert_text(&half, 1, NULL, 1, "(18) unknown: dst 3, src 1, off 0, imm 0x7");
	assert_text(other, 2, NULL, 1, "(18) unknown: dst 3, src 1, off 0, imm 0x7");
}

static void puts_symbols_in_place(void **state)
{
	struct bpf_insn load[] = {INSN(0x18, 2, 0, 0, 0), INSN(0, 0, 0, 0, 0)};
	struct bpf_insn call = INSN(0x85, 0, 1, 0, -1), add = INSN(0x0f, 1, 2, 0, 0);

	(void)state;
	assert_text(load, 2, "map[events]", 2, "(18) r2 = map[events]");
	assert_text(&call, 1, "handle_event", 1, "(85) call handle_event");
	assert_text(&add, 1, "nothing", 1, "(0f) r1 += r2");
}

/* No opcode may be read past the tables, whatever its other fields. */
static void writes_something_for_every_opcode(void **state)
{
	static const s16 offs[] = {0, 1, 8, -1, 32767};
	static const s32 imms[] = {0, 1, 0xf1, 0x100, -1};

	(void)state;
	for (u32 i = 0; i < 256 * 16 * 5 * 5; i++) {
		struct bpf_insn pair[2] = {INSN((u8)i, 1, i >> 8 & 15, offs[(i >> 12) % 5], imms[(i >> 12) / 5 % 5])};
		char buf[200], code[8];
		struct text t = text_in(buf, sizeof(buf));

		snprintf(code, sizeof(code), "(%02x) ", i & 0xff);
		assert_in_range(insn_print(&t, pair, 2, NULL), 1, 2);
		assert_memory_equal(buf, code, 5);
		assert_true(strlen(buf) > 5 && !strchr(buf, '%') == !strstr(buf, "%="));
	}
}

int main(void)
{
	return RUN(TEST(writes_single_instructions), TEST(writes_64_bit_loads), TEST(takes_half_a_load_for_unknown),
		TEST(puts_symbols_in_place), TEST(writes_something_for_every_opcode));
}
