/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * What every BPF program includes: how it talks to its loader, and to the kernel.
 *
 * A BPF object is an ELF file, and everything a loader knows about it stands in there in one of two ways:
 *
 *	a section name	SEC("kprobe/do_exit"), SEC(".maps"), SEC("license"): what a function or a variable is for
 *	a BTF type	the members of a map's struct, the tags on a pointer: properties that no byte of data carries
 *
 * None of the macros here generates an instruction to say such a thing; they bend C until the compiler writes the
 * fact into the section table or into the type information. The second half of the file is plain convenience:
 * printing, tail calls, loops.
 *
 * Names and meanings are those of libbpf's header of the same name, so a program compiles against either. Include
 * <linux/bpf.h>, <linux/types.h> or a vmlinux.h first: this header uses __u32 and does not say where it is from.
 */
#ifndef LOADER_BPF_HELPERS_H
#define LOADER_BPF_HELPERS_H

#include "bpf_helper_defs.h"

/* ---- Sections ---- */

/*
 * `used` keeps the compiler from dropping what nothing in the program refers to, such as the program itself. On an
 * extern declaration clang calls that attribute pointless; SEC() on externs is legitimate, so it is told to be quiet.
 */
#ifdef __clang__
#define SEC(name)							\
	_Pragma("clang diagnostic push")				\
	_Pragma("clang diagnostic ignored \"-Wignored-attributes\"")	\
	__attribute__((section(name), used))				\
	_Pragma("clang diagnostic pop")
#else
#define SEC(name) __attribute__((section(name), used))
#endif

/* Values the loader fills in before the program runs: the kernel's configuration, and addresses and functions in it. */
#define __kconfig	__attribute__((section(".kconfig")))
#define __ksym		__attribute__((section(".ksyms")))

/* What a kconfig option can be, as a C value: `extern enum libbpf_tristate CONFIG_KVM __kconfig;` */
enum libbpf_tristate {
	TRI_NO,
	TRI_YES,
	TRI_MODULE,
};

/* ---- Maps: a struct whose member types are the definition and whose bytes mean nothing ---- */

/*
 * struct {
 *	__uint(type, BPF_MAP_TYPE_HASH);	int (*type)[1]		the number is the array's length
 *	__type(key, __u64);			__u64 *key		the type is what the pointer points to
 *	__ulong(map_extra, 1ULL << 40);		enum { N = 1<<40 }	a number too large for an array length
 *	__array(values, int (void *));		int (**values[])()	initial contents of a map of maps or programs
 * } name SEC(".maps");
 */
#define __uint(name, val)	int (*name)[val]
#define __type(name, val)	typeof(val) *name
#define __array(name, val)	typeof(val) *name[]
#define __ulong(name, val)	enum { ___bpf_apply(___bpf_ulong_, __COUNTER__) = val } name

/* For __uint(pinning, ...): keep the map in the BPF file system, under its own name, and share it with others. */
enum libbpf_pin_type {
	LIBBPF_PIN_NONE,
	LIBBPF_PIN_BY_NAME,
};

/* ---- Functions ---- */

/* <linux/stddef.h> has an __always_inline of its own, without the attribute that BPF needs. */
#undef __always_inline
#define __always_inline	inline __attribute__((always_inline))

#ifndef __noinline
#define __noinline	__attribute__((noinline))
#endif
#ifndef __weak
#define __weak		__attribute__((weak))
#endif

/*
 * The verifier checks a global function once, for all arguments its types allow; a static one at each call, for the
 * arguments it really gets. A hidden function links like a global one and is checked like a static one.
 */
#define __hidden	__attribute__((visibility("hidden")))

/* kfuncs that promise to leave r1 to r5 alone; only compilers from clang 20 on can make use of it. */
#if defined(__has_attribute) && __has_attribute(bpf_fastcall)
#define __bpf_fastcall	__attribute__((bpf_fastcall))
#else
#define __bpf_fastcall
#endif

/* Tags the verifier reads in BTF: pointers that live in map values ... */
#define __kptr			__attribute__((btf_type_tag("kptr")))
#define __kptr_ref		__attribute__((btf_type_tag("kptr_ref")))	/* __kptr's name before 6.4 */
#define __kptr_untrusted	__attribute__((btf_type_tag("kptr_untrusted")))
#define __percpu_kptr		__attribute__((btf_type_tag("percpu_kptr")))
#define __uptr			__attribute__((btf_type_tag("uptr")))

/* ... and what a global function's argument has to be. */
#define __arg_ctx		__attribute__((btf_decl_tag("arg:ctx")))
#define __arg_nonnull		__attribute__((btf_decl_tag("arg:nonnull")))
#define __arg_nullable		__attribute__((btf_decl_tag("arg:nullable")))
#define __arg_trusted		__attribute__((btf_decl_tag("arg:trusted")))
#define __arg_untrusted		__attribute__((btf_decl_tag("arg:untrusted")))
#define __arg_arena		__attribute__((btf_decl_tag("arg:arena")))

/*
 * Did the loader find this __ksym? Its address is 0 if not. Asking makes sense for __weak ones alone: the address
 * of any other symbol is known not to be 0, at compile time, and that is a mistake worth stopping at.
 */
#define bpf_ksym_exists(sym)									\
({												\
	_Static_assert(!__builtin_constant_p(!!(sym)), #sym " must be declared __weak");	\
	!!(sym);										\
})

/* ---- C that a program without a C library misses ---- */

#ifndef NULL
#define NULL ((void *)0)
#endif

#ifndef KERNEL_VERSION
#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))
#endif

/*
 * The compiler's __builtin_offsetof is a constant before anyone can relocate it; an address taken through a null
 * pointer leaves a CO-RE relocation behind where the struct asks for one (preserve_access_index).
 */
#undef offsetof
#define offsetof(type, member)	((unsigned long)&((type *)0)->member)

#undef container_of
#define container_of(ptr, type, member)	((type *)((void *)(ptr) - offsetof(type, member)))

/* Nothing in memory is as the compiler remembers it. */
#ifndef barrier
#define barrier()	asm volatile("" ::: "memory")
#endif

/* The variable is not what the compiler believes it to be: keeps a bounds check before the use it protects. */
#ifndef barrier_var
#define barrier_var(var)	asm volatile("" : "+r"(var))
#endif

#ifndef likely
#define likely(x)	__builtin_expect(!!(x), 1)
#endif
#ifndef unlikely
#define unlikely(x)	__builtin_expect(!!(x), 0)
#endif

/* The BPF back end has no trap instruction, so this compiles only where the optimizer proves it is never reached. */
#ifndef __bpf_unreachable
#define __bpf_unreachable()	__builtin_trap()
#endif

#if defined(__bpf__) && defined(__clang__)
/*
 * Jump into the program in a fixed slot of a program array. If map and slot reach the call as constants, the JIT
 * makes it a direct jump (kernel/bpf/verifier.c: record_func_key()). One piece of assembly holds all three register
 * moves, so that the compiler cannot join two such calls into one with varying arguments.
 */
static __always_inline void bpf_tail_call_static(void *ctx, const void *map, const __u32 slot)
{
	if (!__builtin_constant_p(slot))
		__bpf_unreachable();
	asm volatile("r1 = %[ctx]\n"
		     "r2 = %[map]\n"
		     "r3 = %[slot]\n"
		     "call %[tail_call]"
		     :
		     : [ctx] "r"(ctx), [map] "r"(map), [slot] "i"(slot), [tail_call] "i"(12)
		     : "r0", "r1", "r2", "r3", "r4", "r5");
}
#endif

/* ---- Macros that depend on how many arguments they got: FN(a, b) becomes FN2 ---- */

#ifndef ___bpf_concat
#define ___bpf_concat(a, b)	a ## b
#endif
#ifndef ___bpf_apply
#define ___bpf_apply(fn, n)	___bpf_concat(fn, n)
#endif
/* The 14th of what it is given: arguments in front push the numbers behind them to the right. */
#ifndef ___bpf_nth
#define ___bpf_nth(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, ...) n
#endif
#ifndef ___bpf_narg
#define ___bpf_narg(...)	___bpf_nth(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#endif

/* ---- Printing ---- */

/* v[i] = first argument, v[i + 1] = the next, ...; all printing helpers take their values as an array of 64 bits */
#define ___bpf_put0(v, i)			do { } while (0)
#define ___bpf_put1(v, i, a)			v[i] = (unsigned long long)(a)
#define ___bpf_put2(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put1(v, i + 1, rest)
#define ___bpf_put3(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put2(v, i + 1, rest)
#define ___bpf_put4(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put3(v, i + 1, rest)
#define ___bpf_put5(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put4(v, i + 1, rest)
#define ___bpf_put6(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put5(v, i + 1, rest)
#define ___bpf_put7(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put6(v, i + 1, rest)
#define ___bpf_put8(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put7(v, i + 1, rest)
#define ___bpf_put9(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put8(v, i + 1, rest)
#define ___bpf_put10(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put9(v, i + 1, rest)
#define ___bpf_put11(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put10(v, i + 1, rest)
#define ___bpf_put12(v, i, a, rest...)		___bpf_put1(v, i, a); ___bpf_put11(v, i + 1, rest)

/* Declares ___fmt, in .rodata, and ___values for the call that follows. */
#define ___bpf_format(fmt, args...)					\
	static const char ___fmt[] = fmt;				\
	unsigned long long ___values[___bpf_narg(args)];		\
	___bpf_apply(___bpf_put, ___bpf_narg(args))(___values, 0, ##args)

/* Into the file that an iterator program is being read through. */
#define BPF_SEQ_PRINTF(seq, fmt, args...)						\
({											\
	___bpf_format(fmt, ##args);							\
	bpf_seq_printf(seq, ___fmt, sizeof(___fmt), ___values, sizeof(___values));	\
})

/* Into a buffer. */
#define BPF_SNPRINTF(out, out_size, fmt, args...)					\
({											\
	___bpf_format(fmt, ##args);							\
	bpf_snprintf(out, out_size, ___fmt, ___values, sizeof(___values));		\
})

/*
 * Into /sys/kernel/tracing/trace_pipe. The old helper takes its up to three values as arguments, as printf does;
 * the one of 5.16 takes any number in an array. A kernel before 5.2 knows no .rodata: with BPF_NO_GLOBAL_DATA defined
 * the format is built on the stack, instruction by instruction.
 */
#ifdef BPF_NO_GLOBAL_DATA
#define BPF_PRINTK_FMT_MOD
#else
#define BPF_PRINTK_FMT_MOD	static const
#endif

#define __bpf_printk(fmt, args...)						\
({										\
	BPF_PRINTK_FMT_MOD char ____fmt[] = fmt;					\
	bpf_trace_printk(____fmt, sizeof(____fmt), ##args);			\
})

#define __bpf_vprintk(fmt, args...)						\
({										\
	___bpf_format(fmt, ##args);						\
	bpf_trace_vprintk(___fmt, sizeof(___fmt), ___values, sizeof(___values));	\
})

#define ___bpf_printk0	__bpf_printk
#define ___bpf_printk1	__bpf_printk
#define ___bpf_printk2	__bpf_printk
#define ___bpf_printk3	__bpf_printk
#define ___bpf_printk4	__bpf_vprintk
#define ___bpf_printk5	__bpf_vprintk
#define ___bpf_printk6	__bpf_vprintk
#define ___bpf_printk7	__bpf_vprintk
#define ___bpf_printk8	__bpf_vprintk
#define ___bpf_printk9	__bpf_vprintk
#define ___bpf_printk10	__bpf_vprintk
#define ___bpf_printk11	__bpf_vprintk
#define ___bpf_printk12	__bpf_vprintk

#define bpf_printk(fmt, args...)	___bpf_apply(___bpf_printk, ___bpf_narg(args))(fmt, ##args)

/* Into the program's own stream, which `bpftool prog tracelog` reads: a kfunc, since 6.17, declared by vmlinux.h. */
#define bpf_stream_printk(stream_id, fmt, args...)					\
({											\
	___bpf_format(fmt, ##args);							\
	bpf_stream_vprintk(stream_id, ___fmt, ___values, sizeof(___values));		\
})

/* ---- Loops that the verifier need not unroll: kfuncs, since 6.4 ---- */

struct bpf_iter_num;
int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym __weak;
int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __weak;
void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym __weak;

/*
 * An open-coded iterator is a variable on the stack with three kfuncs: NAME_new, NAME_next until it returns NULL,
 * and NAME_destroy on every way out. The outer loop runs once and gives the variable a scope; `cleanup` makes the
 * compiler call destroy, be it after the last round, on break, on return or on goto. Naming destroy once more, to
 * no effect, is for clang, which forgets the BTF of a function that only `cleanup` mentions.
 */
#define ___bpf_iterator(kind)									\
	for (struct bpf_iter_##kind ___it __attribute__((aligned(8), cleanup(bpf_iter_##kind##_destroy))),	\
	     *___open = ((void)bpf_iter_##kind##_destroy, &___it); ___open; ___open = NULL)

#ifndef bpf_for_each
#define bpf_for_each(kind, cur, args...)							\
	___bpf_iterator(kind)									\
		for (bpf_iter_##kind##_new(&___it, ##args); ((cur) = bpf_iter_##kind##_next(&___it)); )
#endif

/* for (i = start; i < end; i++). The kernel counts; the comparison is there to let the verifier know the bounds. */
#ifndef bpf_for
#define bpf_for(i, start, end)									\
	___bpf_iterator(num)									\
		for (bpf_iter_num_new(&___it, (start), (end));					\
		     ({ int *___v = bpf_iter_num_next(&___it);					\
			___v && ((i) = *___v, (i) >= (start) && (i) < (end)); }); )
#endif

#ifndef bpf_repeat
#define bpf_repeat(times)									\
	___bpf_iterator(num)									\
		for (bpf_iter_num_new(&___it, 0, (times)); bpf_iter_num_next(&___it); )
#endif

#endif
