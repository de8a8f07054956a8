/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_cut.c: an object's BTF, cut down to what a kernel knows. See btf_cut.h for what becomes of what.
 *
 * A type's length follows from its kind and vlen, so a type may become one of another kind if the rows behind it
 * are as long. Two lengths of rows serve for all:
 *
 *	12 bytes	btf_var_secinfo	| type     | offset   | size     |
 *			btf_enum64	| name_off | val_lo32 | val_hi32 |
 *		to	btf_member	| name_off | type     | offset   |
 *
 *	 8 bytes	btf_param	| name_off | type     |
 *		to	btf_enum	| name_off | val      |
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/btf_cut.h"

/* btf_type.info and the word of an INT (include/uapi/linux/btf.h). */
#define INFO(kind, vlen) ((u32)(kind) << 24 | (vlen))
#define INT_BITS(bits)   (bits)

struct cut {
	const struct btf *from;
	u32 features;
	bool *named;       /* [type id]: a function's prototype whose parameters have names */
	u8 *types;         /* the copy of from->types that is edited */
	bool needs_filler; /* some type refers to the INT or the name behind the last ones */
};

/* The INT of one byte behind the last type, as a member or variable of no importance. */
static u32 filler_id(struct cut *c)
{
	c->needs_filler = true;
	return c->from->type_count;
}

/* Even of no strings at all, which btf_open() takes, the kernel wants the empty one. */
static u32 strings_len(const struct btf *btf)
{
	return MAX(btf->strings_len, 1u);
}

/* The name behind the last string, where a name is wanted. */
static u32 filler_name(struct cut *c)
{
	c->needs_filler = true;
	return strings_len(c->from);
}

static struct btf_type *edited(const struct cut *c, u32 id)
{
	return (struct btf_type *)(c->types + ((const u8 *)btf_type(c->from, id) - c->from->types));
}

static void become_int(struct btf_type *t)
{
	t->info = INFO(BTF_KIND_INT, 0);
	t->size = 1;
	*(u32 *)(t + 1) = INT_BITS(8);
}

/* A union whose members all stand at its first byte. Its names are only for people, so they are kept or left out. */
static void become_union(struct cut *c, struct btf_type *t, bool keep_names)
{
	struct btf_member *members = btf_members(t);
	u32 count = btf_vlen(t);

	t->info = INFO(BTF_KIND_UNION, count);
	for (u32 i = 0; i < count; i++) {
		members[i].name_off = keep_names ? members[i].name_off : 0;
		members[i].type = filler_id(c);
		members[i].offset = 0;
	}
}

static void name_params(struct cut *c, struct btf_type *proto, bool even_variadic)
{
	struct btf_param *params = btf_params(proto);

	for (u32 i = 0; i < btf_vlen(proto); i++)
		if (!params[i].name_off && (params[i].type || even_variadic))
			params[i].name_off = filler_name(c);
}

/*
 * A function must have named parameters, and be defined as far as BTF is concerned
 * (kernel/bpf/btf.c:btf_func_check(), btf_func_check_meta()): the kernel looks only at those that func_info lists.
 */
static void cut_func(struct cut *c, struct btf_type *t)
{
	bool is_global = btf_vlen(t) != BTF_FUNC_STATIC && c->features & BTF_HAS_FUNC_GLOBAL;

	if (!(c->features & BTF_HAS_FUNC)) {
		t->info = INFO(BTF_KIND_TYPEDEF, 0);
		return;
	}
	if (!c->named[t->type])
		name_params(c, edited(c, t->type), false);
	c->named[t->type] = true; /* many functions may share it */
	t->info = INFO(BTF_KIND_FUNC, is_global ? BTF_FUNC_GLOBAL : BTF_FUNC_STATIC);
}

static void cut_func_proto(struct cut *c, struct btf_type *t)
{
	if (c->features & BTF_HAS_FUNC)
		return;
	name_params(c, t, true);
	t->info = INFO(BTF_KIND_ENUM, btf_vlen(t));
	t->size = sizeof(u32);
}

/* An extern's own type may have no size, and no kernel takes the linkage (kernel/bpf/btf.c:btf_var_check_meta()). */
static void cut_var(struct cut *c, struct btf_type *t)
{
	if (btf_var(t)->linkage == BTF_VAR_GLOBAL_EXTERN) {
		btf_var(t)->linkage = BTF_VAR_GLOBAL_ALLOCATED;
		t->type = filler_id(c);
	}
	if (!(c->features & BTF_HAS_DATASEC))
		become_int(t);
}

static bool is_plain_name(const char *name)
{
	while (char_is_alnum(*name) || *name == '_' || *name == '.')
		name++;
	return !*name;
}

/*
 * No kernel takes a section without size, which is what .ksyms has, or with functions in it, as .ksyms and some of
 * gcc's have; before 5.12 none without variables.
 */
static bool is_complete(const struct btf *btf, const struct btf_type *datasec)
{
	for (u32 i = 0; i < btf_vlen(datasec); i++)
		if (btf_kind(btf_type(btf, btf_secinfos(datasec)[i].type)) != BTF_KIND_VAR)
			return false;
	return datasec->size && btf_vlen(datasec);
}

/* Nothing but the map of that section ever looks at one. */
static void cut_datasec(struct cut *c, struct btf_type *t)
{
	if (!(c->features & BTF_HAS_DATASEC) || !is_complete(c->from, t)) {
		become_union(c, t, false);
		t->name_off = 0;
		t->size = 1;
	} else if (!(c->features & BTF_HAS_QMARK_DATASEC) && !is_plain_name(btf_string(c->from, t->name_off))) {
		t->name_off = filler_name(c);
	}
}

static void cut_float(struct cut *c, struct btf_type *t)
{
	if (c->features & BTF_HAS_FLOAT)
		return;
	t->info = INFO(BTF_KIND_STRUCT, 0);
	t->name_off = 0;
}

/* Tags stand on functions and variables, too; those on what has been cut itself go with it. */
static void cut_decl_tag(struct cut *c, struct btf_type *t)
{
	const u32 needed = BTF_HAS_DECL_TAG | BTF_HAS_FUNC | BTF_HAS_DATASEC;

	if ((c->features & needed) != needed)
		become_int(t);
}

static void cut_type_tag(struct cut *c, struct btf_type *t)
{
	if (c->features & BTF_HAS_TYPE_TAG)
		return;
	t->info = INFO(BTF_KIND_CONST, 0);
	t->name_off = 0;
}

static void cut_enum(struct cut *c, struct btf_type *t)
{
	if (!(c->features & BTF_HAS_ENUM64))
		t->info = INFO(BTF_KIND_ENUM, btf_vlen(t)); /* without the flag that says "signed" */
}

static void cut_enum64(struct cut *c, struct btf_type *t)
{
	if (!(c->features & BTF_HAS_ENUM64))
		become_union(c, t, true);
}

static void (*const cuts[])(struct cut *c, struct btf_type *t) = {
	[BTF_KIND_FUNC] = cut_func,
	[BTF_KIND_FUNC_PROTO] = cut_func_proto,
	[BTF_KIND_VAR] = cut_var,
	[BTF_KIND_DATASEC] = cut_datasec,
	[BTF_KIND_FLOAT] = cut_float,
	[KIND_DECL_TAG] = cut_decl_tag,
	[KIND_TYPE_TAG] = cut_type_tag,
	[BTF_KIND_ENUM] = cut_enum,
	[KIND_ENUM64] = cut_enum64,
};

/* What needs_filler asks for. */
static const char filler_string[] = "_";

struct filler_type {
	struct btf_type type;
	u32 word;
};

static u8 *append(u8 *to, const void *data, size_t len)
{
	memcpy(to, data, len);
	return to + len;
}

/* Completes the blob around the types, without gaps: the kernel takes none (kernel/bpf/btf.c:btf_check_sec_info()). */
static void write_blob(struct cut *c, u8 *data, struct bytes *blob)
{
	const struct btf *from = c->from;
	struct filler_type filler = {.type.name_off = strings_len(from)};
	u8 *end = c->types + from->types_len, *strings;

	become_int(&filler.type);
	if (c->needs_filler)
		end = append(end, &filler, sizeof(filler));
	strings = end;
	end = append(end, from->strings, strings_len(from));
	if (c->needs_filler)
		end = append(end, filler_string, sizeof(filler_string));
	btf_put_header(data, (u32)(strings - c->types), (u32)(end - strings));
	*blob = (struct bytes){data, (size_t)(end - data)};
}

int btf_cut(struct arena *arena, struct error *error, const struct btf *btf, u32 features, struct bytes *blob)
{
	/* The kernel refuses a table without types, so that one gets the filler. */
	struct cut c = {.from = btf, .features = features, .needs_filler = !btf->types_len};
	size_t room = sizeof(struct btf_header) + btf->types_len + sizeof(struct filler_type) + strings_len(btf) +
		      sizeof(filler_string);
	u8 *data = arena_alloc(arena, room);

	c.named = arena_alloc_array(arena, btf->type_count, sizeof(*c.named));
	if (!data || !c.named)
		return error_no_memory(error);
	c.types = data + sizeof(struct btf_header);
	memcpy(c.types, btf->types, btf->types_len);
	for (u32 id = 1; id < btf->type_count; id++) {
		struct btf_type *t = edited(&c, id);
		u32 kind = btf_kind(t);

		if (kind < ARRAY_SIZE(cuts) && cuts[kind])
			cuts[kind](&c, t);
	}
	write_blob(&c, data, blob);
	return 0;
}

/* Probes are written down in words: a type's name, info, size or type, and what follows it. */
enum { NO_NAME = 0, NAME_A = 1, NAME_QMARK = 3, PROBE_WORDS = 14 };
static const char probe_strings[] = "\0a\0?a";

#define INT_A    NAME_A, INFO(BTF_KIND_INT, 0), 4, INT_BITS(32)
#define STRUCT_A NAME_A, INFO(BTF_KIND_STRUCT, 0), 0
#define PROTO    NO_NAME, INFO(BTF_KIND_FUNC_PROTO, 0), 0
#define VAR_A    NAME_A, INFO(BTF_KIND_VAR, 0), 1, BTF_VAR_STATIC
#define DATASEC  INFO(BTF_KIND_DATASEC, 1), 4, 2, 0, 4
#define PROBE(...)                            \
	{                                     \
		sizeof((u32[]){__VA_ARGS__}), \
		{                             \
			__VA_ARGS__           \
		}                             \
	}

static const struct probe {
	u32 size; /* of the words, in bytes */
	u32 words[PROBE_WORDS];
} probes[BTF_FEATURE_COUNT] = {
	PROBE(PROTO, NAME_A, INFO(BTF_KIND_FUNC, BTF_FUNC_STATIC), 1),
	PROBE(INT_A, VAR_A, NAME_A, DATASEC),
	PROBE(PROTO, NAME_A, INFO(BTF_KIND_FUNC, BTF_FUNC_GLOBAL), 1),
	PROBE(NAME_A, INFO(BTF_KIND_FLOAT, 0), 4),
	PROBE(STRUCT_A, NAME_A, INFO(KIND_DECL_TAG, 0), 1, (u32)-1),
	PROBE(INT_A, NAME_A, INFO(KIND_TYPE_TAG, 0), 1),
	PROBE(NAME_A, INFO(KIND_ENUM64, 1), 8, NAME_A, 0, 0),
	PROBE(INT_A, VAR_A, NAME_QMARK, DATASEC),
};

_Static_assert(sizeof(struct btf_header) + sizeof(probes->words) + sizeof(probe_strings) <= BTF_PROBE_MAX, "");

void btf_probe_blob(u32 i, u8 *blob, struct bytes *out)
{
	u8 *end = btf_put_header(blob, probes[i].size, sizeof(probe_strings));

	end = append(end, probes[i].words, probes[i].size);
	end = append(end, probe_strings, sizeof(probe_strings));
	*out = (struct bytes){blob, (size_t)(end - blob)};
}
