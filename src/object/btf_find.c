/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_find.c: the pass over a kernel's types, from names to type ids. See btf_view.h.
 *
 * It asks the same of each type: is this one of the few wanted? The key is four bytes of its name or, if the strings
 * had to be searched before (btf_names.h), the name's offset.
 *
 * Where a type begins is known only once the length of the one before has been read, and that wait, not the work, is
 * the time of a pass. So BTF in memory is passed over in LANES places at a time:
 *
 *	lane 0 ------->|lane 1 ------->|lane 2 ------->|lane 3 ------->|
 *
 * The first type of a lane is guessed: from somewhere on, what stands there reads like a row of types. The lane before
 * tells whether it is one: it must end there exactly. If it does not, the guessed lane is dropped, and the one before
 * goes on.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/sort.h"
#include "base/string.h"
#include "object/btf_names.h"
#include "object/check.h"

#define LANE_LEAST 512 /* bytes of types: fewer are not worth it */
#define LANE_PROOF 16  /* so many things in a row that look like types are taken for some */
#define LANE_SHIFT 29  /* there are fewer types: each has 12 bytes at least, and all have less than 2^32 */

/* The strings of a view that is all in memory. */
struct strings {
	const u8 *strings;
	u32 len;
};

/* Types that are passed over in step, as many of each lane: where the first of each begins, its lane's i-th. */
struct batch {
	u32 i, count;
	struct lane *lanes[LANES];
	const u8 *first[LANES];
};

struct type_search {
	struct btf_query *queries;
	u32 kinds;        /* that any query asks for, as a bit mask */
	struct keys keys; /* from a name's prefix, or else from its offset, to the index of a query */
	bool by_prefix;
	struct strings own, base;
	u32 budget;
	struct batch batch;
};

/* The name at `offset`, of which at least *left bytes are there; NULL if it lies outside. */
static IN_LINE const u8 *name_at(const struct type_search *search, u32 offset, u32 *left)
{
	const struct strings *names = &search->base;

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

/* What a type of this batch goes by until ids are known: its lane, and which of its types it is. In the ids' order. */
static u32 number_of(const struct btf_view *view, const struct batch *batch, const struct btf_type *t)
{
	const u8 *const *first = batch->first, *at;
	u32 nearest = 0, number;

	/* Lanes that begin behind it seem very far before it. */
	for (u32 l = 1; l < batch->count; l++)
		if ((size_t)((const u8 *)t - first[l]) < (size_t)((const u8 *)t - first[nearest]))
			nearest = l;
	at = first[nearest];
	number = batch->lanes[nearest]->number | batch->i;
	for (; at < (const u8 *)t; number++)
		at += type_length(&view->cache->lengths, (const struct btf_type *)at);
	return number;
}

/* A type whose key is some query's. */
static OUT_OF_LINE int check_type(struct btf_view *view, struct type_search *search, const struct btf_type *t, u32 key)
{
	u32 left;
	int err = 0;

	for (const struct key *k = search->keys.heads[key_hash(key)]; k && !err; k = k->next) {
		struct btf_query *query = &search->queries[k->value];

		err = btf_spend(view->error, &search->budget);
		/* A key comes from a name that is not empty: it is there. */
		if (!err && k->key == key && is_kind(query_kinds(query), btf_kind(t)) &&
			(!search->by_prefix || names_match(query, name_at(search, t->name_off, &left))))
			err = add_id(view, query, number_of(view, &search->batch, t));
	}
	return err;
}

static IN_LINE int look_at(struct btf_view *view, struct type_search *search, const struct btf_type *t)
{
	u32 key = type_key(search, t);

	return search->keys.heads[key_hash(key)] ? check_type(view, search, t, key) : 0;
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
 * Passes over the types of lanes, all at the same `i`, in step, until each has come to one that asks for care: its
 * last, one that is not there whole with the head of the next, or a broken one. The innermost loop is what a search
 * costs: it touches as little as can be, and branches only where the CPU can foresee it, as it cannot whether a type
 * is wanted.
 */
static int pass_in_step(struct btf_view *view, struct type_search *search, struct lane *lanes, u32 count)
{
	const struct kind_lengths *lengths = &view->cache->lengths;
	const struct btf_type *candidates[LANES * VIEW_STRIDE];
	struct batch *batch = &search->batch;
	struct lane *going[LANES];
	const u8 *at[LANES], *limit[LANES];
	u32 i = lanes->i;
	int err = 0;

	for (u32 l = 0; l < count; l++) {
		going[l] = &lanes[l];
		at[l] = lanes[l].bytes;
		limit[l] = at[l] + lanes[l].room;
	}
	while (count && !err) {
		size_t found = 0;

		batch->i = i;
		batch->count = count;
		for (u32 l = 0; l < count; l++) {
			batch->lanes[l] = going[l];
			batch->first[l] = at[l];
			if (i % VIEW_STRIDE == 0)
				going[l]->places[i / VIEW_STRIDE] = going[l]->limit - (u32)(limit[l] - at[l]);
		}
		do {
			for (size_t l = 0; l < count;) {
				const struct btf_type *t = (const struct btf_type *)at[l];
				u32 length = type_length(lengths, t);

				if (length > (size_t)(limit[l] - at[l])) {
					going[l]->i = i;
					going[l]->bytes = at[l];
					going[l]->room = (u32)(limit[l] - at[l]);
					count--;
					going[l] = going[count];
					at[l] = at[count];
					limit[l] = limit[count];
					continue;
				}
				candidates[found] = t;
				found += lengths->is_wanted[t->info >> 24];
				at[l] += length;
				l++;
			}
		} while (++i % VIEW_STRIDE && count);
		for (size_t n = 0; n < found && !err; n++)
			err = look_at(view, search, candidates[n]); /* NOLINT: the analyzer loses sight of them */
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
		const struct btf_type *t = bytes ? type_at(view, bytes, id, offset, &length) : NULL;

		if (!t) {
			view->cache->broken = true;
			return -view->error->errnum;
		}
		if (lane->i % VIEW_STRIDE == 0)
			lane->places[lane->i / VIEW_STRIDE] = offset;
		search->batch = (struct batch){lane->i, 1, {lane}, {bytes}};
		if (view->cache->lengths.is_wanted[t->info >> 24])
			err = look_at(view, search, t);
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
			length = type_length(&view->cache->lengths, t);
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
			/* A type has 12 bytes at least, so the lanes before it note no more places than that, but for
			 * one more each, at its end. */
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
		cache->lengths.is_wanted[i] = is_kind(search->kinds, i % KIND_COUNT);
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

static bool names_of(const struct btf_view *view, struct strings *names)
{
	if (view->cache->window)
		return false;
	*names = (struct strings){view->source.data + view->strings_offset, view->strings_len};
	return true;
}

/* Both passes. */
static int find(struct btf_view *view, struct btf_query *queries, u32 count)
{
	struct type_search search = {.queries = queries, .budget = SEARCH_BUDGET};
	int err;

	for (u32 i = 0; i < count; i++) {
		queries[i].count = 0;
		search.kinds |= query_kinds(&queries[i]);
	}
	search.by_prefix = names_of(view, &search.own) &&
			   (!view->base || (!view->base->base && names_of(view->base, &search.base)));
	err = search.by_prefix ? names_prefixes(view, &search.keys, queries, count)
			       : names_offsets(view, queries, count, &search.keys);
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
