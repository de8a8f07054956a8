/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * Reading kernel memory, wherever the running kernel has put it.
 *
 * A program that follows task->mm->arg_start is compiled with one kernel's idea of where `mm` is and runs on another.
 * CO-RE ("compile once, run everywhere") is the compiler's answer: for an access wrapped in one of the builtins below,
 * it writes next to the instruction's offset a note, "field mm of struct task_struct", into the section .BTF.ext. The
 * loader looks that field up in the running kernel's type information and patches the instruction before the
 * verifier sees it. The struct in the program need only name the fields it uses.
 *
 * And for most hooks the address itself is only a number to the verifier: reading there takes a helper,
 * bpf_probe_read_kernel(), which fails rather than faults. BPF_CORE_READ() puts both together, for a whole chain:
 *
 *	BPF_CORE_READ(task, mm, arg_start)	reads task->mm, then ->arg_start of what it found
 *
 *			  kernel memory				user memory
 *	relocated	  BPF_CORE_READ				BPF_CORE_READ_USER	(of types the kernel knows)
 *	as compiled	  BPF_PROBE_READ			BPF_PROBE_READ_USER	(of any type)
 *	... into a place  BPF_CORE_READ_INTO, ...		BPF_CORE_READ_USER_INTO, ...
 *	... as a string   BPF_CORE_READ_STR_INTO, ...		BPF_CORE_READ_USER_STR_INTO, ...
 *
 * Names and meanings are libbpf's.
 */
#ifndef LOADER_BPF_CORE_READ_H
#define LOADER_BPF_CORE_READ_H

#include "bpf_helpers.h"

/* ---- Questions to the loader ----
 *
 * Second arguments of the builtins. The compiler passes them on: they become enum bpf_core_relo_kind in .BTF.ext,
 * where 0 to 5 are these, 6 and 7 the type ids, 8 and 9 type existence and size, 10 and 11 the enumerators, and 12
 * TYPE_MATCHES (include/uapi/linux/bpf.h).
 */

/* __builtin_preserve_field_info() */
enum bpf_field_info_kind {
	BPF_FIELD_BYTE_OFFSET,
	BPF_FIELD_BYTE_SIZE,
	BPF_FIELD_EXISTS,
	BPF_FIELD_SIGNED,
	BPF_FIELD_LSHIFT_U64,	/* how to move a bit field that was read into a __u64 to the top ... */
	BPF_FIELD_RSHIFT_U64,	/* ... and from there down to its value */
};

/* __builtin_btf_type_id() */
enum bpf_type_id_kind {
	BPF_TYPE_ID_LOCAL,
	BPF_TYPE_ID_TARGET,
};

/* __builtin_preserve_type_info() */
enum bpf_type_info_kind {
	BPF_TYPE_EXISTS,
	BPF_TYPE_SIZE,
	BPF_TYPE_MATCHES,	/* clang 15 and later */
};

/* __builtin_preserve_enum_value() */
enum bpf_enum_value_kind {
	BPF_ENUMVAL_EXISTS,
	BPF_ENUMVAL_VALUE,
};

/*
 * Of a field, named in either of two ways: bpf_core_field_exists(task->mm) or
 * bpf_core_field_exists(struct task_struct, mm). One that does not exist is 0 to _exists and stops the program to the
 * others, unless the verifier can tell that they are never reached.
 */
#define ___bpf_field1(expression)	(expression)
#define ___bpf_field2(type, field)	(((typeof(type) *)0)->field)
#define ___bpf_field(args...)		___bpf_apply(___bpf_field, ___bpf_narg(args))(args)

#define bpf_core_field_exists(field...)	__builtin_preserve_field_info(___bpf_field(field), BPF_FIELD_EXISTS)
#define bpf_core_field_size(field...)	__builtin_preserve_field_info(___bpf_field(field), BPF_FIELD_BYTE_SIZE)
#define bpf_core_field_offset(field...)	__builtin_preserve_field_info(___bpf_field(field), BPF_FIELD_BYTE_OFFSET)

/* Of a struct, union, enum or typedef. All are 0 if the kernel has none such. */
#define ___bpf_any(type)		(*(typeof(type) *)0)
#define bpf_core_type_exists(type)	__builtin_preserve_type_info(___bpf_any(type), BPF_TYPE_EXISTS)
#define bpf_core_type_size(type)	__builtin_preserve_type_info(___bpf_any(type), BPF_TYPE_SIZE)
#define bpf_core_type_matches(type)	__builtin_preserve_type_info(___bpf_any(type), BPF_TYPE_MATCHES)

/* Its number: in the program's own BTF, which always has one, and in the kernel's. */
#define bpf_core_type_id_local(type)	__builtin_btf_type_id(___bpf_any(type), BPF_TYPE_ID_LOCAL)
#define bpf_core_type_id_kernel(type)	__builtin_btf_type_id(___bpf_any(type), BPF_TYPE_ID_TARGET)

/* Of an enumerator: bpf_core_enum_value(enum zone_type, ZONE_MOVABLE). The builtin wants it dressed as an address. */
#define bpf_core_enum_value_exists(enum_type, enum_value)			\
	__builtin_preserve_enum_value(*(typeof(enum_type) *)enum_value, BPF_ENUMVAL_EXISTS)
#define bpf_core_enum_value(enum_type, enum_value)				\
	__builtin_preserve_enum_value(*(typeof(enum_type) *)enum_value, BPF_ENUMVAL_VALUE)

/* ---- One read ----
 *
 * src is an address written out: &task->mm. The first builtin relocates what is in it.
 */
#define bpf_core_read(dst, sz, src)						\
	bpf_probe_read_kernel(dst, sz, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_user(dst, sz, src)					\
	bpf_probe_read_user(dst, sz, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_str(dst, sz, src)						\
	bpf_probe_read_kernel_str(dst, sz, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_user_str(dst, sz, src)					\
	bpf_probe_read_user_str(dst, sz, (const void *)__builtin_preserve_access_index(src))

/* ---- A chain of reads ----
 *
 * ___bpf_walkN goes N steps from p, which is taken for a T. All but the last step load a pointer into ___p; the last
 * stores into dst and its result is the result of the whole. The type of each ___p is that of the field it came from.
 *
 *	walk3(task, mm, exe_file, f_mode)
 *		step(&___p, &((typeof(task))task)->mm);
 *		step(&___p, &((typeof(task->mm))___p)->exe_file);
 *		last(dst,   &((typeof(task->mm->exe_file))___p)->f_mode);
 */
#define ___bpf_step(read, T, p, field)	read((void *)&___p, sizeof(___p), &((T)(p))->field)
#define ___bpf_type_of(T, field)	typeof(((T)0)->field)

#define ___bpf_walk1(step, last, dst, T, p, f)		last((void *)(dst), sizeof(*(dst)), &((T)(p))->f)
#define ___bpf_walk2(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk1(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk3(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk2(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk4(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk3(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk5(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk4(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk6(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk5(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk7(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk6(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk8(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk7(step, last, dst, ___bpf_type_of(T, f), ___p, rest)
#define ___bpf_walk9(step, last, dst, T, p, f, rest...)	___bpf_step(step, T, p, f);		\
	___bpf_walk8(step, last, dst, ___bpf_type_of(T, f), ___p, rest)

#define ___bpf_walk(step, last, dst, src, fields...)						\
({												\
	const void *___p __attribute__((unused));						\
	___bpf_apply(___bpf_walk, ___bpf_narg(fields))(step, last, dst, typeof(src), src, fields);	\
})

/* The result is that of the last read: 0 or -errno, or a string's length with its NUL. */
#define BPF_CORE_READ_INTO(dst, src, fields...)							\
	___bpf_walk(bpf_core_read, bpf_core_read, dst, (src), fields)
#define BPF_CORE_READ_USER_INTO(dst, src, fields...)						\
	___bpf_walk(bpf_core_read_user, bpf_core_read_user, dst, (src), fields)
#define BPF_PROBE_READ_INTO(dst, src, fields...)						\
	___bpf_walk(bpf_probe_read_kernel, bpf_probe_read_kernel, dst, (src), fields)
#define BPF_PROBE_READ_USER_INTO(dst, src, fields...)						\
	___bpf_walk(bpf_probe_read_user, bpf_probe_read_user, dst, (src), fields)

#define BPF_CORE_READ_STR_INTO(dst, src, fields...)						\
	___bpf_walk(bpf_core_read, bpf_core_read_str, dst, (src), fields)
#define BPF_CORE_READ_USER_STR_INTO(dst, src, fields...)					\
	___bpf_walk(bpf_core_read_user, bpf_core_read_user_str, dst, (src), fields)
#define BPF_PROBE_READ_STR_INTO(dst, src, fields...)						\
	___bpf_walk(bpf_probe_read_kernel, bpf_probe_read_kernel_str, dst, (src), fields)
#define BPF_PROBE_READ_USER_STR_INTO(dst, src, fields...)					\
	___bpf_walk(bpf_probe_read_user, bpf_probe_read_user_str, dst, (src), fields)

/* The result is the value: of type typeof(src->f1->f2->...), and 0 wherever a read failed. */
#define ___bpf_path1(p, f)		(p)->f
#define ___bpf_path2(p, f, rest...)	___bpf_path1((p)->f, rest)
#define ___bpf_path3(p, f, rest...)	___bpf_path2((p)->f, rest)
#define ___bpf_path4(p, f, rest...)	___bpf_path3((p)->f, rest)
#define ___bpf_path5(p, f, rest...)	___bpf_path4((p)->f, rest)
#define ___bpf_path6(p, f, rest...)	___bpf_path5((p)->f, rest)
#define ___bpf_path7(p, f, rest...)	___bpf_path6((p)->f, rest)
#define ___bpf_path8(p, f, rest...)	___bpf_path7((p)->f, rest)
#define ___bpf_path9(p, f, rest...)	___bpf_path8((p)->f, rest)

#define ___bpf_value_of(read_into, src, fields...)						\
({												\
	typeof(___bpf_apply(___bpf_path, ___bpf_narg(fields))(src, fields)) ___value;		\
	read_into(&___value, src, fields);							\
	___value;										\
})

#define BPF_CORE_READ(src, fields...)		___bpf_value_of(BPF_CORE_READ_INTO, (src), fields)
#define BPF_CORE_READ_USER(src, fields...)	___bpf_value_of(BPF_CORE_READ_USER_INTO, (src), fields)
#define BPF_PROBE_READ(src, fields...)		___bpf_value_of(BPF_PROBE_READ_INTO, (src), fields)
#define BPF_PROBE_READ_USER(src, fields...)	___bpf_value_of(BPF_PROBE_READ_USER_INTO, (src), fields)

/* ---- Bit fields ----
 *
 * A bit field has no address, and neither its position nor the size of the word around it need be the same on two
 * kernels. So read that word, whatever its size, shift out what is above the field, and shift the rest down:
 *
 *	bit 63			   0
 *	| . . . . . . . . f f f . . |	the word, read into a __u64; the field is f
 *	| f f f . . 0 0 0 0 0 0 0 0 |	<< LSHIFT_U64: what was above it has gone
 *	| s s s s s s s s s s f f f |	>> RSHIFT_U64, arithmetically if the field is signed
 */
#define __CORE_RELO(src, field, info)	__builtin_preserve_field_info((src)->field, BPF_FIELD_##info)

#define ___bpf_bitfield_value(word, src, field)							\
({												\
	word <<= __CORE_RELO(src, field, LSHIFT_U64);						\
	if (__CORE_RELO(src, field, SIGNED))							\
		word = (long long)word >> __CORE_RELO(src, field, RSHIFT_U64);			\
	else											\
		word = word >> __CORE_RELO(src, field, RSHIFT_U64);				\
	word;											\
})

/* A word shorter than 8 bytes belongs at the low end of the __u64. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ___bpf_low_end(word, size)	((void *)&(word))
#else
#define ___bpf_low_end(word, size)	((void *)&(word) + (8 - (size)))
#endif

/* For memory that takes a helper to read. */
#define BPF_CORE_READ_BITFIELD_PROBED(src, field)						\
({												\
	unsigned long long ___word = 0;								\
	bpf_probe_read_kernel(___bpf_low_end(___word, __CORE_RELO(src, field, BYTE_SIZE)),	\
			      __CORE_RELO(src, field, BYTE_SIZE),				\
			      (const void *)(src) + __CORE_RELO(src, field, BYTE_OFFSET));	\
	___bpf_bitfield_value(___word, src, field);						\
})

/* For memory that may be read directly, as the arguments of fentry programs. */
#define BPF_CORE_READ_BITFIELD(src, field)							\
({												\
	const void *___from = (const void *)(src) + __CORE_RELO(src, field, BYTE_OFFSET);	\
	unsigned long long ___word;								\
												\
	/* One relocated offset for all four loads below, not one in each. */			\
	barrier_var(___from);									\
	switch (__CORE_RELO(src, field, BYTE_SIZE)) {						\
	case 1: ___word = *(const __u8 *)___from; break;					\
	case 2: ___word = *(const __u16 *)___from; break;					\
	case 4: ___word = *(const __u32 *)___from; break;					\
	case 8: ___word = *(const __u64 *)___from; break;					\
	default: ___word = 0;									\
	}											\
	___bpf_bitfield_value(___word, src, field);						\
})

/*
 * The other direction, for memory that may be written directly. The field's bits are cleared in the word and the new
 * ones put in: RSHIFT - LSHIFT is how far the field is from the low end of the word.
 */
#define BPF_CORE_WRITE_BITFIELD(src, field, new_value)						\
({												\
	void *___to = (void *)(src) + __CORE_RELO(src, field, BYTE_OFFSET);			\
	unsigned int ___size = __CORE_RELO(src, field, BYTE_SIZE);				\
	unsigned int ___lshift = __CORE_RELO(src, field, LSHIFT_U64);				\
	unsigned int ___rshift = __CORE_RELO(src, field, RSHIFT_U64);				\
	unsigned long long ___mask = (~0ULL << ___rshift) >> ___lshift;				\
	unsigned long long ___new = ((unsigned long long)(new_value) << ___rshift) >> ___lshift;	\
												\
	barrier_var(___to);									\
	switch (___size) {									\
	case 1: *(__u8 *)___to = (*(__u8 *)___to & ~___mask) | ___new; break;			\
	case 2: *(__u16 *)___to = (*(__u16 *)___to & ~___mask) | ___new; break;			\
	case 4: *(__u32 *)___to = (*(__u32 *)___to & ~___mask) | ___new; break;			\
	case 8: *(__u64 *)___to = (*(__u64 *)___to & ~___mask) | ___new; break;			\
	}											\
})

/* ---- Pointers the verifier can follow ----
 *
 * From here on p is a struct task_struct *, says bpf_core_cast(p, struct task_struct) to the verifier, and p->mm may
 * be read as in C: no helper needed, a bad address reads as 0. A kfunc, since 6.2.
 */
void *bpf_rdonly_cast(const void *obj, __u32 btf_id) __ksym __weak;

#define bpf_core_cast(ptr, type)								\
	((typeof(type) *)bpf_rdonly_cast((ptr), bpf_core_type_id_kernel(type)))

#endif
