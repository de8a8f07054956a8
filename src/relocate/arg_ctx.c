/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arg_ctx.c: parameters that say by a tag that they are the program's context. See arg_ctx.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/arg_ctx.h"

#define ROOM       (1 << 20) /* for copies of types; functions that have none left stay as they are */
#define COPIES_MAX 1024      /* likewise: each costs a look at all of a function's tags, for each type of program */

/* What a context's type is called (include/linux/bpf_types.h), end to end, and a number for each. */
static const char context_names[] = "\0"
				    "__sk_buff\0"
				    "bpf_user_pt_regs_t\0"
				    "xdp_md\0"
				    "bpf_perf_event_data\0"
				    "bpf_sock\0"
				    "bpf_sock_ops\0"
				    "bpf_cgroup_dev_ctx\0"
				    "sk_msg_md\0"
				    "bpf_raw_tracepoint_args\0"
				    "bpf_sock_addr\0"
				    "sk_reuseport_md\0"
				    "bpf_sysctl\0"
				    "bpf_sockopt\0"
				    "bpf_sk_lookup\0"
				    "bpf_nf_ctx";
enum context {
	NO_CONTEXT,
	SK_BUFF,
	PT_REGS,
	XDP_MD,
	PERF_EVENT_DATA,
	SOCK,
	SOCK_OPS,
	CGROUP_DEV,
	SK_MSG_MD,
	RAW_TRACEPOINT_ARGS,
	SOCK_ADDR,
	SK_REUSEPORT_MD,
	SYSCTL,
	SOCKOPT,
	SK_LOOKUP,
	NF_CTX,
};

/* The context of each type of program; the types that are missing have no name for it. */
static const u8 contexts[] = {
	[BPF_PROG_TYPE_SOCKET_FILTER] = SK_BUFF,
	[BPF_PROG_TYPE_KPROBE] = PT_REGS,
	[BPF_PROG_TYPE_SCHED_CLS] = SK_BUFF,
	[BPF_PROG_TYPE_SCHED_ACT] = SK_BUFF,
	[BPF_PROG_TYPE_XDP] = XDP_MD,
	[BPF_PROG_TYPE_PERF_EVENT] = PERF_EVENT_DATA,
	[BPF_PROG_TYPE_CGROUP_SKB] = SK_BUFF,
	[BPF_PROG_TYPE_CGROUP_SOCK] = SOCK,
	[BPF_PROG_TYPE_LWT_IN] = SK_BUFF,
	[BPF_PROG_TYPE_LWT_OUT] = SK_BUFF,
	[BPF_PROG_TYPE_LWT_XMIT] = SK_BUFF,
	[BPF_PROG_TYPE_SOCK_OPS] = SOCK_OPS,
	[BPF_PROG_TYPE_SK_SKB] = SK_BUFF,
	[BPF_PROG_TYPE_CGROUP_DEVICE] = CGROUP_DEV,
	[BPF_PROG_TYPE_SK_MSG] = SK_MSG_MD,
	[BPF_PROG_TYPE_RAW_TRACEPOINT] = RAW_TRACEPOINT_ARGS,
	[BPF_PROG_TYPE_CGROUP_SOCK_ADDR] = SOCK_ADDR,
	[BPF_PROG_TYPE_LWT_SEG6LOCAL] = SK_BUFF,
	[BPF_PROG_TYPE_SK_REUSEPORT] = SK_REUSEPORT_MD,
	[BPF_PROG_TYPE_FLOW_DISSECTOR] = SK_BUFF,
	[BPF_PROG_TYPE_CGROUP_SYSCTL] = SYSCTL,
	[BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE] = RAW_TRACEPOINT_ARGS,
	[BPF_PROG_TYPE_CGROUP_SOCKOPT] = SOCKOPT,
	[BPF_PROG_TYPE_SK_LOOKUP] = SK_LOOKUP,
	[BPF_PROG_TYPE_NETFILTER] = NF_CTX,
};

/* What is put together: the types there are, and behind them those that are added. */
struct adder {
	struct object *object;
	struct names tags; /* all declaration tags, without names, `of` the type that each stands on */
	u8 *end;           /* of the types so far */
	u32 next_id, room;
};

static u32 tagged_param(const struct btf_type *tag)
{
	return *(const u32 *)btf_rows(tag);
}

/* Whether the type is a tag that calls a parameter of a global function the context. */
static bool is_ctx_tag(const struct btf *btf, u32 id)
{
	const struct btf_type *tag = btf_type(btf, id), *func;

	if (btf_kind(tag) != KIND_DECL_TAG || !str_equal(btf_name(btf, id), "arg:ctx"))
		return false;
	func = btf_type(btf, tag->type);
	return btf_kind(func) == BTF_KIND_FUNC && btf_vlen(func) == BTF_FUNC_GLOBAL &&
	       tagged_param(tag) < btf_vlen(btf_type(btf, func->type));
}

static struct btf_type *add(struct adder *a, const struct btf_type *type)
{
	void *copy = a->end;
	size_t size = (size_t)btf_type_bytes(type);

	memcpy(copy, type, size);
	a->end += size;
	a->room -= (u32)size;
	a->next_id++;
	return copy;
}

/* The names stand behind the object's strings, as they do here. */
static u32 add_pointer(struct adder *a, u32 prog_type)
{
	const char *name = list_entry(context_names, sizeof(context_names), contexts[prog_type]);
	const struct btf_type context = {.name_off = a->object->btf.strings_len + (u32)(name - context_names),
		.info = (u32)BTF_KIND_STRUCT << 24};
	const struct btf_type pointer = {.info = (u32)BTF_KIND_PTR << 24, .type = a->next_id};

	add(a, &context);
	add(a, &pointer);
	return a->next_id - 1;
}

/* The tags of one type stand one after another: the first behind `from` that stands on another one. */
static u32 next_tagged(const struct adder *a, u32 from)
{
	u32 to = from;

	while (to < a->tags.count && a->tags.list[to].of == a->tags.list[from].of)
		to++;
	return to;
}

static bool has_ctx_tag(const struct adder *a, u32 from, u32 to)
{
	while (from < to && !is_ctx_tag(&a->object->btf, a->tags.list[from].index))
		from++;
	return from < to;
}

/* A function with its tags, `from` up to `to`; the copy's id. */
static u32 add_function(struct adder *a, u32 from, u32 to, u32 pointer)
{
	const struct btf *btf = &a->object->btf;
	u32 copy_id = a->next_id;
	struct btf_type *copy = add(a, btf_type(btf, a->tags.list[from].of));
	struct btf_type *proto = add(a, btf_type(btf, copy->type));

	copy->type = copy_id + 1;
	for (; from < to; from++) {
		const struct btf_type *tag = btf_type(btf, a->tags.list[from].index);

		if (is_ctx_tag(btf, a->tags.list[from].index))
			btf_params(proto)[tagged_param(tag)].type = pointer;
		else
			add(a, tag)->type = copy_id;
	}
	return copy_id;
}

/* Whether there is room for one more, with a pointer. */
static bool has_room(const struct adder *a, u32 from, u32 to)
{
	const struct btf *btf = &a->object->btf;
	const struct btf_type *func = btf_type(btf, a->tags.list[from].of);
	u64 tags = (u64)(to - from) * (sizeof(struct btf_type) + sizeof(u32));

	return a->object->arg_ctx_count < COPIES_MAX &&
	       a->room >= 3 * sizeof(*func) + btf_type_bytes(btf_type(btf, func->type)) + tags;
}

static bool has_programs(const struct object *object, u32 prog_type)
{
	for (u32 i = 0; i < object->prog_count; i++)
		if (object->progs[i].hook && object->progs[i].hook->prog_type == prog_type)
			return true;
	return false;
}

/* Copies for the programs of one type. */
static OUT_OF_LINE void add_all(struct adder *a, u32 prog_type)
{
	struct object *object = a->object;
	u32 pointer = 0;

	for (u32 from = 0, to; from < a->tags.count; from = to) {
		to = next_tagged(a, from);
		if (!has_ctx_tag(a, from, to) || !has_room(a, from, to))
			continue;
		pointer = pointer ? pointer : add_pointer(a, prog_type);
		object->arg_ctx[object->arg_ctx_count++] =
			(struct arg_ctx_copy){a->tags.list[from].of, prog_type, add_function(a, from, to, pointer)};
	}
}

/* Lists all tags, if one of them is ours. */
static int list_tags(struct arena *arena, struct error *error, struct adder *a)
{
	const struct btf *btf = &a->object->btf;
	u32 id = 1;

	while (id < btf->type_count && !is_ctx_tag(btf, id))
		id++;
	if (id == btf->type_count)
		return 0;
	if (names_make_room(arena, error, &a->tags, btf->type_count))
		return -ENOMEM;
	for (id = 1; id < btf->type_count; id++)
		if (btf_kind(btf_type(btf, id)) == KIND_DECL_TAG)
			names_add(&a->tags, btf_type(btf, id)->type, "", id);
	names_sort(&a->tags);
	return 0;
}

int arg_ctx_add(struct arena *arena, struct error *error, struct object *object)
{
	struct btf *btf = &object->btf;
	struct adder a = {.object = object, .next_id = btf->type_count, .room = ROOM};
	u32 strings_len = btf->strings_len + sizeof(context_names);
	size_t most = sizeof(struct btf_header) + btf->types_len + ROOM + strings_len;
	struct bytes blob;
	u8 *data, *types;

	if (!object->has_btf || list_tags(arena, error, &a) || !a.tags.count)
		return -error->errnum;
	data = arena_alloc(arena, most);
	object->arg_ctx = arena_alloc_array(arena, COPIES_MAX, sizeof(*object->arg_ctx));
	if (!data || !object->arg_ctx)
		return error_no_memory(error);
	types = data + sizeof(struct btf_header);
	memcpy(types, btf->types, btf->types_len);
	a.end = types + btf->types_len;
	for (u32 type = 0; type < ARRAY_SIZE(contexts); type++)
		if (contexts[type] && has_programs(object, type))
			add_all(&a, type);
	btf_put_header(data, (u32)(a.end - types), strings_len);
	memcpy(a.end, btf->strings, btf->strings_len);
	memcpy(a.end + btf->strings_len, context_names, sizeof(context_names));
	blob = (struct bytes){data, (size_t)(a.end + strings_len - data)};
	return btf_open(arena, error, blob, btf);
}

u32 arg_ctx_of(const struct object *object, u32 func_id, u32 prog_type)
{
	for (u32 i = 0; i < object->arg_ctx_count; i++)
		if (object->arg_ctx[i].func_id == func_id && object->arg_ctx[i].prog_type == prog_type)
			return object->arg_ctx[i].copy_id;
	return func_id;
}
