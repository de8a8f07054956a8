/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Between the byte order of the network, which is big-endian, and that of the machine.
 *
 * A BPF program is compiled for one byte order (clang -target bpfel or bpfeb), and __BYTE_ORDER__ says which. If it
 * is the network's, there is nothing to do. If not, bytes are swapped: those of a constant at compile time, so that
 * bpf_htons(ETH_P_IP) is a constant, too, and fits a case label; those of a variable by one instruction.
 *
 * The names ending in s are 16 bits wide, those in l 32; the others say their width.
 */
#ifndef LOADER_BPF_ENDIAN_H
#define LOADER_BPF_ENDIAN_H

/* Clang folds the builtins for constants, too, and takes the result for a constant expression. */
#define ___bpf_swab16(x)	((__u16)__builtin_bswap16(x))
#define ___bpf_swab32(x)	((__u32)__builtin_bswap32(x))
#define ___bpf_swab64(x)	((__u64)__builtin_bswap64(x))

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___bpf_order16(x)	___bpf_swab16(x)
#define ___bpf_order32(x)	___bpf_swab32(x)
#define ___bpf_order64(x)	___bpf_swab64(x)
#elif __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define ___bpf_order16(x)	(x)
#define ___bpf_order32(x)	(x)
#define ___bpf_order64(x)	(x)
#else
#error "bpf_endian.h: the compiler's __BYTE_ORDER__ is neither little nor big endian"
#endif

#define bpf_htons(x)		___bpf_order16(x)
#define bpf_ntohs(x)		___bpf_order16(x)
#define bpf_htonl(x)		___bpf_order32(x)
#define bpf_ntohl(x)		___bpf_order32(x)
#define bpf_cpu_to_be64(x)	___bpf_order64(x)
#define bpf_be64_to_cpu(x)	___bpf_order64(x)

/* The forms that some programs ask for by name: certainly at run time, certainly at compile time. */
#define __bpf_htons(x)			___bpf_order16(x)
#define __bpf_ntohs(x)			___bpf_order16(x)
#define __bpf_htonl(x)			___bpf_order32(x)
#define __bpf_ntohl(x)			___bpf_order32(x)
#define __bpf_cpu_to_be64(x)		___bpf_order64(x)
#define __bpf_be64_to_cpu(x)		___bpf_order64(x)
#define __bpf_constant_htons(x)		___bpf_order16(x)
#define __bpf_constant_ntohs(x)		___bpf_order16(x)
#define __bpf_constant_htonl(x)		___bpf_order32(x)
#define __bpf_constant_ntohl(x)		___bpf_order32(x)
#define __bpf_constant_cpu_to_be64(x)	___bpf_order64(x)
#define __bpf_constant_be64_to_cpu(x)	___bpf_order64(x)

#endif
