/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_view.c: a kernel's BTF, looked at without holding it. See btf_view.h.
 *
 * Its header, its types and its strings, each at the moment it is asked for. Finding types by name is in btf_find.c.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "object/btf_view_parts.h"
#include "object/check.h"

/* What was fetched: a type under its id, a string under its offset. */
struct kept {
	struct kept *next;
	u32 key;
	const void *what;
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

static void *cannot_read(struct btf_view *view, int err, u64 offset)
{
	error_set(view->error, -err, "BTF: cannot be read at offset %llu", offset);
	return NULL;
}

const u8 *view_bytes(struct btf_view *view, u64 offset, u32 need, u32 ahead, u32 *have)
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

const struct btf_type *type_at(struct btf_view *view, const u8 *bytes, u32 id, u32 offset, u32 *length)
{
	const struct btf_type *t = (const struct btf_type *)bytes;
	*length = type_length(&view->cache->lengths, t);
	if (*length == LENGTH_NONE)
		error_invalid(view->error, "kind %u is unknown, and the header tells no layout of it", btf_kind(t));
	else if (!check_range(view->error, offset, *length, view->types_len))
		return t;
	broken_type(view, id, offset);
	return NULL;
}

const u8 *type_bytes(struct btf_view *view, u32 id, u32 offset, u32 ahead, u32 *have)
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

/* The number of types is known after one pass. */
static int view_count(struct btf_view *view)
{
	if (view->type_count || view->cache->broken)
		return view->cache->broken ? -EINVAL : 0;
	return btf_view_find(view, NULL, 0);
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

/* Walks from the nearest noted place: over the type there, and `i` more. */
static const struct btf_type *fetch_type(struct btf_view *view, u32 id)
{
	const struct lane *lane = &view->cache->lanes[view->cache->lane_count - 1];
	const struct btf_type *t = NULL;
	u32 i, offset, have, length = 0;

	while (id < lane->first_id)
		lane--;
	i = id - lane->first_id;
	offset = lane->places[i / VIEW_STRIDE];
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
	error_invalid(view->error, "BTF: string at offset %u has no end", offset);
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
	struct kind_lengths *lengths = &view->cache->lengths;

	lengths->once[kind] = lengths->once[kind + KIND_COUNT] = once;
	lengths->each[kind] = lengths->each[kind + KIND_COUNT] = each;
}

/* How long a type of each kind is: what is known here, and for other kinds what the header's layout says. */
static int fill_lengths(struct btf_view *view, const struct long_header *header)
{
	u64 offset = (u64)header->header.hdr_len + header->layout_off;
	const u8 *bytes;
	u32 have;

	for (u32 kind = 0; kind < KIND_COUNT; kind++) {
		struct btf_type none = {.info = kind << 24}, one = {.info = kind << 24 | 1};
		u64 once = btf_type_bytes(&none);

		set_length(view, kind, once ? (u32)once : LENGTH_NONE, (u32)(btf_type_bytes(&one) - once));
	}
	if (header->header.hdr_len < sizeof(*header) || !header->layout_len)
		return 0;
	if (check_range(view->error, offset, header->layout_len, view->source.size))
		return error_in(view->error, "layout");
	bytes = view_bytes(view, offset, MIN(header->layout_len, KIND_COUNT * (u32)sizeof(struct kind_layout)),
		VIEW_GLANCE, &have);
	for (u32 kind = 1; bytes && kind < MIN(header->layout_len / sizeof(struct kind_layout), KIND_COUNT); kind++) {
		struct kind_layout layout;
		u32 once;

		memcpy(&layout, bytes + kind * sizeof(layout), sizeof(layout));
		once = (u32)sizeof(struct btf_type) + layout.info_sz;
		if (view->cache->lengths.once[kind] == LENGTH_NONE && (once | layout.elem_sz) % 4 == 0 && once < 256)
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
		view->arena, view->types_len / sizeof(struct btf_type) / VIEW_STRIDE + LANES, sizeof(u32));
	if (err || !view->cache->places)
		return err ? err : error_no_memory(view->error);
	/* Every string ends if the last one does. */
	bytes = view->strings_len ? view_bytes(view, view->strings_offset + view->strings_len - 1, 1, 1, &have)
				  : (const u8 *)"";
	if (!bytes)
		return -view->error->errnum;
	return *bytes ? error_invalid(view->error, "strings do not end in NUL") : 0;
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
	if (!open_source(view))
		return 0;
	return str_starts(error->message, "BTF: ") ? -error->errnum : error_in(error, "BTF");
}
