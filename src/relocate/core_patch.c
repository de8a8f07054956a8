/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * core_patch.c: a CO-RE result into an instruction. See core_parts.h.
 *
 *	r1 = 12, r1 += 12		imm
 *	r1 = 12 ll			imm of both halves
 *	r1 = *(u32 *)(r2 + 12)		off; and the size, where the field has another one in this kernel
 *	*(u32 *)(r2 + 12) = r1, = 5	the same
 */
#include <linux/errno.h>
#include "bpf_insn.h"
#include "relocate/core_parts.h"

#define IS_BIG_ENDIAN (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)

/* Indexed by the two bits of BPF_SIZE(): W, H, B, DW. */
static const u8 access_sizes[] = {4, 2, 1, 8};

static void poison(struct bpf_insn *insns, u32 count, u32 i)
{
	const struct bpf_insn call = BPF_EMIT_CALL(CORE_POISON);

	/* A second half alone would be an unknown opcode, which the verifier rejects even if it is never reached. */
	if (insns[i].code == CODE_LD_IMM64 && i + 1 < count)
		insns[i + 1] = call;
	insns[i] = call;
}

static int check_value(struct error *error, u64 got, const struct core_result *result)
{
	if (!result->validate || got == result->original)
		return 0;
	return error_invalid(
		error, "it holds %lld, expected %lld by the object's types", (s64)got, (s64)result->original);
}

static int resize(struct error *error, struct bpf_insn *insn, const struct core_result *result)
{
	u32 got = access_sizes[BPF_SIZE(insn->code) >> 3];

	if (got != result->original_size)
		return error_invalid(error, "it accesses %u bytes of a field of %u", got, result->original_size);
	/* Extends the sign, as in (s32)p->unsigned_field: loads the lower bytes of a wider field, as before; a narrower
	 * one is always positive. */
	if (BPF_MODE(insn->code) == BPF_MEMSX) {
		if (result->new_size > got) {
			insn->off += IS_BIG_ENDIAN * (s16)(result->new_size - got);
			return 0;
		}
		insn->code ^= BPF_MEMSX ^ BPF_MEM;
	}
	for (u32 i = 0; i < ARRAY_SIZE(access_sizes); i++)
		if (access_sizes[i] == result->new_size) {
			insn->code = (u8)((insn->code & ~BPF_SIZE(0xff)) | i << 3);
			return 0;
		}
	return error_invalid(
		error, "the field has %u bytes in this kernel, which no instruction can access", result->new_size);
}

static int patch_access(struct error *error, struct bpf_insn *insns, u32 count, u32 i, const struct core_result *result)
{
	struct bpf_insn *insn = &insns[i];

	if (check_value(error, (u64)insn->off, result))
		return -EINVAL;
	if (result->value > 0x7fff)
		return error_set(error, ERANGE, "the field is at byte %llu in this kernel, too far for an instruction",
			result->value);
	if (result->cannot_resize) {
		poison(insns, count, i);
		return 0;
	}
	insn->off = (s16)result->value;
	return result->new_size == result->original_size ? 0 : resize(error, insn, result);
}

static OUT_OF_LINE int patch_wide(
	struct error *error, struct bpf_insn *insn, u32 left, const struct core_result *result)
{
	if (insn->code != CODE_LD_IMM64 || left < 2 || insn[0].src_reg || insn[0].off || insn[1].code ||
		insn[1].dst_reg || insn[1].src_reg || insn[1].off)
		return error_invalid(error, "it is no plain load of a 64-bit constant");
	if (check_value(error, (u32)insn[0].imm | (u64)insn[1].imm << 32, result))
		return -EINVAL;
	insn[0].imm = (s32)result->value;
	insn[1].imm = (s32)(result->value >> 32);
	return 0;
}

int core_patch(struct error *error, struct bpf_insn *insns, u32 count, u32 i, const struct core_result *result)
{
	struct bpf_insn *insn = &insns[i];

	if (result->poison) {
		poison(insns, count, i);
		return 0;
	}
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		if (BPF_SRC(insn->code) != BPF_K)
			break;
		if (check_value(error, (u64)insn->imm, result))
			return -EINVAL;
		insn->imm = (s32)result->value;
		return 0;
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		return patch_access(error, insns, count, i, result);
	case BPF_LD:
		return patch_wide(error, insn, count - i, result);
	}
	return error_invalid(error, "code 0x%02x holds nothing that can be patched", insn->code);
}
