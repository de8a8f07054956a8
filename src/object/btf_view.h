/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_view.h: a kernel's BTF, looked at without holding it.
 *
 * btf.h copies an object's types, checks each and keeps an index of all. For a kernel's 5.5 MB and 130,000 types, of
 * which a load needs a few dozen, that would be most of the work. So a view checks the header alone, and each type
 * when it is asked for:
 *
 *	btf_view_find()	names to type ids: one pass over the types, with a look at each one's name; in that pass the
 *			place of every VIEW_STRIDE-th type is noted. Through a window names are out of its reach: then a
 *			pass over the strings comes first, and offsets are compared, as no string stands there twice
 *	btf_view_type()	id to type: from the nearest noted place; kept, so that asking again is cheap
 *
 * The bytes may be all in memory (mapped from /sys/kernel/btf/vmlinux, since 6.16), or come through a small window from
 * a function that reads a piece of a file. Nothing of it is trusted: what lies outside, or makes no sense, is `broken`,
 * with a message in view->error, and reads as void or the empty string, so that a walk comes to its end.
 *
 * Module BTF is split: its ids and string offsets go on where those of its base, the kernel's, end.
 */
#ifndef OBJECT_BTF_VIEW_H
#define OBJECT_BTF_VIEW_H

#include "object/btf.h"

/* Where the bytes are: in memory, or behind a function. */
struct btf_source {
	const u8 *data; /* NULL: read through `read` */
	u64 size;
	/* Reads exactly `len` bytes at `offset`; 0 or -errno. */
	int (*read)(void *context, u64 offset, void *to, size_t len);
	void *context;
	u64 start; /* what is read begins there: added to the offsets that `read` gets */
};

/* Copies `len` bytes at `offset`, which must lie inside; 0 or what `read` returns. */
int btf_source_read(const struct btf_source *source, u64 offset, void *to, size_t len);

/*
 * If the source is an ELF file (of 32 or 64 bits, for any machine), cuts it down to its .BTF section. No more than the
 * section headers are read: with its debug information, a kernel has half a gigabyte. -EINVAL with a message.
 */
int btf_source_cut(struct btf_source *source, struct error *error);

struct btf_view {
	struct arena *arena; /* where types and strings that were asked for live */
	struct error *error; /* set once something was broken */
	struct btf_source source;
	struct btf_view *base; /* of split BTF, or NULL */
	u32 first_id;          /* 1, or the base's type_count */
	u32 type_count;        /* ids are below it; known after the first pass over the types, 0 before */
	u32 first_string;      /* 0, or where the base's strings end; a split view's own begin there */
	/* The rest is btf_view.c's. */
	u64 types_offset, strings_offset; /* in the source */
	u32 types_len, strings_len;
	struct btf_view_cache *cache;
};

/*
 * Opens a view on a raw BTF blob; `source` is copied, what it points to must outlive the view. -EINVAL with a message
 * for a header that is none, -ENOMEM. A blob with no types and no strings is good (modules have such).
 */
int btf_view_open(struct btf_view *view, struct arena *arena, struct error *error, const struct btf_source *source,
	struct btf_view *base);

/* What is looked for, and what was found. */
struct btf_query {
	const char *name; /* `len` characters of it; not necessarily NUL-terminated there */
	u32 len;
	u32 kinds;    /* bit mask of kinds (1u << BTF_KIND_…); 0: any */
	bool flavors; /* NAME___anything is found, too (tools/lib/bpf/relo_core.c: essential names) */
	/* Found, in this view alone, not in its base; in ascending order, in the view's arena. */
	u32 *ids;
	u32 count;
};

/* No kernel has a longer name (include/linux/kallsyms.h: KSYM_NAME_LEN): what follows never counts. */
#define BTF_NAME_MAX 512

/* Counts one step of a search down in *budget. -E2BIG with a message if none is left: it would take for ever. */
int btf_spend(struct error *error, u32 *budget);

/* How much of a name is not its last flavor: 11 of "task_struct___old"; all of it if it has none. */
u32 btf_essential_len(const char *name);

/* Looks for all of `count` names at once. 0 also if nothing was found; -EINVAL for broken BTF, -ENOMEM. */
int btf_view_find(struct btf_view *view, struct btf_query *queries, u32 count);

/* The first id of that kind and name, in this view or its base; 0 if there is none. */
u32 btf_view_find_one(struct btf_view *view, u32 kind, const char *name);

/*
 * The type with that id, complete with its rows, aligned; valid as long as the arena. void for an id that does not
 * exist and for a broken one (then view->error says so). Rows are not checked beyond their length.
 */
const struct btf_type *btf_view_type(struct btf_view *view, u32 id);

/* The string at that offset, valid as long as the arena; "" if it lies outside. */
const char *btf_view_string(struct btf_view *view, u32 offset);

/* Like btf_resolve(): follows typedef, const, volatile, restrict and type tags, at most BTF_DEPTH of them. */
u32 btf_view_resolve(struct btf_view *view, u32 id);

/* Like btf_size_of(), with pointers of `pointer_size` bytes. */
bool btf_view_size_of(struct btf_view *view, u32 id, u32 pointer_size, u64 *size);

/* 4 or 8: the size of the integer `long` in it; 8 if there is none (tools/lib/bpf/btf.c:determine_ptr_size()). */
u32 btf_view_pointer_size(struct btf_view *view);

#endif
