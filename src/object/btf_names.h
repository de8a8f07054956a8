/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_names.h: the names in a kernel's BTF that answer a query; for btf_find.c.
 *
 * A search asks the same of a great many items: is this one of the few wanted? It asks that of a hash table small
 * enough for the first-level cache, and looks closer only at what it lets through:
 *
 *	key -> heads[hash] -> key, value -> next: key, value -> …
 *
 * In memory the key is the first four bytes of a type's name. Through a window names are out of reach, and the strings
 * are searched first, each of which stands there once: then the key is the name's offset.
 */
#ifndef OBJECT_BTF_NAMES_H
#define OBJECT_BTF_NAMES_H

#include "object/btf_view_parts.h"

#define KEY_BUCKETS 2048

/* From a key to values. All zeros is empty. */
struct keys {
	struct key {
		struct key *next;
		u32 key, value;
	} * heads[KEY_BUCKETS];
	u32 count;
};

static IN_LINE u32 key_hash(u32 key)
{
	return key * 0x9e3779b1 / (U32_MAX / KEY_BUCKETS + 1);
}

/* The first four bytes of a string; what stands behind a NUL counts as NUL, too. */
static IN_LINE u32 prefix_of(const u8 *s)
{
	u32 word = s[0] | (u32)s[1] << 8 | (u32)s[2] << 16 | (u32)s[3] << 24;
	u32 zeros = (word - 0x01010101) & ~word & 0x80808080;

	return word & (zeros ^ (zeros - 1));
}

/* The same of a string that may end before four bytes do. */
u32 prefix_within(const u8 *s, u32 len);

/*
 * What one search may cost: steps from key to key. One for a thousand types takes some hundred thousand; but names that
 * were made to be alike, in an object and in the types it is given, would take the product of their numbers.
 */
#define SEARCH_BUDGET (1u << 24)

/* Adds the prefixes of the names that are asked for, with the index of the query. -ENOMEM with a message. */
int names_prefixes(struct btf_view *view, struct keys *prefixes, const struct btf_query *queries, u32 count);

/* Whether a string, up to its NUL, is what a query asks for. */
bool names_match(const struct btf_query *query, const u8 *s);

/* The pass over the strings, a base's too: adds each name's offset, with the query's index. -errno with a message. */
int names_offsets(struct btf_view *view, const struct btf_query *queries, u32 count, struct keys *matches);

#endif
