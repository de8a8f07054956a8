/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf.c: BPF Type Format: checked once, then trusted. See btf.h for the drawing of the whole.
 *
 * A type is three words, and its kind says what follows: a row of words once, or one row for each of vlen items.
 * Some of these words are offsets into the strings, some are type ids, the rest are plain numbers:
 *
 *	struct pair { int a; long b; };
 *
 *	| name_off | info: STRUCT, vlen 2 | size 16 |
 *	| name_off of "a" | type id of int  | 0      |	names = word 0, types = word 1
 *	| name_off of "b" | type id of long | 64     |
 *
 * So one table tells the length of every kind and which words to check, and the loop over it knows no kind by
 * name. What the kernel checks beyond that (kernel/bpf/btf.c:btf_check_meta() and btf_resolve()) is a matter of
 * meaning: a wrong answer there makes a wrong type, but no access outside the table.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/btf.h"
#include "object/check.h"

#define BTF_POINTER_SIZE 8 /* of the BPF machine, whatever the kernel's is */

#define WORD(i) (1u << (i))

enum {
	TYPE_IS_ID = 1 << 0,   /* btf_type.type holds a type id … */
	TYPE_IS_SIZE = 1 << 1, /* … or btf_type.size a size; some kinds use neither */
	ROW_PER_ITEM = 1 << 2, /* vlen rows follow, not one */
	IS_MODIFIER = 1 << 3,  /* a value of this type is one of the type it names */
};

static const struct kind_rule {
	char name[11];
	u8 flags;
	struct btf_row row; /* its `kind` holds for btf_type.type, too */
} kind_rules[] = {
	[BTF_KIND_UNKN] = {"void", 0, {0}},
	[BTF_KIND_INT] = {"int", TYPE_IS_SIZE, {.words = 1}},
	[BTF_KIND_PTR] = {"pointer", TYPE_IS_ID, {0}},
	[BTF_KIND_ARRAY] = {"array", 0, {.words = 3, .types = WORD(0) | WORD(1)}},
	[BTF_KIND_STRUCT] = {"struct", TYPE_IS_SIZE | ROW_PER_ITEM, {.words = 3, .names = WORD(0), .types = WORD(1)}},
	[BTF_KIND_UNION] = {"union", TYPE_IS_SIZE | ROW_PER_ITEM, {.words = 3, .names = WORD(0), .types = WORD(1)}},
	[BTF_KIND_ENUM] = {"enum", TYPE_IS_SIZE | ROW_PER_ITEM, {.words = 2, .names = WORD(0)}},
	[BTF_KIND_FWD] = {"forward", 0, {0}},
	[BTF_KIND_TYPEDEF] = {"typedef", TYPE_IS_ID | IS_MODIFIER, {0}},
	[BTF_KIND_VOLATILE] = {"volatile", TYPE_IS_ID | IS_MODIFIER, {0}},
	[BTF_KIND_CONST] = {"const", TYPE_IS_ID | IS_MODIFIER, {0}},
	[BTF_KIND_RESTRICT] = {"restrict", TYPE_IS_ID | IS_MODIFIER, {0}},
	[BTF_KIND_FUNC] = {"func", TYPE_IS_ID, {.kind = BTF_KIND_FUNC_PROTO}},
	[BTF_KIND_FUNC_PROTO] = {"func_proto", TYPE_IS_ID | ROW_PER_ITEM,
		{.words = 2, .names = WORD(0), .types = WORD(1)}},
	[BTF_KIND_VAR] = {"var", TYPE_IS_ID, {.words = 1}},
	[BTF_KIND_DATASEC] = {"datasec", TYPE_IS_SIZE | ROW_PER_ITEM,
		{.words = 3, .types = WORD(0), .kind = BTF_KIND_VAR}},
	[BTF_KIND_FLOAT] = {"float", TYPE_IS_SIZE, {0}},
	[KIND_DECL_TAG] = {"decl_tag", TYPE_IS_ID, {.words = 1}},
	[KIND_TYPE_TAG] = {"type_tag", TYPE_IS_ID | IS_MODIFIER, {0}},
	[KIND_ENUM64] = {"enum64", TYPE_IS_SIZE | ROW_PER_ITEM, {.words = 3, .names = WORD(0)}},
};

const char *btf_kind_name(u32 kind)
{
	return kind < ARRAY_SIZE(kind_rules) ? kind_rules[kind].name : "unknown";
}

const char *btf_kind_word(const struct btf_type *t)
{
	return btf_kind_name(btf_kind(t));
}

/* The row of the table; NULL for a kind that no type may have, 0 among them. */
static const struct kind_rule *rule_of(const struct btf_type *t)
{
	u32 kind = btf_kind(t);

	return kind && kind < ARRAY_SIZE(kind_rules) ? &kind_rules[kind] : NULL;
}

static u32 row_count(const struct kind_rule *rule, const struct btf_type *t)
{
	return rule->flags & ROW_PER_ITEM ? btf_vlen(t) : 1;
}

u64 btf_type_bytes(const struct btf_type *t)
{
	const struct kind_rule *rule = rule_of(t);

	return rule ? sizeof(*t) + (u64)row_count(rule, t) * rule->row.words * sizeof(u32) : 0;
}

static int check_name(const struct btf *btf, struct error *error, u32 offset)
{
	return check_index(error, "name at", offset, btf->strings_len);
}

static int check_id(const struct btf *btf, struct error *error, u32 id, u32 kind)
{
	u32 got;

	if (check_index(error, "names type", id, btf->type_count))
		return -EINVAL;
	got = btf_kind(btf_type(btf, id));
	/* A datasec holds variables; .ksyms functions, too. */
	if (!kind || got == kind || (kind == BTF_KIND_VAR && got == BTF_KIND_FUNC))
		return 0;
	return error_invalid(
		error, "names type %u, of kind %s, expected %s", id, btf_kind_name(got), btf_kind_name(kind));
}

int btf_check_row(const struct btf *btf, struct error *error, const u32 *words, const struct btf_row *row)
{
	for (u32 i = 0; i < row->words; i++) {
		int err = 0;

		if (row->names & WORD(i))
			err = check_name(btf, error, words[i]);
		else if (row->types & WORD(i))
			err = check_id(btf, error, words[i], row->kind);
		if (err)
			return err;
	}
	return 0;
}

/* Everything a type refers to: its name, its type, and the rows behind it. */
static int check_type(const struct btf *btf, struct error *error, const struct btf_type *t)
{
	const struct kind_rule *rule = rule_of(t);
	const u32 *words = (const u32 *)(t + 1);
	u32 rows = row_count(rule, t);
	int err = check_name(btf, error, t->name_off);

	if (!err && rule->flags & TYPE_IS_ID)
		err = check_id(btf, error, t->type, rule->row.kind);
	if (!(rule->row.names | rule->row.types))
		return err;
	for (u32 i = 0; i < rows && !err; i++, words += rule->row.words)
		if (btf_check_row(btf, error, words, &rule->row))
			err = error_in(error, "item %u", i);
	return err;
}

/* "type [ID] at offset N", counted from the start of the section, as a hex dump would. */
static int in_type(const struct btf *btf, struct error *error, u32 id, const struct btf_type *t)
{
	return error_in(error, "type [%u] at offset %u", id, (u32)((const u8 *)t - btf->data));
}

/* Where each type begins: it must be of a known kind and end within the table. */
static int index_types(struct arena *arena, struct error *error, struct btf *btf)
{
	size_t most = btf->types_len / sizeof(struct btf_type) + 1;
	u64 bytes;

	/* Behind the last pointer stands void itself: three words of zeros. */
	btf->index = arena_alloc_array(arena, most + 3, sizeof(*btf->index));
	if (!btf->index)
		return error_no_memory(error);
	_Static_assert(sizeof(struct btf_type) <= 3 * sizeof(void *), "void fits where three pointers do");
	btf->index[0] = (struct btf_type *)(btf->index + most);
	btf->type_count = 1;
	for (u64 offset = 0; offset < btf->types_len; offset += bytes) {
		struct btf_type *t = (struct btf_type *)(btf->types + offset);
		int err = 0;

		bytes = range_ok(offset, sizeof(*t), btf->types_len) ? btf_type_bytes(t) : sizeof(*t);
		if (!bytes)
			err = error_invalid(error, "kind %u is unknown, expected 1 to %u", btf_kind(t),
				(u32)ARRAY_SIZE(kind_rules) - 1);
		else
			err = check_range(error, offset, bytes, btf->types_len);
		if (err)
			return in_type(btf, error, btf->type_count, t);
		btf->index[btf->type_count++] = t;
	}
	return 0;
}

static int check_types(const struct btf *btf, struct error *error)
{
	for (u32 id = 1; id < btf->type_count; id++) {
		const struct btf_type *t = btf_type(btf, id);

		if (check_type(btf, error, t))
			return in_type(btf, error, id, t);
	}
	return 0;
}

static int check_word(struct error *error, const char *name, u32 got, u32 expected)
{
	return got == expected ? 0 : error_invalid(error, "%s is 0x%x, expected 0x%x", name, got, expected);
}

int btf_check_header(struct error *error, struct bytes blob, size_t least)
{
	struct btf_header header;

	if (blob.size < least || blob.size > U32_MAX)
		return error_invalid(error, "it has %zu bytes, a header alone takes %zu", blob.size, least);
	memcpy(&header, blob.data, offsetof(struct btf_header, type_off));
	if (check_word(error, "magic (in this machine's byte order)", header.magic, BTF_MAGIC) ||
		check_word(error, "version", header.version, BTF_VERSION) ||
		check_word(error, "flags", header.flags, 0))
		return -EINVAL;
	/* Linux 7.1 appends layout_off and layout_len: a longer header is a newer one, and what we read stays. */
	if (header.hdr_len < least || header.hdr_len > blob.size)
		return error_invalid(error, "hdr_len is %u, expected %zu to %zu", header.hdr_len, least, blob.size);
	return 0;
}

int btf_check_tables(struct error *error, const struct btf_header *header, u32 size, u64 *types, u64 *strings)
{
	*types = (u64)header->hdr_len + header->type_off;
	*strings = (u64)header->hdr_len + header->str_off;
	if (check_range(error, *types, header->type_len, size))
		return error_in(error, "types");
	if (check_range(error, *strings, header->str_len, size))
		return error_in(error, "strings");
	/* Callers change types in place; strings must not change with them. The kernel wants this order, too. */
	if (*types % sizeof(u32) || *types + header->type_len > *strings)
		return error_invalid(error,
			"types from %llu to %llu, expected a multiple of 4, and strings (%llu) behind", *types,
			*types + header->type_len, *strings);
	return 0;
}

u8 *btf_put_header(u8 *to, u32 types_len, u32 strings_len)
{
	const struct btf_header header = {.magic = BTF_MAGIC,
		.version = BTF_VERSION,
		.hdr_len = sizeof(header),
		.type_len = types_len,
		.str_off = types_len,
		.str_len = strings_len};

	memcpy(to, &header, sizeof(header));
	return to + sizeof(header);
}

static int find_tables(struct error *error, struct btf *btf, const struct btf_header *header)
{
	u64 types, strings;
	int err = btf_check_tables(error, header, btf->size, &types, &strings);

	if (err)
		return err;
	btf->types = btf->data + types;
	btf->types_len = header->type_len;
	btf->strings = header->str_len ? (const char *)btf->data + strings : "";
	btf->strings_len = header->str_len;
	/* Every name ends if the last byte is NUL, and name_off 0 means "no name" if the first is. No strings at all
	 * are fine as long as no type needs one (a module's empty BTF). */
	if (btf->strings_len && (btf->strings[0] || btf->strings[btf->strings_len - 1]))
		return error_invalid(error, "strings do not begin and end with NUL");
	return 0;
}

static int open_copy(struct arena *arena, struct error *error, struct bytes blob, struct btf *btf)
{
	int err = btf_check_header(error, blob, sizeof(struct btf_header));

	if (err)
		return err;
	*btf = (struct btf){.data = arena_copy(arena, blob.data, blob.size), .size = (u32)blob.size};
	if (!btf->data)
		return error_no_memory(error);
	err = find_tables(error, btf, (const struct btf_header *)btf->data);
	err = err ? err : index_types(arena, error, btf);
	return err ? err : check_types(btf, error);
}

int btf_open(struct arena *arena, struct error *error, struct bytes blob, struct btf *btf)
{
	return open_copy(arena, error, blob, btf) ? error_in(error, ".BTF") : 0;
}

bool btf_is_modifier(const struct btf_type *t)
{
	const struct kind_rule *rule = rule_of(t);

	return rule && rule->flags & IS_MODIFIER;
}

int btf_refuse(struct error *error, const struct btf *btf, const struct btf_type *t, const char *what)
{
	return error_invalid(error, "is %s '%s', expected %s", btf_kind_word(t), btf_string(btf, t->name_off), what);
}

u32 btf_resolve(const struct btf *btf, u32 id)
{
	for (int depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *t = btf_type(btf, id);

		if (!btf_is_modifier(t))
			return id;
		id = t->type;
	}
	return 0;
}

const struct btf_type *btf_resolved(const struct btf *btf, u32 id)
{
	return btf_type(btf, btf_resolve(btf, id));
}

const struct btf_type *btf_inside(const struct btf *btf, const struct btf_type *t, u32 kind)
{
	if (btf_kind(t) != kind)
		return btf_type(btf, 0);
	return btf_resolved(btf, kind == BTF_KIND_ARRAY ? btf_array(t)->type : t->type);
}

enum btf_step btf_size_step(const struct btf_type *t, u32 pointer_size, u64 *size, u32 *next)
{
	const struct kind_rule *rule = rule_of(t);
	enum btf_step step = BTF_STEP_DONE;
	u32 kind = btf_kind(t);
	u64 times = 1;

	if (kind == BTF_KIND_PTR)
		times = pointer_size;
	else if (rule && rule->flags & TYPE_IS_SIZE)
		times = t->size;
	else {
		bool is_array = kind == BTF_KIND_ARRAY;

		if (!is_array && kind != BTF_KIND_VAR && !btf_is_modifier(t))
			return BTF_STEP_NONE;
		if (is_array)
			times = btf_array(t)->nelems;
		*next = is_array ? btf_array(t)->type : t->type;
		step = BTF_STEP_ON;
	}
	return __builtin_mul_overflow(*size, times, size) ? BTF_STEP_NONE : step;
}

bool btf_size_of(const struct btf *btf, u32 id, u64 *size)
{
	enum btf_step step = BTF_STEP_ON;

	*size = 1;
	for (int depth = 0; depth < BTF_DEPTH && step == BTF_STEP_ON; depth++)
		step = btf_size_step(btf_type(btf, id), BTF_POINTER_SIZE, size, &id);
	return step == BTF_STEP_DONE;
}

u32 btf_find(const struct btf *btf, u32 kind, const char *name)
{
	for (u32 id = 1; id < btf->type_count; id++)
		if (btf_kind(btf_type(btf, id)) == kind && str_equal(btf_name(btf, id), name))
			return id;
	return 0;
}

u64 btf_enumerator_at(const struct btf_type *t, u32 i, u32 *name_off)
{
	const struct btf_enum64_words *wide = &btf_enum64s(t)[i];
	const struct btf_enum *e = &btf_enums(t)[i];
	bool is_wide = btf_kind(t) == KIND_ENUM64;

	*name_off = is_wide ? wide->name_off : e->name_off;
	return is_wide ? wide->val_lo32 | (u64)wide->val_hi32 << 32 : (u64)(s64)e->val;
}

u64 btf_enumerator(const struct btf *btf, const struct btf_type *t, u32 i, const char **name)
{
	u32 name_off;
	u64 value = btf_enumerator_at(t, i, &name_off);

	*name = btf_string(btf, name_off);
	return value;
}

u32 btf_member_bit_offset(const struct btf_type *owner, const struct btf_member *member)
{
	return btf_kflag(owner) ? BTF_MEMBER_BIT_OFFSET(member->offset) : member->offset;
}

u32 btf_member_bit_width(const struct btf_type *owner, const struct btf_member *member)
{
	return btf_kflag(owner) ? BTF_MEMBER_BITFIELD_SIZE(member->offset) : 0;
}
