/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_view_parts.h: what btf_view.c shares with btf_find.c and btf_names.c. It looks at one place, they pass over all.
 */
#ifndef OBJECT_BTF_VIEW_PARTS_H
#define OBJECT_BTF_VIEW_PARTS_H

#include "object/btf_view.h"

#define VIEW_STRIDE  32    /* types from one whose place is noted to the next */
#define VIEW_WINDOW  16384 /* bytes read at a time in a pass; sysfs gives 4096 a call, whatever one asks for … */
#define VIEW_GLANCE  4096  /* … and for a look at one type or string */
#define VIEW_BUCKETS 512
#define KIND_COUNT   128     /* btf_kind() has seven bits */
#define LENGTH_NONE  U32_MAX /* of a kind nobody knows: longer than anything */
#define LANES        8
#define NO_LANE      U32_MAX

/* Of each kind, [info >> 24]: with kflag above it. */
struct kind_lengths {
	u32 once[2 * KIND_COUNT], each[2 * KIND_COUNT]; /* the bytes that a type takes, and each of its vlen items */
	bool is_wanted[2 * KIND_COUNT];                 /* in the pass that is going on */
};

/* A stretch of the types, passed over on its own: see btf_find.c. Offsets are counted from the first type. */
struct lane {
	u32 start, end; /* offsets of its first type, and of the next lane's */
	u32 first_id;   /* known once all lanes before it are done; NO_LANE if it was none */
	u32 number;     /* of its first type, as long as no ids are known */
	u32 *places;    /* [i / VIEW_STRIDE]: the offset of its i-th type */
	/* Where the pass stands: at the i-th type, which begins at `bytes`. If it has at most `room` bytes, it ends
	 * before offset `limit`, and the head of another one of this lane is there behind it. */
	u32 i;
	const u8 *bytes;
	u32 room, limit;
};

struct btf_view_cache {
	struct kind_lengths lengths;
	u32 *places;              /* of all lanes */
	struct lane lanes[LANES]; /* of the last pass, in ascending order */
	u32 lane_count;
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

/* LENGTH_NONE if the kind is unknown. At most 12 + 252 + 0xffffff * 252 bytes: that fits. */
static IN_LINE u32 type_length(const struct kind_lengths *lengths, const struct btf_type *t)
{
	return lengths->once[t->info >> 24] + btf_vlen(t) * lengths->each[t->info >> 24];
}

/*
 * At least `need` bytes of the source from `offset` on, and *have of them; if they must be read, then `ahead`. All is
 * within the source, and `need` within the window. NULL with a message in view->error.
 */
const u8 *view_bytes(struct btf_view *view, u64 offset, u32 need, u32 ahead, u32 *have);

/* The same of the types, for the one with that id: its head at least, and no bytes behind the types. */
const u8 *type_bytes(struct btf_view *view, u32 id, u32 offset, u32 ahead, u32 *have);

/* The type that begins at `bytes`, and its length; its rows need not be there. NULL with a message. */
const struct btf_type *type_at(struct btf_view *view, const u8 *bytes, u32 id, u32 offset, u32 *length);

#endif
