/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_print.c: types as C writes them. See btf_print.h.
 *
 * BTF chains a type from the name inwards, C wraps it around the name. For "a pointer to an array of 3 ints"
 *
 *	BTF	x -> PTR -> ARRAY[3] -> INT		C	int (*x)[3]
 *
 * so the chain is collected first; what stands left of the name is then written from the far end to the near one
 * ("int", "(*"), and what stands right of it from the near end to the far one (")", "[3]"). Parentheses are due
 * where a pointer meets an array or a function, because [] and () bind tighter than *.
 */
#include "base/string.h"
#include "object/btf_print.h"

#define NESTING    6     /* of anonymous structs, and of functions that take functions */
#define BUDGET     20000 /* members written for one call: types that hold each other could go on for years */
#define COMMENT_AT 48    /* the column of offsets */

struct printer {
	struct text *text;
	const struct btf *btf;
	u32 budget;
	u32 functions; /* that this one is a parameter of */
	u32 nesting;   /* so many anonymous structs within each other may still be written out */
	u32 indent;    /* tabs before a line */
	size_t line;   /* where this one begins, behind its tabs */
};

/* The types from a name inwards, and the base, which has a name, or members, or is void. */
struct chain {
	const struct btf_type *links[BTF_DEPTH], *base;
	u32 count; /* of links */
};

#define KIND(kind)     (1u << (kind))
#define IS(kind, mask) ((mask) >> (kind)&1)
#define QUALIFIERS     (KIND(BTF_KIND_CONST) | KIND(BTF_KIND_VOLATILE) | KIND(BTF_KIND_RESTRICT) | KIND(KIND_TYPE_TAG))
#define SUFFIXES       (KIND(BTF_KIND_ARRAY) | KIND(BTF_KIND_FUNC_PROTO))
#define LINKS          (QUALIFIERS | SUFFIXES | KIND(BTF_KIND_PTR))
#define ENUMS          (KIND(BTF_KIND_ENUM) | KIND(KIND_ENUM64))
#define WITH_BODY      (KIND(BTF_KIND_STRUCT) | KIND(BTF_KIND_UNION) | ENUMS)

static const char *name_of(const struct printer *p, const struct btf_type *t)
{
	return btf_string(p->btf, t->name_off);
}

/* False if the chain does not end. */
static bool chain_collect(const struct printer *p, u32 id, struct chain *chain)
{
	const struct btf_type *t = btf_type(p->btf, id);

	for (chain->count = 0; IS(btf_kind(t), LINKS); chain->count++) {
		if (chain->count == BTF_DEPTH)
			return false;
		chain->links[chain->count] = t;
		t = btf_type(p->btf, btf_kind(t) == BTF_KIND_ARRAY ? btf_array(t)->type : t->type);
	}
	chain->base = t;
	return true;
}

/* The kind that the i-th link leads to, qualifiers left out. */
static u32 kind_behind(const struct chain *chain, u32 i)
{
	while (++i < chain->count)
		if (!IS(btf_kind(chain->links[i]), QUALIFIERS))
			return btf_kind(chain->links[i]);
	return BTF_KIND_UNKN;
}

/* The kernel writes __attribute__((btf_type_tag("rcu"))) as __rcu (include/linux/compiler_types.h). */
static void put_qualifier(struct printer *p, const struct btf_type *t)
{
	bool is_tag = btf_kind(t) == KIND_TYPE_TAG;

	text_printf(p->text, "%s%s", is_tag ? "__" : "", is_tag ? name_of(p, t) : btf_kind_word(t));
}

/* "struct event", "__u32", "void"; of an anonymous struct the first half: "struct". */
static void put_base(struct printer *p, const struct btf_type *t)
{
	u32 kind = btf_kind(t);
	const char *name = name_of(p, t);

	if (kind == BTF_KIND_FWD)
		kind = btf_kflag(t) ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	if (IS(kind, WITH_BODY) || !*name)
		text_string(p->text, btf_kind_name(IS(kind, ENUMS) ? BTF_KIND_ENUM : kind));
	if (IS(kind, WITH_BODY) && *name)
		text_char(p->text, ' ');
	text_string(p->text, name);
}

/*
 * "const ": qualifiers of the base, or of an array, which C writes in front of it. BTF may have both for one `const`
 * in the source.
 */
static void put_base_qualifiers(struct printer *p, const struct chain *chain)
{
	u32 written = 0;

	for (u32 i = 0; i < chain->count; i++) {
		u32 kind = btf_kind(chain->links[i]);

		if (!IS(kind, QUALIFIERS & ~written) || kind_behind(chain, i) == BTF_KIND_PTR)
			continue;
		if (kind != KIND_TYPE_TAG)
			written |= KIND(kind);
		put_qualifier(p, chain->links[i]);
		text_char(p->text, ' ');
	}
}

/* Stars, parentheses and qualifiers, from the base towards the name. Says if the name needs a blank before it. */
static bool put_left(struct printer *p, const struct chain *chain, bool named)
{
	bool blank = true;

	for (u32 i = chain->count; i-- > 0;) {
		u32 kind = btf_kind(chain->links[i]), behind = kind_behind(chain, i);

		if (kind == BTF_KIND_PTR) {
			text_printf(p->text, "%s%s", blank ? " " : "", IS(behind, SUFFIXES) ? "(*" : "*");
			blank = false;
		} else if (IS(kind, QUALIFIERS) && behind == BTF_KIND_PTR) {
			put_qualifier(p, chain->links[i]);
			if (i > 0 || named)
				text_char(p->text, ' ');
		}
	}
	return blank;
}

static void put_declaration(struct printer *p, u32 id, const char *name, u64 at);

static void put_parameters(struct printer *p, const struct btf_type *proto)
{
	const struct btf_param *params = btf_params(proto);
	u32 count = btf_vlen(proto), nesting = p->nesting;

	p->nesting = 0;
	p->functions++;
	text_char(p->text, '(');
	for (u32 i = 0; i < count; i++) {
		if (i)
			text_string(p->text, ", ");
		/* A last parameter without a type says that more may follow. */
		if (!p->budget || p->functions > NESTING || (i == count - 1 && !params[i].type)) {
			text_string(p->text, "...");
			break;
		}
		p->budget--;
		put_declaration(p, params[i].type, btf_string(p->btf, params[i].name_off), 0);
	}
	text_string(p->text, count ? ")" : "void)");
	p->functions--;
	p->nesting = nesting;
}

/* Brackets and parameters, from the name towards the base. */
static void put_right(struct printer *p, const struct chain *chain)
{
	for (u32 i = 0; i < chain->count; i++) {
		const struct btf_type *t = chain->links[i];

		if (btf_kind(t) == BTF_KIND_PTR && IS(kind_behind(chain, i), SUFFIXES))
			text_char(p->text, ')');
		else if (btf_kind(t) == BTF_KIND_ARRAY)
			text_printf(p->text, "[%u]", btf_array(t)->nelems);
		else if (btf_kind(t) == BTF_KIND_FUNC_PROTO)
			put_parameters(p, t);
	}
}

static void start_line(struct printer *p)
{
	text_repeat(p->text, '\t', p->indent);
	p->line = p->text->len;
}

static void start_comment(struct printer *p)
{
	size_t column = p->indent * 8 + (p->text->len - p->line);

	text_repeat(p->text, ' ', column < COMMENT_AT ? COMMENT_AT - column : 1);
	text_string(p->text, "// ");
}

static void put_enumerator(struct printer *p, const struct btf_type *t, u32 i)
{
	bool is_signed = btf_kflag(t);
	const char *name;
	u64 value = btf_enumerator(p->btf, t, i, &name);

	if (!is_signed && btf_kind(t) == BTF_KIND_ENUM)
		value = (u32)value;
	start_line(p);
	text_printf(p->text, is_signed ? "%s = %lld,\n" : "%s = %llu,\n", name, value);
}

/* Says that the bytes between two offsets, in bits, belong to no member of the struct at `at`. */
static void put_padding(struct printer *p, u64 from, u64 to, u64 at)
{
	u64 first = (from + 7) / 8;

	if (to / 8 <= first)
		return;
	start_line(p);
	start_comment(p);
	text_printf(p->text, "%llu: %llu bytes of padding\n", at / 8 + first, to / 8 - first);
}

/* The member before it ended at bit `end`. Returns where this one does: where it starts, if it has no size. */
static u64 put_member(struct printer *p, const struct btf_type *t, u32 i, u64 at, u64 end)
{
	const struct btf_member *member = &btf_members(t)[i];
	u64 start = btf_member_bit_offset(t, member), size;
	u32 bits = btf_member_bit_width(t, member);

	put_padding(p, end, start, at); /* none in a union, where all start at 0 */
	start_line(p);
	put_declaration(p, member->type, btf_string(p->btf, member->name_off), at + start);
	if (bits)
		text_printf(p->text, " : %u", bits);
	text_char(p->text, ';');
	start_comment(p);
	text_printf(p->text, bits ? "%llu:%u\n" : "%llu\n", (at + start) / 8, (u32)((at + start) % 8));
	if (!bits && btf_size_of(p->btf, member->type, &size))
		return start + size * 8;
	return start + bits;
}

/* Members or enumerators of what begins at bit `at` of the outermost struct, a line each, in braces. */
static void put_body(struct printer *p, const struct btf_type *t, u64 at)
{
	u64 end = 0;

	text_string(p->text, " {\n");
	p->indent++;
	for (u32 i = 0; i < btf_vlen(t) && p->budget; i++) {
		p->budget--;
		if (IS(btf_kind(t), ENUMS))
			put_enumerator(p, t, i);
		else
			end = put_member(p, t, i, at, end);
	}
	if (!p->budget) {
		start_line(p);
		text_string(p->text, "...\n");
	} else if (btf_kind(t) == BTF_KIND_STRUCT) {
		put_padding(p, end, t->size * 8ULL, at);
	}
	p->indent--;
	start_line(p);
	text_char(p->text, '}');
}

/* What follows the "struct" or "enum" that has no name. */
static void put_anonymous(struct printer *p, const struct btf_type *t, u64 at)
{
	if (!btf_vlen(t)) {
		text_string(p->text, " {}");
	} else if (!p->nesting) {
		text_string(p->text, " {...}");
	} else {
		p->nesting--;
		put_body(p, t, at);
		p->nesting++;
	}
}

/* Whether the base lies where the name does, not behind a pointer, not as an element. */
static bool is_in_place(const struct chain *chain)
{
	for (u32 i = 0; i < chain->count; i++)
		if (!IS(btf_kind(chain->links[i]), QUALIFIERS))
			return false;
	return true;
}

/* `at` is where it stands, in bits from the start of the outermost struct. */
static void put_declaration(struct printer *p, u32 id, const char *name, u64 at)
{
	struct chain chain;

	if (!chain_collect(p, id, &chain)) {
		text_printf(p->text, "... %s", name);
		return;
	}
	put_base_qualifiers(p, &chain);
	put_base(p, chain.base);
	if (IS(btf_kind(chain.base), WITH_BODY) && !*name_of(p, chain.base))
		put_anonymous(p, chain.base, is_in_place(&chain) ? at : 0);
	if (put_left(p, &chain, *name) && *name)
		text_char(p->text, ' ');
	text_string(p->text, name);
	put_right(p, &chain);
}

void btf_print_declaration(struct text *t, const struct btf *btf, u32 id, const char *name)
{
	struct printer p = {.text = t, .btf = btf, .budget = BUDGET};

	put_declaration(&p, id, name, 0);
}

void btf_print_definition(struct text *t, const struct btf *btf, u32 id, u32 indent)
{
	struct printer p = {.text = t, .btf = btf, .budget = BUDGET, .nesting = NESTING, .indent = indent};
	const struct btf_type *type = btf_type(btf, id);

	if (!IS(btf_kind(type), WITH_BODY | KIND(BTF_KIND_TYPEDEF)))
		return;
	start_line(&p);
	if (btf_kind(type) == BTF_KIND_TYPEDEF) {
		text_string(t, "typedef ");
		put_declaration(&p, type->type, btf_name(btf, id), 0);
		text_string(t, ";\n");
		return;
	}
	put_base(&p, type);
	put_body(&p, type, 0);
	text_char(t, ';');
	start_comment(&p);
	text_printf(t, "%u bytes\n", type->size);
}
