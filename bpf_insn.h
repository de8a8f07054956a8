/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * bpf_insn.h: eBPF instructions by their names, to be written down in an array.
 *
 * An instruction is eight bytes, struct bpf_insn of <linux/bpf.h>, in the machine's own byte order:
 *
 *	byte   0        1        2        3        4        5        6        7
 *	   +--------+----+----+-----------------+-----------------------------------+
 *	   |  code  |src |dst |       off       |                imm                |
 *	   +--------+----+----+-----------------+-----------------------------------+
 *	            ^ dst is the low half on little-endian machines, the high half on big-endian ones
 *
 * `code` says what to do. Its three low bits are the class, and the class says what the other five are:
 *
 *	   BPF_ALU64 BPF_ALU  BPF_JMP BPF_JMP32		BPF_LD BPF_LDX BPF_ST BPF_STX
 *	   +-----------+---+-------+			+---------+------+-------+
 *	   | operation | S | class |			|  mode   | size | class |
 *	   +-----------+---+-------+			+---------+------+-------+
 *	     7       4   3   2   0			  7     5   4  3   2   0
 *	     ADD, MOV,   K: imm				  MEM,     W, H,
 *	     JEQ, CALL   X: src				  ATOMIC   B, DW
 *
 * One instruction is sixteen bytes long, the one that loads a 64-bit constant. Its second half has code 0, and
 * the upper 32 bits in imm. src_reg of the first half may say that the constant is to be made from something
 * else by the kernel: BPF_PSEUDO_MAP_FD stands for the address of the map with descriptor imm.
 *
 *	+------+----+----+-----+------------+   +------+----+----+-----+------------+
 *	| 0x18 |src |dst |  0  | low 32 bits|   |  0   | 0  | 0  |  0  | high 32    |
 *	+------+----+----+-----+------------+   +------+----+----+-----+------------+
 *
 * Jumps count instructions, from the next one on; that constant counts as two.
 *
 * The macros have the names and the order of arguments of include/linux/filter.h, so that what the kernel's own
 * tests and samples say can be read, and said, here. Each is a struct bpf_insn (BPF_LD_IMM64 and its like are
 * two, with a comma between) made of constants alone if its arguments are:
 *
 *	static const struct bpf_insn program[] = {
 *		BPF_MOV64_IMM(BPF_REG_0, 0),
 *		BPF_EXIT_INSN(),
 *	};
 *
 * R0 holds results, R1 to R5 arguments, which every call destroys; R6 to R9 survive calls, and R10 is the frame
 * pointer, behind the last byte of 512 of stack. Meaning and rules: Documentation/bpf/standardization/
 * instruction-set.rst, and kernel/bpf/verifier.c.
 */
#ifndef BPF_INSN_H
#define BPF_INSN_H

#include <linux/bpf.h>

/* What <linux/bpf.h> of an older system may lack: sign-extending loads and moves are from Linux 6.6. */
#ifndef BPF_MEMSX
#define BPF_MEMSX 0x80
#endif

/* The codes of the two instructions that a file leaves references in. */
#define CODE_LD_IMM64 (BPF_LD | BPF_DW | BPF_IMM)
#define CODE_CALL     (BPF_JMP | BPF_CALL)

/* Any instruction at all; what the others are made of. */
#define BPF_RAW_INSN(CODE, DST, SRC, OFF, IMM) \
	((struct bpf_insn){.code = (CODE), .dst_reg = (DST), .src_reg = (SRC), .off = (OFF), .imm = (IMM)})

/* Arithmetic, 64 bits: dst = dst OP src, dst = dst OP imm (sign-extended). OP: BPF_ADD … BPF_ARSH. */
#define BPF_ALU64_REG(OP, DST, SRC) BPF_ALU64_REG_OFF(OP, DST, SRC, 0)
#define BPF_ALU64_IMM(OP, DST, IMM) BPF_ALU64_IMM_OFF(OP, DST, IMM, 0)
/* The same in 32 bits; the upper half of dst becomes zero. */
#define BPF_ALU32_REG(OP, DST, SRC) BPF_ALU32_REG_OFF(OP, DST, SRC, 0)
#define BPF_ALU32_IMM(OP, DST, IMM) BPF_ALU32_IMM_OFF(OP, DST, IMM, 0)
/* With off 1, BPF_DIV and BPF_MOD take their operands as signed (Linux 6.6). */
#define BPF_ALU64_REG_OFF(OP, DST, SRC, OFF) BPF_RAW_INSN(BPF_ALU64 | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_ALU64_IMM_OFF(OP, DST, IMM, OFF) BPF_RAW_INSN(BPF_ALU64 | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)
#define BPF_ALU32_REG_OFF(OP, DST, SRC, OFF) BPF_RAW_INSN(BPF_ALU | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_ALU32_IMM_OFF(OP, DST, IMM, OFF) BPF_RAW_INSN(BPF_ALU | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)

/* dst = src, dst = imm. */
#define BPF_MOV64_REG(DST, SRC) BPF_ALU64_REG(BPF_MOV, DST, SRC)
#define BPF_MOV64_IMM(DST, IMM) BPF_ALU64_IMM(BPF_MOV, DST, IMM)
#define BPF_MOV32_REG(DST, SRC) BPF_ALU32_REG(BPF_MOV, DST, SRC)
#define BPF_MOV32_IMM(DST, IMM) BPF_ALU32_IMM(BPF_MOV, DST, IMM)
/* dst = the low 8, 16 or 32 bits of src, sign-extended (Linux 6.6). */
#define BPF_MOVSX64_REG(DST, SRC, BITS) BPF_ALU64_REG_OFF(BPF_MOV, DST, SRC, BITS)
#define BPF_MOVSX32_REG(DST, SRC, BITS) BPF_ALU32_REG_OFF(BPF_MOV, DST, SRC, BITS)

/* The low 16, 32 or 64 bits of dst from or to little (BPF_TO_LE) or big endian (BPF_TO_BE); or swapped always. */
#define BPF_ENDIAN(TYPE, DST, LEN) BPF_RAW_INSN(BPF_ALU | BPF_END | BPF_SRC(TYPE), DST, 0, 0, LEN)
#define BPF_BSWAP(DST, LEN)        BPF_RAW_INSN(BPF_ALU64 | BPF_END | BPF_SRC(BPF_TO_LE), DST, 0, 0, LEN)

/* dst = a 64-bit constant; two instructions' room. */
#define BPF_LD_IMM64(DST, IMM)          BPF_LD_IMM64_RAW(DST, 0, IMM)
#define BPF_LD_IMM64_RAW(DST, SRC, IMM) BPF_LD_IMM64_PARTS(DST, SRC, (__u32)(IMM), (__u64)(IMM) >> 32)
#define BPF_LD_IMM64_PARTS(DST, SRC, LOW, HIGH) \
	BPF_RAW_INSN(CODE_LD_IMM64, DST, SRC, 0, (__s32)(LOW)), BPF_RAW_INSN(0, 0, 0, 0, (__s32)(HIGH))

/* dst = the map with descriptor FD; dst = the address of byte OFF of its only value (arrays; Linux 5.2). */
#define BPF_LD_MAP_FD(DST, FD)         BPF_LD_IMM64_PARTS(DST, BPF_PSEUDO_MAP_FD, FD, 0)
#define BPF_LD_MAP_VALUE(DST, FD, OFF) BPF_LD_IMM64_PARTS(DST, BPF_PSEUDO_MAP_VALUE, FD, OFF)

/* Memory; SIZE is BPF_B, BPF_H, BPF_W or BPF_DW. Loads fill the rest of dst with zeros. */
/* dst = *(SIZE *)(src + off) */
#define BPF_LDX_MEM(SIZE, DST, SRC, OFF) BPF_RAW_INSN(BPF_LDX | BPF_SIZE(SIZE) | BPF_MEM, DST, SRC, OFF, 0)
/* the same, sign-extended (Linux 6.6) */
#define BPF_LDX_MEMSX(SIZE, DST, SRC, OFF) BPF_RAW_INSN(BPF_LDX | BPF_SIZE(SIZE) | BPF_MEMSX, DST, SRC, OFF, 0)
/* *(SIZE *)(dst + off) = src */
#define BPF_STX_MEM(SIZE, DST, SRC, OFF) BPF_RAW_INSN(BPF_STX | BPF_SIZE(SIZE) | BPF_MEM, DST, SRC, OFF, 0)
/* *(SIZE *)(dst + off) = imm */
#define BPF_ST_MEM(SIZE, DST, OFF, IMM) BPF_RAW_INSN(BPF_ST | BPF_SIZE(SIZE) | BPF_MEM, DST, 0, OFF, IMM)
/*
 * *(SIZE *)(dst + off) OP= src, with no other CPU in between; SIZE is BPF_W or BPF_DW.
 * OP: BPF_ADD; since Linux 5.12 BPF_AND, BPF_OR, BPF_XOR, each with BPF_FETCH if src is to get the old value,
 * BPF_XCHG, and BPF_CMPXCHG (which compares with R0, and leaves the old value there).
 */
#define BPF_ATOMIC_OP(SIZE, OP, DST, SRC, OFF) BPF_RAW_INSN(BPF_STX | BPF_SIZE(SIZE) | BPF_ATOMIC, DST, SRC, OFF, OP)

/* A packet's bytes into R0, in host order, for socket filters: from byte IMM, or from src + IMM. R6 = context. */
#define BPF_LD_ABS(SIZE, IMM)      BPF_RAW_INSN(BPF_LD | BPF_SIZE(SIZE) | BPF_ABS, 0, 0, 0, IMM)
#define BPF_LD_IND(SIZE, SRC, IMM) BPF_RAW_INSN(BPF_LD | BPF_SIZE(SIZE) | BPF_IND, 0, SRC, 0, IMM)

/* if (dst OP src) goto next + off; 64 bits compared, or the low 32 (Linux 5.1). OP: BPF_JEQ … BPF_JSLE. */
#define BPF_JMP_REG(OP, DST, SRC, OFF)   BPF_RAW_INSN(BPF_JMP | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_JMP_IMM(OP, DST, IMM, OFF)   BPF_RAW_INSN(BPF_JMP | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)
#define BPF_JMP32_REG(OP, DST, SRC, OFF) BPF_RAW_INSN(BPF_JMP32 | BPF_OP(OP) | BPF_X, DST, SRC, OFF, 0)
#define BPF_JMP32_IMM(OP, DST, IMM, OFF) BPF_RAW_INSN(BPF_JMP32 | BPF_OP(OP) | BPF_K, DST, 0, OFF, IMM)
/* goto next + off; with BPF_JMP32_A, next + imm (Linux 6.6) */
#define BPF_JMP_A(OFF)   BPF_RAW_INSN(BPF_JMP | BPF_JA, 0, 0, OFF, 0)
#define BPF_JMP32_A(IMM) BPF_RAW_INSN(BPF_JMP32 | BPF_JA, 0, 0, 0, IMM)

/* R0 = helper number FUNC (BPF_FUNC_…) of R1 to R5. In the kernel BPF_EMIT_CALL takes a C function instead. */
#define BPF_EMIT_CALL(FUNC) BPF_RAW_INSN(CODE_CALL, 0, 0, 0, FUNC)
#define BPF_CALL_FUNC(FUNC) BPF_EMIT_CALL(FUNC)
/* R0 = the function of this program at next + TGT. */
#define BPF_CALL_REL(TGT) BPF_RAW_INSN(CODE_CALL, 0, BPF_PSEUDO_CALL, 0, TGT)
/* R0 = the kernel's function with BTF type IMM: vmlinux's with OFF 0, else a module's, at fd_array[OFF]. */
#define BPF_CALL_KFUNC(OFF, IMM) BPF_RAW_INSN(CODE_CALL, 0, BPF_PSEUDO_KFUNC_CALL, OFF, IMM)

/* return R0 */
#define BPF_EXIT_INSN() BPF_RAW_INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

#endif
