/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_names.c: the names in a kernel's BTF that answer a query. See btf_names.h.
 *
 * The pass over the strings goes a word at a time, for the NULs; four bytes of what begins behind each are the key.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/btf_names.h"

static int keys_add(struct btf_view *view, struct keys *keys, u32 key, u32 value)
{
	struct key **head = &keys->heads[key_hash(key)], *added = arena_alloc(view->arena, sizeof(*added));

	if (!added)
		return error_no_memory(view->error);
	*added = (struct key){*head, key, value};
	*head = added;
	keys->count++;
	return 0;
}

int btf_spend(struct error *error, u32 *budget)
{
	if (!*budget)
		return error_set(error, E2BIG, "the search for it comes to no end");
	--*budget;
	return 0;
}

u32 btf_essential_len(const char *name)
{
	const char *end = byte_find(name, BTF_NAME_MAX, '\0');
	u32 len = end ? (u32)(end - name) : BTF_NAME_MAX;

	for (u32 i = len; i-- > 1;)
		if (i + 3 < len && name[i - 1] != '_' && !memcmp(name + i, "___", 3) && name[i + 3] != '_')
			return i;
	return len;
}

u32 prefix_within(const u8 *s, u32 len)
{
	u8 four[sizeof(u32)] = {0};

	memcpy(four, s, MIN(len, sizeof(four)));
	return prefix_of(four);
}

/* A flavor shows in the prefix if the name is shorter: "fd" and "fd__". */
int names_prefixes(struct btf_view *view, struct keys *prefixes, const struct btf_query *queries, u32 count)
{
	int err = 0;

	for (u32 i = 0; i < count && !err; i++) {
		const struct btf_query *query = &queries[i];
		u8 name[sizeof(u32) + 2] = {0};
		u32 len = MIN(query->len, (u32)sizeof(u32));

		if (!len)
			continue;
		memcpy(name, query->name, len);
		err = keys_add(view, prefixes, prefix_of(name), i);
		if (err || !query->flavors || len == sizeof(u32))
			continue;
		memset(name + len, '_', 3);
		err = keys_add(view, prefixes, prefix_of(name), i);
	}
	return err;
}

bool names_match(const struct btf_query *query, const u8 *s)
{
	u32 i = 0;

	while (i < query->len && i < BTF_NAME_MAX && s[i] == (u8)query->name[i])
		i++;
	if (i < query->len || (s[i] && (s[i] != '_' || !query->flavors)))
		return false;
	return !query->flavors || btf_essential_len((const char *)s) == query->len;
}

struct string_search {
	struct btf_view *view;
	const struct btf_query *queries;
	struct keys prefixes;
	struct keys *matches;
	u32 budget;
	int err;
};

static OUT_OF_LINE void check_string(struct string_search *search, const u8 *s, u32 prefix, u32 offset)
{
	for (const struct key *k = search->prefixes.heads[key_hash(prefix)]; k && !search->err; k = k->next) {
		search->err = btf_spend(search->view->error, &search->budget);
		if (!search->err && k->key == prefix && names_match(&search->queries[k->value], s))
			search->err = keys_add(search->view, search->matches, offset, k->value);
	}
}

/* The strings that begin and end within `len` bytes, the first of which begins one: how many bytes they take. */
static u32 search_piece(struct string_search *search, const u8 *bytes, u32 len, u32 offset)
{
	const unsigned long ones = ~0UL / 255;
	u32 i = 0;

	while (len && bytes[len - 1])
		len--;
	if (len)
		check_string(search, bytes, prefix_within(bytes, len), offset);
	for (; len - i >= sizeof(ones) + sizeof(u32); i += sizeof(ones)) {
		unsigned long word, zeros;

		__builtin_memcpy(&word, bytes + i, sizeof(word));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
		word = __builtin_bswap64(word);
#endif
		/* A zero byte gets its top bit set. So may a one above it, which costs no more than a look. */
		for (zeros = (word - ones) & ~word & ones << 7; zeros; zeros &= zeros - 1) {
			u32 next = i + (u32)__builtin_ctzl(zeros) / 8 + 1, prefix = prefix_of(bytes + next);

			if (search->prefixes.heads[key_hash(prefix)])
				check_string(search, bytes + next, prefix, offset + next);
		}
	}
	while (++i < len)
		if (!bytes[i - 1])
			check_string(search, bytes + i, prefix_within(bytes + i, len - i), offset + i);
	return len;
}

/* The pass over the strings: adds to `matches` where each name stands. */
static int search_strings(struct btf_view *view, const struct btf_query *queries, u32 count, struct keys *matches)
{
	struct string_search search = {.view = view, .queries = queries, .matches = matches, .budget = SEARCH_BUDGET};
	u32 offset = 0, have;

	search.err = names_prefixes(view, &search.prefixes, queries, count);
	while (count && offset < view->strings_len && !search.err) {
		u32 left = view->strings_len - offset, used;
		const u8 *bytes =
			view_bytes(view, view->strings_offset + offset, MIN(left, VIEW_WINDOW), VIEW_WINDOW, &have);

		if (!bytes)
			return -view->error->errnum;
		used = search_piece(&search, bytes, MIN(left, have), view->first_string + offset);
		if (!used)
			return error_invalid(
				view->error, "BTF: string at offset %u is longer than %u bytes", offset, VIEW_WINDOW);
		offset += used;
	}
	return search.err;
}

static bool same_names(const struct btf_query *a, const struct btf_query *b, u32 count)
{
	for (u32 i = 0; i < count; i++)
		if (a[i].len != b[i].len || a[i].flavors != b[i].flavors || memcmp(a[i].name, b[i].name, a[i].len) != 0)
			return false;
	return true;
}

/* Where a base has the names; kept until other names are asked for. NULL with a message. */
static const struct keys *base_matches(struct btf_view *base, const struct btf_query *queries, u32 count)
{
	struct btf_view_cache *cache = base->cache;
	struct btf_query *names;

	if (cache->matches && cache->name_count == count && same_names(cache->names, queries, count))
		return cache->matches;
	names = arena_alloc_array(base->arena, count, sizeof(*names));
	cache->matches = arena_alloc(base->arena, sizeof(*cache->matches));
	cache->names = names;
	cache->name_count = cache->matches ? count : 0;
	for (u32 i = 0; names && i < count; i++) {
		names[i] = queries[i];
		names[i].name = arena_string(base->arena, queries[i].name, queries[i].len);
		names = names[i].name ? names : NULL;
	}
	if (!names || !cache->matches)
		error_no_memory(base->error);
	else if (!search_strings(base, queries, count, cache->matches))
		return cache->matches;
	cache->matches = NULL;
	return NULL;
}

int names_offsets(struct btf_view *view, const struct btf_query *queries, u32 count, struct keys *matches)
{
	const struct keys *base = view->base ? base_matches(view->base, queries, count) : NULL;
	int err = 0;

	if (view->base && !base)
		return -view->base->error->errnum;
	for (u32 i = 0; base && i < KEY_BUCKETS; i++)
		for (const struct key *k = base->heads[i]; k && !err; k = k->next)
			err = keys_add(view, matches, k->key, k->value);
	return err ? err : search_strings(view, queries, count, matches);
}
