/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arg_ctx.c: parameters that say by a tag that they are the program's context. See arg_ctx.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/arg_ctx.h"

#define TYPES_MAX  (16 << 20) /* BTF_MAX_SIZE of kernel/bpf/btf.c: it would not take more */
#define COPIES_MAX 1024       /* each costs a look at all of a function's tags, for each type of program */
#define NETFILTER  32         /* BPF_PROG_TYPE_NETFILTER, which older headers lack */

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
	[NETFILTER] = NF_CTX,
};

/* What is put together behind the types and strings there are. The first time round only sizes are counted. */
struct adder {
	struct object *object;
	struct names tags; /* all declaration tags, without names, `of` the type that each stands on */
	u8 *types, *names; /* NULL: counting */
	u64 types_len;
	u32 names_len, next_id, copy_count;
};

static const char *context_name(u32 prog_type)
{
	return list_entry(context_names, sizeof(context_names), contexts[prog_type]);
}

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

static u32 add(struct adder *a, const struct btf_type *type, const void *rows, size_t rows_size)
{
	if (a->types) {
		memcpy(a->types + a->types_len, type, sizeof(*type));
		memcpy(a->types + a->types_len + sizeof(*type), rows, rows_size);
	}
	a->types_len += sizeof(*type) + rows_size;
	return a->next_id++;
}

static u32 add_pointer(struct adder *a, const char *name)
{
	size_t size = str_len(name) + 1;
	struct btf_type context = {
		.name_off = a->object->btf.strings_len + a->names_len, .info = (u32)BTF_KIND_STRUCT << 24};
	struct btf_type pointer = {.info = (u32)BTF_KIND_PTR << 24};

	if (a->names)
		memcpy(a->names + a->names_len, name, size);
	a->names_len += (u32)size;
	pointer.type = add(a, &context, &context, 0);
	return add(a, &pointer, &pointer, 0);
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

/* A function has a tag for each parameter that it may have. */
static void add_function(struct adder *a, u32 from, u32 to, u32 prog_type, u32 pointer)
{
	const struct btf *btf = &a->object->btf;
	u32 func_id = a->tags.list[from].of, copy;
	struct btf_type func = *btf_type(btf, func_id);
	const struct btf_type *proto = btf_type(btf, func.type);
	u64 params_at;

	func.type = a->next_id + 1;
	copy = add(a, &func, &func, 0);
	params_at = a->types_len + sizeof(*proto);
	add(a, proto, btf_params(proto), btf_vlen(proto) * sizeof(struct btf_param));
	for (; from < to; from++) {
		u32 id = a->tags.list[from].index;
		struct btf_type tag = *btf_type(btf, id);

		tag.type = copy;
		if (!is_ctx_tag(btf, id))
			add(a, &tag, btf_rows(btf_type(btf, id)), sizeof(u32));
		else if (a->types)
			((struct btf_param *)(a->types + params_at))[tagged_param(btf_type(btf, id))].type = pointer;
	}
	if (a->types)
		a->object->arg_ctx[a->copy_count] = (struct arg_ctx_copy){func_id, prog_type, copy};
	a->copy_count++;
}

static bool has_programs(const struct object *object, u32 prog_type)
{
	for (u32 i = 0; i < object->prog_count; i++)
		if (object->progs[i].hook && object->progs[i].hook->prog_type == prog_type)
			return true;
	return false;
}

static void add_all(struct adder *a)
{
	a->next_id = a->object->btf.type_count;
	a->types_len = a->names_len = a->copy_count = 0;
	for (u32 type = 0; type < ARRAY_SIZE(contexts); type++) {
		u32 pointer = 0;

		if (!contexts[type] || !has_programs(a->object, type))
			continue;
		for (u32 from = 0, to; from < a->tags.count; from = to) {
			to = next_tagged(a, from);
			if (a->copy_count == COPIES_MAX || !has_ctx_tag(a, from, to))
				continue;
			pointer = pointer ? pointer : add_pointer(a, context_name(type));
			add_function(a, from, to, type, pointer);
		}
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
	struct adder a = {.object = object};
	struct btf *btf = &object->btf;
	u32 types_len, strings_len;
	struct bytes blob;
	u8 *data;

	if (object->has_btf && list_tags(arena, error, &a))
		return -ENOMEM;
	add_all(&a);
	if (!a.copy_count || btf->types_len + a.types_len > TYPES_MAX)
		return 0;
	types_len = btf->types_len + (u32)a.types_len;
	strings_len = btf->strings_len + a.names_len;
	blob.size = sizeof(struct btf_header) + types_len + strings_len;
	blob.data = data = arena_alloc(arena, blob.size);
	object->arg_ctx = arena_alloc_array(arena, a.copy_count, sizeof(*object->arg_ctx));
	object->arg_ctx_count = a.copy_count;
	if (!data || !object->arg_ctx)
		return error_no_memory(error);
	data = btf_put_header(data, types_len, strings_len);
	memcpy(data, btf->types, btf->types_len);
	memcpy(data + types_len, btf->strings, btf->strings_len);
	a.types = data + btf->types_len;
	a.names = data + types_len + btf->strings_len;
	add_all(&a);
	return btf_open(arena, error, blob, btf);
}

u32 arg_ctx_of(const struct object *object, u32 func_id, u32 prog_type)
{
	for (u32 i = 0; i < object->arg_ctx_count; i++)
		if (object->arg_ctx[i].func_id == func_id && object->arg_ctx[i].prog_type == prog_type)
			return object->arg_ctx[i].copy_id;
	return func_id;
}
