/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_find.c: the passes over a kernel's BTF, from names to type ids. See btf_view.h.
 *
 * Each pass asks the same of a great many items: is this one of the few wanted? It asks that of a hash table small
 * enough for the first-level cache, and looks closer only at what it lets through:
 *
 *	strings		a word at a time, for the NULs; behind each, four bytes of the next string are the key
 *	types		the first four bytes of the name are the key, or, if strings were searched, the name's offset
 *
 *	key -> heads[hash] -> nodes[i]: key, value -> nodes[i].next -> …
 *
 * Where a type begins is known only once the length of the one before has been read, and that wait, not the work, is
 * the time of a pass. So BTF in memory is passed over in LANES places at a time:
 *
 *	lane 0 ------->|lane 1 ------->|lane 2 ------->|lane 3 ------->|
 *
 * The first type of a lane is guessed: from somewhere on, what stands there reads like a row of types. The lane before
 * tells whether it is one: it must end there exactly. If it does not, the guessed lane is dropped, and the one before goes on.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "object/btf_view_parts.h"
#include "object/check.h"

#define KEY_BUCKETS 2048
#define LANE_LEAST  512 /* bytes of types: fewer are not worth it */
#define LANE_PROOF  16  /* so many things in a row that look like types are taken for some */
#define LANE_SHIFT  29  /* there are fewer types: each has 12 bytes at least, and all have less than 2^32 */

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

u32 btf_essential_len(const char *name, u32 len)
{
	for (u32 i = len; i-- > 1;)
		if (i + 3 < len && name[i - 1] != '_' && !memcmp(name + i, "___", 3) && name[i + 3] != '_')
			return i;
	return len;
}

/* The first four bytes of a string; what stands behind a NUL counts as NUL, too. */
static IN_LINE u32 prefix_of(const u8 *s)
{
	u32 word = s[0] | (u32)s[1] << 8 | (u32)s[2] << 16 | (u32)s[3] << 24;
	u32 zeros = (word - 0x01010101) & ~word & 0x80808080;

	return word & (zeros ^ (zeros - 1));
}

/* The same of a string that may end before four bytes do. */
static u32 prefix_within(const u8 *s, u32 len)
{
	u8 four[sizeof(u32)] = {0};

	memcpy(four, s, MIN(len, sizeof(four)));
	return prefix_of(four);
}

/* From the prefixes of names to the index of a query. A flavor shows in it if the name is shorter: "fd" and "fd__". */
static int add_prefixes(struct btf_view *view, struct keys *prefixes, const struct btf_query *queries, u32 count)
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

static bool name_matches(const struct btf_query *query, const u8 *s)
{
	u32 i = 0;

	while (i < query->len && s[i] == (u8)query->name[i])
		i++;
	if (i < query->len || (s[i] && (s[i] != '_' || !query->flavors)))
		return false;
	return !query->flavors || btf_essential_len((const char *)s, (u32)str_len((const char *)s)) == query->len;
}

struct string_search {
	struct btf_view *view;
	const struct btf_query *queries;
	struct keys prefixes;
	struct keys *matches;
	int err;
};

static OUT_OF_LINE void check_string(struct string_search *search, const u8 *s, u32 prefix, u32 offset)
{
	for (const struct key *k = search->prefixes.heads[key_hash(prefix)]; k && !search->err; k = k->next)
		if (k->key == prefix && name_matches(&search->queries[k->value], s))
			search->err = keys_add(search->view, search->matches, offset, k->value);
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
	struct string_search search = {.view = view, .queries = queries, .matches = matches};
	u32 offset = 0, have;
	int err = add_prefixes(view, &search.prefixes, queries, count);

	while (count && offset < view->strings_len && !search.err && !err) {
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
	return err ? err : search.err;
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

static int find_names(struct btf_view *view, struct btf_query *queries, u32 count, struct keys *matches)
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

/* The strings of a view that is all in memory. */
struct names {
	const u8 *strings;
	u32 len;
};

struct type_search {
	struct btf_query *queries;
	u32 kinds;        /* that any query asks for, as a bit mask */
	struct keys keys; /* from a name's prefix, or else from its offset, to the index of a query */
	bool by_prefix;
	struct names own, base;
};

/* The name at `offset`, of which at least *left bytes are there; NULL if it lies outside. */
static IN_LINE const u8 *name_at(const struct type_search *search, u32 offset, u32 *left)
{
	const struct names *names = &search->base;

	if (offset >= search->base.len) {
		offset -= search->base.len;
		names = &search->own;
	}
	*left = names->len - offset;
	return offset < names->len ? names->strings + offset : NULL;
}

static IN_LINE u32 type_key(const struct type_search *search, const struct btf_type *t)
{
	const u8 *name;
	u32 left;

	if (!search->by_prefix)
		return t->name_off;
	name = name_at(search, t->name_off, &left);
	if (!name)
		return 0;
	return left >= sizeof(u32) ? prefix_of(name) : prefix_within(name, left);
}

/* Kinds from 32 on are nobody's yet. */
static inline bool is_kind(u32 kinds, u32 kind)
{
	return kind < 32 && kinds >> kind & 1;
}

static inline u32 query_kinds(const struct btf_query *query)
{
	return query->kinds ? query->kinds : ~0u;
}

/* One more id; there is room for as many as the next power of two. */
static int add_id(struct btf_view *view, struct btf_query *query, u32 id)
{
	u32 count = query->count;

	if (!(count & (count - 1))) {
		u32 *more = arena_alloc_array(view->arena, MAX(2 * count, 1), sizeof(*more));

		if (!more)
			return error_no_memory(view->error);
		if (count)
			memcpy(more, query->ids, count * sizeof(*more));
		query->ids = more;
	}
	query->ids[query->count++] = id;
	return 0;
}

/* A type that may be wanted, and as what it is found: the i-th of a lane. The order of these numbers is that of the ids. */
struct candidate {
	const struct btf_type *type;
	u32 number;
};

static OUT_OF_LINE int check_type(
	struct btf_view *view, struct type_search *search, const struct candidate *candidate, u32 key)
{
	const struct btf_type *t = candidate->type;
	u32 left;
	int err = 0;

	for (const struct key *k = search->keys.heads[key_hash(key)]; k && !err; k = k->next) {
		struct btf_query *query = &search->queries[k->value];

		/* A key comes from a name that is not empty: it is there. */
		if (k->key == key && is_kind(query_kinds(query), btf_kind(t)) &&
			(!search->by_prefix || name_matches(query, name_at(search, t->name_off, &left))))
			err = add_id(view, query, candidate->number);
	}
	return err;
}

static int look_at(struct btf_view *view, struct type_search *search, const struct candidate *candidate)
{
	u32 key = type_key(search, candidate->type);

	return search->keys.heads[key_hash(key)] ? check_type(view, search, candidate, key) : 0;
}

static IN_LINE u32 lane_offset(const struct lane *lane)
{
	return lane->limit - lane->room;
}

/* The lane goes on at `offset`, before its end, where `bytes` stand, `have` of them and the head of a type at least. */
static void set_lane(struct lane *lane, u32 offset, const u8 *bytes, u32 have)
{
	lane->bytes = bytes;
	lane->room = MIN(have - (u32)sizeof(struct btf_type), lane->end - offset - 1);
	lane->limit = offset + lane->room;
}

/*
 * Passes over the types of lanes, all at the same `i`, in step, until each has come to one that asks for care: its last, one
 * that is not there whole with the head of the next, or a broken one. This loop is what a search costs; it branches only
 * where that can be foreseen, which cannot be said of whether a type is wanted.
 */
static int pass_in_step(struct btf_view *view, struct type_search *search, struct lane *lanes, u32 count)
{
	const struct kind_length *lengths = view->cache->lengths;
	struct candidate candidates[LANES * VIEW_STRIDE];
	struct lane *going[LANES];
	u32 i = lanes->i;
	int err = 0;

	for (u32 l = 0; l < count; l++)
		going[l] = &lanes[l];
	while (count && !err) {
		u32 found = 0;

		for (u32 l = 0; l < count && i % VIEW_STRIDE == 0; l++)
			going[l]->places[i / VIEW_STRIDE] = lane_offset(going[l]);
		do {
			for (u32 l = 0; l < count;) {
				struct lane *lane = going[l];
				const struct btf_type *t = (const struct btf_type *)lane->bytes;
				u32 length = type_length(lengths, t);

				if (length > lane->room) {
					lane->i = i;
					going[l] = going[--count];
					continue;
				}
				candidates[found] = (struct candidate){t, lane->number | i};
				found += lengths[t->info >> 24].is_wanted;
				lane->bytes += length;
				lane->room -= length;
				l++;
			}
		} while (++i % VIEW_STRIDE && count);
		for (u32 n = 0; n < found && !err; n++)
			err = look_at(view, search, &candidates[n]);
	}
	return err;
}

/* All that is left of a lane. */
static int pass_lane(struct btf_view *view, struct type_search *search, struct lane *lane)
{
	u32 offset = lane_offset(lane), have, length;
	int err = 0;

	while (offset < lane->end && !err) {
		u32 id = lane->first_id + lane->i;
		const u8 *bytes = type_bytes(view, id, offset, VIEW_WINDOW, &have);
		struct candidate candidate = {NULL, lane->number | lane->i};

		candidate.type = bytes ? type_at(view, bytes, id, offset, &length) : NULL;
		if (!candidate.type) {
			view->cache->broken = true;
			return -view->error->errnum;
		}
		if (lane->i % VIEW_STRIDE == 0)
			lane->places[lane->i / VIEW_STRIDE] = offset;
		if (view->cache->lengths[candidate.type->info >> 24].is_wanted)
			err = look_at(view, search, &candidate);
		lane->i++;
		offset += length;
		if (offset < lane->end && length + sizeof(struct btf_type) <= have && !err) {
			set_lane(lane, offset, bytes + length, have - length);
			err = pass_in_step(view, search, lane, 1);
			offset = lane_offset(lane);
		}
	}
	lane->limit = offset;
	lane->room = 0;
	return err;
}

/* Where types seem to begin, somewhere behind `offset`; or 0. */
static u32 guess_type(const struct btf_view *view, u32 offset)
{
	const u8 *types = view->source.data + view->types_offset;

	for (u32 end = offset + LANE_LEAST; offset < end; offset += sizeof(u32)) {
		u32 at = offset, length = 0;

		for (u32 n = 0; view->types_len - at >= sizeof(struct btf_type); n++, at += length) {
			const struct btf_type *t = (const struct btf_type *)(types + at);

			if (n == LANE_PROOF)
				return at;
			length = type_length(view->cache->lengths, t);
			if (length == LENGTH_NONE || length > view->types_len - at ||
				t->name_off >= view->first_string + view->strings_len)
				break;
		}
	}
	return 0;
}

static void start_lanes(struct btf_view *view)
{
	struct btf_view_cache *cache = view->cache;
	u32 wanted = cache->window || view->types_len < LANES * LANE_LEAST ? 1 : LANES, count = 0;

	for (u32 l = 0; l < wanted; l++) {
		u32 start = l ? guess_type(view, view->types_len / LANES * l & ~3u) : 0;

		if (l && start <= cache->lanes[count - 1].start)
			continue;
		if (count)
			cache->lanes[count - 1].end = start;
		cache->lanes[count] = (struct lane){
			.start = start,
			.number = count << LANE_SHIFT,
			.end = view->types_len,
			.limit = start,
			/* A type has 12 bytes at least, so lanes before it note fewer places, but for one each at their end. */
			.places = cache->places + start / sizeof(struct btf_type) / VIEW_STRIDE + count,
		};
		count++;
	}
	cache->lane_count = count;
}

/* The pass over the types. */
static int search_types(struct btf_view *view, struct type_search *search)
{
	struct btf_view_cache *cache = view->cache;
	struct lane *lane = cache->lanes;
	int err = 0;

	for (u32 i = 0; i < 2 * KIND_COUNT; i++)
		cache->lengths[i].is_wanted = is_kind(search->kinds, i % KIND_COUNT);
	start_lanes(view);
	if (cache->lane_count > 1) {
		for (u32 l = 0; l < cache->lane_count; l++)
			set_lane(&lane[l], lane[l].start, view->source.data + view->types_offset + lane[l].start,
				view->types_len - lane[l].start);
		err = pass_in_step(view, search, lane, cache->lane_count);
	}
	lane->first_id = view->first_id;
	for (struct lane *next = lane + 1; !err; next++) {
		err = pass_lane(view, search, lane);
		if (next == cache->lanes + cache->lane_count || err)
			break;
		if (lane_offset(lane) == next->start) {
			next->first_id = lane->first_id + lane->i;
			lane = next;
		} else {
			next->first_id = NO_LANE;
			lane->end = next->end;
		}
	}
	view->type_count = err ? 0 : lane->first_id + lane->i;
	return err;
}

static int compare_ids(const void *a, const void *b)
{
	return compare_u64(*(const u32 *)a, *(const u32 *)b);
}

/* What a type was in its lane becomes its id. */
static void number_ids(const struct lane *lanes, struct btf_query *query)
{
	u32 found = query->count;

	query->count = 0;
	for (u32 i = 0; i < found; i++) {
		const struct lane *lane = &lanes[query->ids[i] >> LANE_SHIFT];

		if (lane->first_id != NO_LANE)
			query->ids[query->count++] = lane->first_id + query->ids[i] % (1u << LANE_SHIFT);
	}
	sort(query->ids, query->count, sizeof(*query->ids), compare_ids);
}

static bool names_of(const struct btf_view *view, struct names *names)
{
	if (view->cache->window)
		return false;
	*names = (struct names){view->source.data + view->strings_offset, view->strings_len};
	return true;
}

/* Both passes. */
static int find(struct btf_view *view, struct btf_query *queries, u32 count)
{
	struct type_search search = {.queries = queries};
	int err;

	for (u32 i = 0; i < count; i++) {
		queries[i].count = 0;
		search.kinds |= query_kinds(&queries[i]);
	}
	search.by_prefix = names_of(view, &search.own) &&
			   (!view->base || (!view->base->base && names_of(view->base, &search.base)));
	err = search.by_prefix ? add_prefixes(view, &search.keys, queries, count)
			       : find_names(view, queries, count, &search.keys);
	if (err || (!search.keys.count && view->type_count))
		return err;
	err = search_types(view, &search);
	for (u32 i = 0; i < count; i++)
		number_ids(view->cache->lanes, &queries[i]);
	return err;
}

/* gcc writes "long int" and "long unsigned int", clang "long" and "unsigned long". */
static const char longs[] = "long int\0long unsigned int\0long\0unsigned long";

#define LONGS 4

/* The first passes look for `long`, too, so that no other need be made for the size of pointers. */
int btf_view_find(struct btf_view *view, struct btf_query *queries, u32 count)
{
	struct btf_view_cache *cache = view->cache;
	struct btf_query *all;
	int err;

	if (view->base || cache->pointer_size)
		return find(view, queries, count);
	all = arena_alloc_array(view->arena, (size_t)count + LONGS, sizeof(*all));
	if (!all)
		return error_no_memory(view->error);
	if (count)
		memcpy(all + LONGS, queries, count * sizeof(*all));
	for (u32 i = 0; i < LONGS; i++) {
		all[i].name = list_entry(longs, sizeof(longs), i);
		all[i].len = (u32)str_len(all[i].name);
		all[i].kinds = 1u << BTF_KIND_INT;
	}
	err = find(view, all, count + LONGS);
	cache->pointer_size = err ? 0 : 8;
	for (u32 i = 0; i < LONGS && !err; i++)
		if (all[i].count && btf_view_type(view, all[i].ids[0])->size == 4)
			cache->pointer_size = 4;
	if (count)
		memcpy(queries, all + LONGS, count * sizeof(*all));
	return err;
}

u32 btf_view_find_one(struct btf_view *view, u32 kind, const char *name)
{
	struct btf_query query = {.name = name, .len = (u32)str_len(name), .kinds = 1u << kind};
	u32 id = view->base ? btf_view_find_one(view->base, kind, name) : 0;

	return id || btf_view_find(view, &query, 1) || !query.count ? id : query.ids[0];
}
