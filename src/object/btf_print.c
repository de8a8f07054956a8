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
};

/* The types from a name inwards; the last one is the base: it has a name, or members, or is void. */
struct chain {
	u32 ids[BTF_DEPTH];
	u32 count;
};

#define KIND(kind)     (1u << (kind))
#define IS(kind, mask) ((mask) >> (kind)&1)
#define QUALIFIERS     (KIND(BTF_KIND_CONST) | KIND(BTF_KIND_VOLATILE) | KIND(BTF_KIND_RESTRICT) | KIND(KIND_TYPE_TAG))
#define SUFFIXES       (KIND(BTF_KIND_ARRAY) | KIND(BTF_KIND_FUNC_PROTO))
#define LINKS          (QUALIFIERS | SUFFIXES | KIND(BTF_KIND_PTR))
#define ENUMS          (KIND(BTF_KIND_ENUM) | KIND(KIND_ENUM64))
#define WITH_BODY      (KIND(BTF_KIND_STRUCT) | KIND(BTF_KIND_UNION) | ENUMS)

static u32 kind_of(const struct printer *p, u32 id)
{
	return btf_kind(btf_type(p->btf, id));
}

/* False if the chain does not end. */
static bool chain_collect(const struct printer *p, u32 id, struct chain *chain)
{
	for (chain->count = 0; chain->count < BTF_DEPTH;) {
		const struct btf_type *t = btf_type(p->btf, id);

		chain->ids[chain->count++] = id;
		if (!IS(btf_kind(t), LINKS))
			return true;
		id = btf_kind(t) == BTF_KIND_ARRAY ? btf_array(t)->type : t->type;
	}
	return false;
}

/* The kind that the i-th link leads to, qualifiers left out. */
static u32 kind_behind(const struct printer *p, const struct chain *chain, u32 i)
{
	u32 kind = BTF_KIND_UNKN;

	while (++i < chain->count) {
		kind = kind_of(p, chain->ids[i]);
		if (!IS(kind, QUALIFIERS))
			break;
	}
	return kind;
}

/* The kernel writes __attribute__((btf_type_tag("rcu"))) as __rcu (include/linux/compiler_types.h). */
static void put_qualifier(struct printer *p, u32 id)
{
	u32 kind = kind_of(p, id);

	if (kind == KIND_TYPE_TAG)
		text_printf(p->text, "__%s", btf_name(p->btf, id));
	else
		text_string(p->text, btf_kind_name(kind));
}

/* "struct event", "__u32", "void"; of an anonymous struct the first half: "struct". */
static void put_base(struct printer *p, u32 id)
{
	const struct btf_type *t = btf_type(p->btf, id);
	u32 kind = btf_kind(t);
	const char *name = btf_string(p->btf, t->name_off);

	if (kind == BTF_KIND_FWD)
		kind = btf_kflag(t) ? BTF_KIND_UNION : BTF_KIND_STRUCT;
	if (!IS(kind, WITH_BODY)) {
		text_string(p->text, *name ? name : btf_kind_name(kind));
		return;
	}
	text_string(p->text, IS(kind, ENUMS) ? "enum" : btf_kind_name(kind));
	if (*name)
		text_printf(p->text, " %s", name);
}

/*
 * "const ": qualifiers of the base, or of an array, which C writes in front of it. BTF may have both for one `const`
 * in the source.
 */
static void put_base_qualifiers(struct printer *p, const struct chain *chain)
{
	u32 written = 0;

	for (u32 i = 0; i < chain->count - 1; i++) {
		u32 kind = kind_of(p, chain->ids[i]);

		if (!IS(kind, QUALIFIERS & ~written) || kind_behind(p, chain, i) == BTF_KIND_PTR)
			continue;
		if (kind != KIND_TYPE_TAG)
			written |= KIND(kind);
		put_qualifier(p, chain->ids[i]);
		text_char(p->text, ' ');
	}
}

static bool is_anonymous(const struct printer *p, u32 id)
{
	return IS(kind_of(p, id), WITH_BODY) && !*btf_name(p->btf, id);
}

/* Stars, parentheses and qualifiers, from the base towards the name. Says if the name needs a blank before it. */
static bool put_left(struct printer *p, const struct chain *chain, bool named)
{
	bool blank = true;

	for (u32 i = chain->count - 1; i-- > 0;) {
		u32 kind = kind_of(p, chain->ids[i]);

		if (kind == BTF_KIND_PTR) {
			if (blank)
				text_char(p->text, ' ');
			text_string(p->text, IS(kind_behind(p, chain, i), SUFFIXES) ? "(*" : "*");
			blank = false;
		} else if (IS(kind, QUALIFIERS) && kind_behind(p, chain, i) == BTF_KIND_PTR) {
			put_qualifier(p, chain->ids[i]);
			if (i > 0 || named)
				text_char(p->text, ' ');
		}
	}
	return blank;
}

static void put_declaration(struct printer *p, u32 id, const char *name, bool closing, u32 depth);

static void put_parameters(struct printer *p, const struct btf_type *proto, u32 depth)
{
	const struct btf_param *params = btf_params(proto);
	u32 count = btf_vlen(proto);

	text_char(p->text, '(');
	for (u32 i = 0; i < count; i++) {
		if (i)
			text_string(p->text, ", ");
		/* A last parameter without a type says that more may follow. */
		if (!p->budget || depth >= NESTING || (i == count - 1 && !params[i].type)) {
			text_string(p->text, "...");
			break;
		}
		p->budget--;
		put_declaration(p, params[i].type, btf_string(p->btf, params[i].name_off), false, depth + 1);
	}
	text_string(p->text, count ? ")" : "void)");
}

/* Brackets and parameters, from the name towards the base. */
static void put_right(struct printer *p, const struct chain *chain, u32 depth)
{
	for (u32 i = 0; i < chain->count - 1; i++) {
		const struct btf_type *t = btf_type(p->btf, chain->ids[i]);

		if (btf_kind(t) == BTF_KIND_PTR && IS(kind_behind(p, chain, i), SUFFIXES))
			text_char(p->text, ')');
		else if (btf_kind(t) == BTF_KIND_ARRAY)
			text_printf(p->text, "[%u]", btf_array(t)->nelems);
		else if (btf_kind(t) == BTF_KIND_FUNC_PROTO)
			put_parameters(p, t, depth);
	}
}

/* With `closing` the base has been written, members and all, on the lines before: "}" stands for it. */
static void put_declaration(struct printer *p, u32 id, const char *name, bool closing, u32 depth)
{
	struct chain chain;
	u32 base;

	if (!chain_collect(p, id, &chain)) {
		text_printf(p->text, "... %s", name);
		return;
	}
	base = chain.ids[chain.count - 1];
	if (closing) {
		text_char(p->text, '}');
	} else {
		put_base_qualifiers(p, &chain);
		put_base(p, base);
		if (is_anonymous(p, base))
			text_string(p->text, btf_vlen(btf_type(p->btf, base)) ? " {...}" : " {}");
	}
	if (put_left(p, &chain, *name) && *name)
		text_char(p->text, ' ');
	text_string(p->text, name);
	put_right(p, &chain, depth);
}

/* What one declaration of several lines or one says. */
struct item {
	u32 id;
	const char *name;
	const char *prefix; /* "typedef ", or "" */
	u32 bits;           /* a bit field's width, or 0 */
	u64 at;             /* its offset from the start of the outermost struct, in bits */
	u32 indent, depth;
};

/* Ends a line that has `len` characters behind `indent` tabs; the caller writes the comment and the newline. */
static void start_comment(struct printer *p, u32 indent, size_t len)
{
	size_t column = indent * 8 + len;

	text_repeat(p->text, ' ', column < COMMENT_AT ? COMMENT_AT - column : 1);
	text_string(p->text, "// ");
}

static void put_item_text(struct printer *p, const struct item *item, bool closing)
{
	if (!closing)
		text_string(p->text, item->prefix);
	put_declaration(p, item->id, item->name, closing, 0);
	if (item->bits)
		text_printf(p->text, " : %u", item->bits);
	text_char(p->text, ';');
}

/* The declaration goes to a buffer first: how long it is decides how far the comment is. Returns its length. */
static size_t put_item_line(struct printer *p, const struct item *item, bool closing)
{
	char buf[400];
	struct text line = text_in(buf, sizeof(buf)), *out = p->text;

	text_repeat(out, '\t', item->indent);
	p->text = &line;
	put_item_text(p, item, closing);
	p->text = out;
	if (line.cut)
		put_item_text(p, item, closing);
	else
		text_bytes(out, line.buf, line.len);
	return line.len;
}

static void put_body(struct printer *p, u32 id, u64 at, u32 indent, u32 depth);

/* Whether the base lies where the name does, not behind a pointer, not as an element. */
static bool is_in_place(const struct printer *p, const struct chain *chain)
{
	for (u32 i = 0; i < chain->count - 1; i++)
		if (!IS(kind_of(p, chain->ids[i]), QUALIFIERS))
			return false;
	return true;
}

/* A declaration, with the members of its base if that is anonymous. Returns the length of its last line. */
static size_t put_item(struct printer *p, const struct item *item)
{
	struct chain chain;
	u32 base;

	if (!chain_collect(p, item->id, &chain) || item->depth >= NESTING)
		return put_item_line(p, item, false);
	base = chain.ids[chain.count - 1];
	if (!is_anonymous(p, base) || !btf_vlen(btf_type(p->btf, base)))
		return put_item_line(p, item, false);
	text_repeat(p->text, '\t', item->indent);
	text_string(p->text, item->prefix);
	put_base_qualifiers(p, &chain);
	put_base(p, base);
	text_string(p->text, " {\n");
	put_body(p, base, is_in_place(p, &chain) ? item->at : 0, item->indent + 1, item->depth + 1);
	return put_item_line(p, item, true);
}

static void put_enumerators(struct printer *p, const struct btf_type *t, u32 indent)
{
	bool is_signed = btf_kflag(t);

	for (u32 i = 0; i < btf_vlen(t) && p->budget; i++) {
		const char *name;
		u64 value = btf_enumerator(p->btf, t, i, &name);

		if (!is_signed && btf_kind(t) == BTF_KIND_ENUM)
			value = (u32)value;
		p->budget--;
		text_repeat(p->text, '\t', indent);
		text_printf(p->text, is_signed ? "%s = %lld,\n" : "%s = %llu,\n", name, value);
	}
}

/* Says that the bytes between two offsets, in bits, belong to no member. */
static void put_padding(struct printer *p, u64 from, u64 to, u64 at, u32 indent)
{
	u64 first = (from + 7) / 8;

	if (to / 8 <= first)
		return;
	text_repeat(p->text, '\t', indent);
	start_comment(p, indent, 0);
	text_printf(p->text, "%llu: %llu bytes of padding\n", at / 8 + first, to / 8 - first);
}

/* Where a member ends, in bits from the start of its struct; `start` again if it has no size. */
static u64 member_end(const struct printer *p, const struct btf_member *member, u64 start, u32 bits)
{
	u64 size;

	if (bits)
		return start + bits;
	return btf_size_of(p->btf, member->type, &size) && size < 1ULL << 60 ? start + size * 8 : start;
}

static void put_members(struct printer *p, const struct btf_type *t, u64 at, u32 indent, u32 depth)
{
	bool is_struct = btf_kind(t) == BTF_KIND_STRUCT;
	u64 end = 0;

	for (u32 i = 0; i < btf_vlen(t) && p->budget; i++) {
		const struct btf_member *member = &btf_members(t)[i];
		u64 start = btf_member_bit_offset(t, member);
		struct item item = {.id = member->type,
			.name = btf_string(p->btf, member->name_off),
			.prefix = "",
			.bits = btf_member_bit_width(t, member),
			.at = at + start,
			.indent = indent,
			.depth = depth};

		p->budget--;
		if (is_struct)
			put_padding(p, end, start, at, indent);
		start_comment(p, indent, put_item(p, &item));
		text_printf(p->text, item.bits ? "%llu:%u\n" : "%llu\n", item.at / 8, (u32)(item.at % 8));
		end = member_end(p, member, start, item.bits);
	}
	if (is_struct && p->budget)
		put_padding(p, end, t->size * 8ULL, at, indent);
}

static void put_body(struct printer *p, u32 id, u64 at, u32 indent, u32 depth)
{
	const struct btf_type *t = btf_type(p->btf, id);

	if (IS(btf_kind(t), ENUMS))
		put_enumerators(p, t, indent);
	else
		put_members(p, t, at, indent, depth);
	if (!p->budget) {
		text_repeat(p->text, '\t', indent);
		text_string(p->text, "...\n");
	}
}

void btf_print_declaration(struct text *t, const struct btf *btf, u32 id, const char *name)
{
	struct printer p = {.text = t, .btf = btf, .budget = BUDGET};

	put_declaration(&p, id, name, false, 0);
}

/* A struct, union or enum: "struct event {", members, "};" and its size. */
static void put_composite(struct printer *p, u32 id, u32 indent)
{
	text_repeat(p->text, '\t', indent);
	put_base(p, id);
	text_string(p->text, " {\n");
	put_body(p, id, 0, indent + 1, 0);
	text_repeat(p->text, '\t', indent);
	text_string(p->text, "};");
	start_comment(p, indent, 2);
	text_printf(p->text, "%u bytes\n", btf_type(p->btf, id)->size);
}

/* BTF's linkages, of variables and functions alike (include/uapi/linux/btf.h: BTF_VAR_STATIC, BTF_FUNC_STATIC …). */
static const char *linkage(u32 value)
{
	return value == 0 ? "static " : value == 2 ? "extern " : "";
}

void btf_print_definition(struct text *t, const struct btf *btf, u32 id, u32 indent)
{
	struct printer p = {.text = t, .btf = btf, .budget = BUDGET};
	const struct btf_type *type = btf_type(btf, id);
	struct item item = {.id = type->type, .name = btf_name(btf, id), .prefix = "", .indent = indent};
	u32 kind = btf_kind(type);

	if (IS(kind, WITH_BODY)) {
		put_composite(&p, id, indent);
		return;
	}
	if (kind == BTF_KIND_TYPEDEF)
		item.prefix = "typedef ";
	else if (kind == BTF_KIND_VAR)
		item.prefix = linkage(btf_var(type)->linkage);
	else if (kind == BTF_KIND_FUNC)
		item.prefix = linkage(btf_vlen(type));
	else
		item = (struct item){.id = id, .name = "", .prefix = "", .indent = indent};
	put_item(&p, &item);
	text_char(t, '\n');
}
