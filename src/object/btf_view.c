/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_view.c: a kernel's BTF, looked at without holding it. See btf_view.h.
 *
 * Each pass asks the same of a great many items: is this one of the few wanted? It asks that of a hash table small
 * enough for the first-level cache, and looks closer only at what it lets through:
 *
 *	strings		a word at a time, for the NULs; behind each, four bytes of the next string are the key
 *	types		the first four bytes of the name are the key, or, if strings were searched, the name's offset
 *
 *	key -> heads[hash] -> nodes[i]: key, value -> nodes[i].next -> …
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/btf_view.h"
#include "object/check.h"

#define VIEW_STRIDE  32    /* types from one whose place is noted to the next */
#define VIEW_WINDOW  16384 /* bytes read at a time in a pass; sysfs gives 4096 a call, whatever one asks for … */
#define VIEW_GLANCE  4096  /* … and for a look at one type or string */
#define VIEW_BUCKETS 128
#define KIND_COUNT   128 /* btf_kind() has seven bits */
#define LENGTH_NONE  1   /* of a kind nobody knows: all others are multiples of 4 */
#define KEY_BUCKETS  2048

/* Part of a loop that every type passes through, also where small code counts more than speed. */
#define IN_LINE inline __attribute__((always_inline))

/* How many bytes a type takes: in any case, and for each of vlen items. */
struct kind_length {
	u8 once, each;
};

/* What was fetched: a type under its id, a string under its offset. */
struct kept {
	struct kept *next;
	u32 key;
	const void *what;
};

/* From a key to values. All zeros is empty. */
struct keys {
	struct key {
		struct key *next;
		u32 key, value;
	} * heads[KEY_BUCKETS];
	u32 count;
};

struct btf_view_cache {
	struct kind_length lengths[2 * KIND_COUNT]; /* [info >> 24]: the kind, and above it kflag */
	u32 *places; /* [(id - first_id) / VIEW_STRIDE]: where that type begins in the types */
	struct kept *types[VIEW_BUCKETS], *strings[VIEW_BUCKETS];
	u32 pointer_size;
	bool broken; /* a pass has failed: there are no types */
	/* Where a base has the names that were last looked for: each module is asked for the same. */
	const struct btf_query *names;
	u32 name_count;
	struct keys *matches;
	/* What was read of the source; NULL if all of it is in memory, and aligned. */
	u8 *window;
	u64 window_offset;
	u32 window_len;
};

/* struct btf_header and struct btf_layout since Linux 7.1 (include/uapi/linux/btf.h). */
struct long_header {
	struct btf_header header;
	u32 layout_off, layout_len;
};

struct kind_layout {
	u8 info_sz, elem_sz;
	u16 flags;
};

static const struct btf_type void_type;

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

static void *cannot_read(struct btf_view *view, int err, u64 offset)
{
	error_set(view->error, -err, "BTF: cannot be read at offset %llu", offset);
	return NULL;
}

/* At least `need` bytes of the source from `offset` on, and *have of them; if they must be read, then `ahead`. All is
 * within the source, and `need` within the window. NULL with a message in view->error. */
static const u8 *view_bytes(struct btf_view *view, u64 offset, u32 need, u32 ahead, u32 *have)
{
	struct btf_view_cache *cache = view->cache;
	const struct btf_source *source = &view->source;
	u64 skip = offset - cache->window_offset;

	if (!cache->window) {
		*have = (u32)(source->size - offset);
		return source->data + offset;
	}
	if (offset < cache->window_offset || !range_ok(skip, need, cache->window_len)) {
		u32 len = (u32)MIN(source->size - offset, MAX(need, ahead));
		int err = btf_source_read(source, offset, cache->window, len);

		cache->window_offset = offset;
		cache->window_len = err ? 0 : len;
		if (err)
			return cannot_read(view, err, offset);
		skip = 0;
	}
	*have = cache->window_len - (u32)skip;
	return cache->window + skip;
}

/* A type is named as in "BTF: type [7] at offset 120", counted from the start of all. */
static int broken_type(struct btf_view *view, u32 id, u32 offset)
{
	return error_in(view->error, "BTF: type [%u] at offset %llu", id, view->types_offset + offset);
}

/* LENGTH_NONE if the kind is unknown. At most 12 + 252 + 0xffffff * 252 bytes: that fits. */
static IN_LINE u32 type_length(const struct kind_length *lengths, const struct btf_type *t)
{
	const struct kind_length *rule = &lengths[t->info >> 24];

	return rule->once + btf_vlen(t) * rule->each;
}

/* The type that begins at `bytes`, and its length; its rows need not be there. NULL with a message. */
static const struct btf_type *type_at(struct btf_view *view, const u8 *bytes, u32 id, u32 offset, u32 *length)
{
	const struct btf_type *t = (const struct btf_type *)bytes;
	*length = type_length(view->cache->lengths, t);
	if (*length == LENGTH_NONE)
		error_set(view->error, EINVAL, "kind %u is unknown, and the header tells no layout of it", btf_kind(t));
	else if (!check_range(view->error, offset, *length, view->types_len))
		return t;
	broken_type(view, id, offset);
	return NULL;
}

/* The first 12 bytes at `offset` of the types, and as many behind them as there are in *have. */
static const u8 *type_bytes(struct btf_view *view, u32 id, u32 offset, u32 ahead, u32 *have)
{
	const u8 *bytes;

	*have = 0;
	if (check_range(view->error, offset, sizeof(struct btf_type), view->types_len)) {
		broken_type(view, id, offset);
		return NULL;
	}
	bytes = view_bytes(view, view->types_offset + offset, sizeof(struct btf_type), ahead, have);
	*have = MIN(*have, view->types_len - offset);
	return bytes;
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
			return error_set(view->error, EINVAL, "BTF: string at offset %u is longer than %u bytes",
				offset, VIEW_WINDOW);
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

static inline u32 query_kinds(const struct btf_query *query)
{
	return query->kinds ? query->kinds : ~0u;
}

/* Kinds from 32 on are nobody's yet. */
static IN_LINE bool is_wanted(u32 kinds, const struct btf_type *t)
{
	return btf_kind(t) < 32 && kinds >> btf_kind(t) & 1;
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

static OUT_OF_LINE int check_type(
	struct btf_view *view, struct type_search *search, const struct btf_type *t, u32 key, u32 id)
{
	u32 left;
	int err = 0;

	for (const struct key *k = search->keys.heads[key_hash(key)]; k && !err; k = k->next) {
		struct btf_query *query = &search->queries[k->value];

		/* A key comes from a name that is not empty: it is there. */
		if (k->key == key && is_wanted(query_kinds(query), t) &&
			(!search->by_prefix || name_matches(query, name_at(search, t->name_off, &left))))
			err = add_id(view, query, id);
	}
	return err;
}

/* The types from `bytes` on that stand there whole, with the head of the next one. What is broken is left to the
 * caller, which comes across it next. */
static int search_run(
	struct btf_view *view, struct type_search *search, const u8 *bytes, u32 have, u32 *next_id, u32 *next_offset)
{
	const struct kind_length *lengths = view->cache->lengths;
	u32 id = *next_id, offset = *next_offset, left = view->types_len - offset;
	u32 i = id - view->first_id, *places = view->cache->places;
	int err = 0;

	for (; !err; id++, i++) {
		const struct btf_type *t = (const struct btf_type *)bytes;
		u32 length = type_length(lengths, t);

		if (length == LENGTH_NONE || length > left)
			break;
		if (i % VIEW_STRIDE == 0)
			places[i / VIEW_STRIDE] = offset;
		if (is_wanted(search->kinds, t)) {
			u32 key = type_key(search, t);

			if (search->keys.heads[key_hash(key)])
				err = check_type(view, search, t, key, id);
		}
		offset += length;
		left -= length;
		if (length + sizeof(*t) > have) {
			id++;
			break;
		}
		have -= length;
		bytes += length;
	}
	*next_id = id;
	*next_offset = offset;
	return err;
}

/* The pass over the types. */
static int search_types(struct btf_view *view, struct type_search *search)
{
	u32 id = view->first_id, offset = 0, have, length;
	int err = 0;

	while (offset < view->types_len && !err) {
		const u8 *bytes = type_bytes(view, id, offset, VIEW_WINDOW, &have);

		if (!bytes || !type_at(view, bytes, id, offset, &length)) {
			view->cache->broken = true;
			return -view->error->errnum;
		}
		err = search_run(view, search, bytes, have, &id, &offset);
	}
	view->type_count = err ? 0 : id;
	return err;
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
	return err || (!search.keys.count && view->type_count) ? err : search_types(view, &search);
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

/* The number of types is known after one pass. */
static int view_count(struct btf_view *view)
{
	if (view->type_count || view->cache->broken)
		return view->cache->broken ? -EINVAL : 0;
	return btf_view_find(view, NULL, 0);
}

u32 btf_view_find_one(struct btf_view *view, u32 kind, const char *name)
{
	struct btf_query query = {.name = name, .len = (u32)str_len(name), .kinds = 1u << kind};
	u32 id = view->base ? btf_view_find_one(view->base, kind, name) : 0;

	return id || btf_view_find(view, &query, 1) || !query.count ? id : query.ids[0];
}

static const void **keep(struct btf_view *view, struct kept **buckets, u32 key)
{
	struct kept **bucket = &buckets[key % VIEW_BUCKETS], *kept;

	for (kept = *bucket; kept; kept = kept->next)
		if (kept->key == key)
			return &kept->what;
	kept = arena_alloc(view->arena, sizeof(*kept));
	if (!kept) {
		error_no_memory(view->error);
		return NULL;
	}
	*kept = (struct kept){*bucket, key, NULL};
	*bucket = kept;
	return &kept->what;
}

/* A piece of the source for good: where it stands, or a copy. */
static const void *view_piece(struct btf_view *view, u64 offset, u32 len)
{
	const u8 *bytes;
	void *copy;
	u32 have;
	int err;

	if (!view->cache->window)
		return view->source.data + offset;
	copy = arena_alloc(view->arena, len);
	if (copy && len <= VIEW_GLANCE) {
		bytes = view_bytes(view, offset, len, VIEW_GLANCE, &have);
		return bytes ? memcpy(copy, bytes, len) : NULL;
	}
	err = copy ? btf_source_read(&view->source, offset, copy, len) : -ENOMEM;
	return err ? cannot_read(view, err, offset) : copy;
}

/* Walks from the nearest noted place. */
static const struct btf_type *fetch_type(struct btf_view *view, u32 id)
{
	u32 i = id - view->first_id, have, length = 0;
	u32 offset = view->cache->places[i / VIEW_STRIDE];
	const struct btf_type *t = NULL;

	id -= i % VIEW_STRIDE;
	for (i %= VIEW_STRIDE; i != U32_MAX; i--, id++) {
		const u8 *bytes = type_bytes(view, id, offset += length, VIEW_GLANCE, &have);

		t = bytes ? type_at(view, bytes, id, offset, &length) : NULL;
		if (!t)
			return NULL;
	}
	return view_piece(view, view->types_offset + offset, length);
}

const struct btf_type *btf_view_type(struct btf_view *view, u32 id)
{
	const void **kept;

	if (id && id < view->first_id && view->base)
		return btf_view_type(view->base, id);
	if (!id || view_count(view) || id >= view->type_count)
		return &void_type;
	kept = keep(view, view->cache->types, id);
	if (!kept)
		return &void_type;
	if (!*kept)
		*kept = fetch_type(view, id);
	return *kept ? *kept : &void_type;
}

/* How long the string at `offset` of the strings is, its NUL included; 0 with a message. */
static u32 string_bytes(struct btf_view *view, u32 offset)
{
	u32 left = view->strings_len - offset, need = 0, have;

	while (need < MIN(left, VIEW_WINDOW)) {
		const u8 *bytes, *end;

		need = need ? MIN(left, VIEW_WINDOW) : 1;
		bytes = view_bytes(view, view->strings_offset + offset, need, need == 1 ? 256 : VIEW_GLANCE, &have);
		end = bytes ? byte_find(bytes, MIN(have, left), '\0') : NULL;
		if (end || !bytes)
			return bytes ? (u32)(end - bytes) + 1 : 0;
	}
	error_set(view->error, EINVAL, "BTF: string at offset %u has no end", offset);
	return 0;
}

const char *btf_view_string(struct btf_view *view, u32 offset)
{
	const void **kept;
	u32 len;

	if (offset < view->first_string && view->base)
		return btf_view_string(view->base, offset);
	offset -= view->first_string;
	if (offset >= view->strings_len)
		return "";
	if (!view->cache->window)
		return (const char *)view->source.data + view->strings_offset + offset;
	kept = keep(view, view->cache->strings, offset);
	if (!kept)
		return "";
	if (!*kept) {
		len = string_bytes(view, offset);
		*kept = len ? view_piece(view, view->strings_offset + offset, len) : NULL;
	}
	return *kept ? *kept : "";
}

u32 btf_view_resolve(struct btf_view *view, u32 id)
{
	for (int depth = 0; depth < BTF_DEPTH; depth++) {
		const struct btf_type *t = btf_view_type(view, id);

		if (!btf_is_modifier(t))
			return id;
		id = t->type;
	}
	return 0;
}

bool btf_view_size_of(struct btf_view *view, u32 id, u32 pointer_size, u64 *size)
{
	enum btf_step step = BTF_STEP_ON;

	*size = 1;
	for (int depth = 0; depth < BTF_DEPTH && step == BTF_STEP_ON; depth++)
		step = btf_size_step(btf_view_type(view, id), pointer_size, size, &id);
	return step == BTF_STEP_DONE;
}

u32 btf_view_pointer_size(struct btf_view *view)
{
	if (view->base)
		return btf_view_pointer_size(view->base);
	return view_count(view) ? 8 : view->cache->pointer_size;
}

static void set_length(struct btf_view *view, u32 kind, u32 once, u32 each)
{
	struct kind_length *lengths = view->cache->lengths;

	lengths[kind] = lengths[kind + KIND_COUNT] = (struct kind_length){(u8)once, (u8)each};
}

/* How long a type of each kind is: what is known here, and for other kinds what the header's layout says. */
static int fill_lengths(struct btf_view *view, const struct long_header *header)
{
	u64 offset = (u64)header->header.hdr_len + header->layout_off;
	u32 have;
	const u8 *bytes;

	for (u32 kind = 0; kind < KIND_COUNT; kind++) {
		struct btf_type none = {.info = kind << 24}, one = {.info = kind << 24 | 1};
		u64 once = btf_type_bytes(&none);

		set_length(view, kind, once ? (u32)once : LENGTH_NONE, (u32)(btf_type_bytes(&one) - once));
	}
	if (header->header.hdr_len < sizeof(*header) || !header->layout_len)
		return 0;
	if (check_range(view->error, offset, header->layout_len, view->source.size))
		return error_in(view->error, "layout");
	bytes = view_bytes(view, offset, MIN(header->layout_len, KIND_COUNT * 4), VIEW_GLANCE, &have);
	for (u32 kind = 1; bytes && kind < MIN(header->layout_len / sizeof(struct kind_layout), KIND_COUNT); kind++) {
		struct kind_layout layout;
		u32 once;

		memcpy(&layout, bytes + kind * sizeof(layout), sizeof(layout));
		once = (u32)sizeof(struct btf_type) + layout.info_sz;
		if (view->cache->lengths[kind].once == LENGTH_NONE && (once | layout.elem_sz) % 4 == 0 && once < 256)
			set_length(view, kind, once, layout.elem_sz);
	}
	return bytes ? 0 : -view->error->errnum;
}

static int open_source(struct btf_view *view)
{
	struct long_header header = {0};
	u64 size = view->source.size;
	u32 have, len = (u32)MIN(size, sizeof(header));
	const u8 *bytes = view_bytes(view, 0, len, VIEW_GLANCE, &have);
	int err;

	if (!bytes)
		return -view->error->errnum;
	memcpy(&header, bytes, len);
	err = btf_check_header(
		view->error, (struct bytes){(const u8 *)&header, (size_t)MIN(size, (size_t)-1)}, sizeof(header.header));
	if (!err)
		err = btf_check_tables(
			view->error, &header.header, (u32)size, &view->types_offset, &view->strings_offset);
	if (err)
		return err;
	view->types_len = header.header.type_len;
	view->strings_len = header.header.str_len;
	err = fill_lengths(view, &header);
	view->cache->places = arena_alloc_array(
		view->arena, view->types_len / sizeof(struct btf_type) / VIEW_STRIDE + 1, sizeof(u32));
	if (err || !view->cache->places)
		return err ? err : error_no_memory(view->error);
	/* Every string ends if the last one does. */
	bytes = view->strings_len ? view_bytes(view, view->strings_offset + view->strings_len - 1, 1, 1, &have)
				  : (const u8 *)"";
	if (!bytes)
		return -view->error->errnum;
	return *bytes ? error_set(view->error, EINVAL, "strings do not end in NUL") : 0;
}

int btf_view_open(struct btf_view *view, struct arena *arena, struct error *error, const struct btf_source *source,
	struct btf_view *base)
{
	struct btf_view_cache *cache = arena_alloc(arena, sizeof(*cache));

	*view = (struct btf_view){arena, error, .source = *source, .base = base, .first_id = 1, .cache = cache};
	if (!cache)
		return error_no_memory(error);
	if (!source->data || ptr_to_u64(source->data) % sizeof(u32)) {
		cache->window = arena_alloc(arena, VIEW_WINDOW);
		if (!cache->window)
			return error_no_memory(error);
	}
	if (base && view_count(base))
		return -base->error->errnum;
	if (base) {
		view->first_id = base->type_count;
		view->first_string = base->first_string + base->strings_len;
	}
	return open_source(view) ? error_in(error, "BTF") : 0;
}
