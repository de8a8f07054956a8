/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf.h: BPF Type Format, the types of a program in one compact table.
 *
 *	+-------------------+ 0
 *	| struct btf_header |  magic 0xeb9f, hdr_len (24; 32 since Linux 7.1), and where the next two stand,
 *	+-------------------+ hdr_len             counted from the end of the header
 *	| types             |  struct btf_type, 12 bytes, each followed by what its kind needs
 *	+-------------------+
 *	| strings           |  NUL-terminated, the first one empty
 *	+-------------------+
 *
 * A type's id stands nowhere: it is 1 for the first in the table, 2 for the next; 0 is void. btf_open() checks the
 * whole table once (lengths, string offsets, type ids) and notes where each type begins; after that a type id and a
 * string offset that come from the table itself are good without another look. What it cannot rule out are circles (a
 * typedef of itself), so every walk along a chain has an end: BTF_DEPTH steps.
 *
 * The source for all of this is include/uapi/linux/btf.h and kernel/bpf/btf.c.
 */
#ifndef OBJECT_BTF_H
#define OBJECT_BTF_H

#include <linux/btf.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"

#define BTF_DEPTH 32 /* MAX_RESOLVE_DEPTH of kernel/bpf/btf.c: the longest chain or nesting followed */

struct btf {
	u8 *data;  /* a private, aligned copy: header, types, strings */
	u32 size;  /* of data */
	u8 *types; /* in data */
	u32 types_len;
	const char *strings; /* in data; ends in NUL */
	u32 strings_len;
	struct btf_type **index; /* [id], id < type_count; [0] is void */
	u32 type_count;
};

/*
 * Reads one BTF blob (a .BTF section). The bytes are copied, so that the caller may change types in place.
 * After that it also holds that a datasec has variables and functions alone, and a function's type is a func_proto.
 * -EINVAL with a message that begins with ".BTF: " and names the type and the offset; -ENOMEM.
 */
int btf_open(struct arena *arena, struct error *error, struct bytes blob, struct btf *btf);

/* The type with that id; `id` must be < type_count. */
static inline const struct btf_type *btf_type(const struct btf *btf, u32 id)
{
	return btf->index[id];
}

/*
 * The parts of btf_type.info. Since "bpf: Extend BTF UAPI vlen, kinds to use unused bits" the kernel reads 24 bits of
 * vlen and 7 of kind, where it read 16 and 5; the others were always zero.
 */
static inline u32 btf_kind(const struct btf_type *t)
{
	return t->info >> 24 & 0x7f;
}

static inline u32 btf_vlen(const struct btf_type *t)
{
	return t->info & 0xffffff;
}

static inline bool btf_kflag(const struct btf_type *t)
{
	return t->info >> 31;
}

/* What follows a struct btf_type, by kind. The table is a copy of our own and may be changed: const ends here. */
static inline void *btf_rows(const struct btf_type *t)
{
	return (void *)(unsigned long)(t + 1);
}

#define btf_members(t)  ((struct btf_member *)btf_rows(t))
#define btf_array(t)    ((const struct btf_array *)btf_rows(t))
#define btf_enums(t)    ((const struct btf_enum *)btf_rows(t))
#define btf_enum64s(t)  ((const struct btf_enum64_words *)btf_rows(t))
#define btf_params(t)   ((struct btf_param *)btf_rows(t))
#define btf_var(t)      ((struct btf_var *)btf_rows(t))
#define btf_secinfos(t) ((struct btf_var_secinfo *)btf_rows(t))

/* The word behind a BTF_KIND_INT: BTF_INT_ENCODING(), _OFFSET(), _BITS() take it apart. */
static inline u32 btf_int_word(const struct btf_type *t)
{
	return *(const u32 *)btf_rows(t);
}

/* BTF_INT_SIGNED, _CHAR, _BOOL; 0 if it is no BTF_KIND_INT. */
static inline u32 btf_int_encoding(const struct btf_type *t)
{
	return btf_kind(t) == BTF_KIND_INT ? BTF_INT_ENCODING(btf_int_word(t)) : 0;
}

/* Kinds that <linux/btf.h> of an older system may lack. */
#define KIND_DECL_TAG 17
#define KIND_TYPE_TAG 18
#define KIND_ENUM64   19

struct btf_enum64_words {
	u32 name_off, val_lo32, val_hi32;
};

/* A string; `offset` must come from the table. */
static inline const char *btf_string(const struct btf *btf, u32 offset)
{
	return btf->strings + offset;
}

static inline const char *btf_name(const struct btf *btf, u32 id)
{
	return btf_string(btf, btf->index[id]->name_off);
}

/*
 * .BTF and .BTF.ext begin alike: checks magic, version, flags, and that hdr_len is from `least` (8 or more) to the size
 * of all. -EINVAL with a message.
 */
int btf_check_header(struct error *error, struct bytes blob, size_t least);

/*
 * Where the types and the strings stand, counted from the start of `size` bytes; checks that they lie inside and do not
 * overlap, and that types are aligned. -EINVAL with a message.
 */
int btf_check_tables(struct error *error, const struct btf_header *header, u32 size, u64 *types, u64 *strings);

/* Writes the header of a blob whose types and strings follow without a gap. Returns where they begin. */
u8 *btf_put_header(u8 *to, u32 types_len, u32 strings_len);

/* What a row of 32-bit words holds: a bit for each word that is a string's offset, or a type's id. */
struct btf_row {
	u8 words;
	u8 names, types;
	u8 kind; /* of those types; 0: any */
};

/* Checks the words that `row` tells of against the strings and types of `btf`. -EINVAL with a message. */
int btf_check_row(const struct btf *btf, struct error *error, const u32 *words, const struct btf_row *row);

/* The i-th enumerator of an ENUM, its value sign-extended, or of an ENUM64; for types wherever they are. */
u64 btf_enumerator_at(const struct btf_type *t, u32 i, u32 *name_off);
u64 btf_enumerator(const struct btf *btf, const struct btf_type *t, u32 i, const char **name);

/* The kind's name in C or BTF terms: "struct", "int", "typedef", "func_proto", …; and that of a type's kind. */
const char *btf_kind_name(u32 kind);
const char *btf_kind_word(const struct btf_type *t);

/* -EINVAL: "is a KIND 'NAME', expected WHAT". */
int btf_refuse(struct error *error, const struct btf *btf, const struct btf_type *t, const char *what);

/* How many bytes a type and what follows it take in the table; 0 for a kind nobody knows. */
u64 btf_type_bytes(const struct btf_type *t);

/* Whether a value of this type is one of the type it names: typedef, const, volatile, restrict, type tag. */
bool btf_is_modifier(const struct btf_type *t);

/*
 * One step of btf_size_of(), for types wherever they are: multiplies *size (1 at first), and with BTF_STEP_ON says in
 * *next which type is to follow.
 */
enum btf_step { BTF_STEP_NONE /* there is no size */, BTF_STEP_DONE, BTF_STEP_ON };
enum btf_step btf_size_step(const struct btf_type *t, u32 pointer_size, u64 *size, u32 *next);

/* Follows typedef, const, volatile, restrict and type tags to a type that is none; a circle ends in 0 (void). */
u32 btf_resolve(const struct btf *btf, u32 id);
const struct btf_type *btf_resolved(const struct btf *btf, u32 id);

/* What a type of that kind, PTR or ARRAY, is made of, resolved; void for a type of another kind. */
const struct btf_type *btf_inside(const struct btf *btf, const struct btf_type *t, u32 kind);

/* The size in bytes of a value of that type; false if it has none (void, functions, circles, overflow). */
bool btf_size_of(const struct btf *btf, u32 id, u64 *size);

/* The first type of that kind and name, or 0. */
u32 btf_find(const struct btf *btf, u32 kind, const char *name);

/* A bit field member's offset in bits from the start of the struct, and its width (0: no bit field). */
u32 btf_member_bit_offset(const struct btf_type *owner, const struct btf_member *member);
u32 btf_member_bit_width(const struct btf_type *owner, const struct btf_member *member);

#endif
