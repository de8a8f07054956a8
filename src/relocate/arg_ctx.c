/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * arg_ctx.c: parameters that say by a tag that they are the program's context. See arg_ctx.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "relocate/arg_ctx.h"

#define TYPES_MAX  (16 << 20) /* BTF_MAX_SIZE of kernel/bpf/btf.c: it would not take more */
#define COPIES_MAX 1024       /* each costs a look at all types */
#define NETFILTER  32         /* BPF_PROG_TYPE_NETFILTER, which older headers lack */

/* What the context's type is called (include/linux/bpf_types.h); the other types of programs have no name for it. */
static const char *const contexts[] = {
	[BPF_PROG_TYPE_SOCKET_FILTER] = "__sk_buff",
	[BPF_PROG_TYPE_KPROBE] = "bpf_user_pt_regs_t",
	[BPF_PROG_TYPE_SCHED_CLS] = "__sk_buff",
	[BPF_PROG_TYPE_SCHED_ACT] = "__sk_buff",
	[BPF_PROG_TYPE_XDP] = "xdp_md",
	[BPF_PROG_TYPE_PERF_EVENT] = "bpf_perf_event_data",
	[BPF_PROG_TYPE_CGROUP_SKB] = "__sk_buff",
	[BPF_PROG_TYPE_CGROUP_SOCK] = "bpf_sock",
	[BPF_PROG_TYPE_LWT_IN] = "__sk_buff",
	[BPF_PROG_TYPE_LWT_OUT] = "__sk_buff",
	[BPF_PROG_TYPE_LWT_XMIT] = "__sk_buff",
	[BPF_PROG_TYPE_SOCK_OPS] = "bpf_sock_ops",
	[BPF_PROG_TYPE_SK_SKB] = "__sk_buff",
	[BPF_PROG_TYPE_CGROUP_DEVICE] = "bpf_cgroup_dev_ctx",
	[BPF_PROG_TYPE_SK_MSG] = "sk_msg_md",
	[BPF_PROG_TYPE_RAW_TRACEPOINT] = "bpf_raw_tracepoint_args",
	[BPF_PROG_TYPE_CGROUP_SOCK_ADDR] = "bpf_sock_addr",
	[BPF_PROG_TYPE_LWT_SEG6LOCAL] = "__sk_buff",
	[BPF_PROG_TYPE_SK_REUSEPORT] = "sk_reuseport_md",
	[BPF_PROG_TYPE_FLOW_DISSECTOR] = "__sk_buff",
	[BPF_PROG_TYPE_CGROUP_SYSCTL] = "bpf_sysctl",
	[BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE] = "bpf_raw_tracepoint_args",
	[BPF_PROG_TYPE_CGROUP_SOCKOPT] = "bpf_sockopt",
	[BPF_PROG_TYPE_SK_LOOKUP] = "bpf_sk_lookup",
	[NETFILTER] = "bpf_nf_ctx",
};

/* What is put together behind the types and strings there are. The first time round only sizes are counted. */
struct adder {
	struct object *object;
	u8 *types, *names; /* NULL: counting */
	u64 types_len;
	u32 names_len, next_id, copy_count;
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

static void add_function(struct adder *a, u32 func_id, u32 prog_type, u32 pointer)
{
	const struct btf *btf = &a->object->btf;
	struct btf_type func = *btf_type(btf, func_id), tag;
	const struct btf_type *proto = btf_type(btf, func.type);
	u64 params_at;
	u32 copy;

	func.type = a->next_id + 1;
	copy = add(a, &func, &func, 0);
	params_at = a->types_len + sizeof(*proto);
	add(a, proto, btf_params(proto), btf_vlen(proto) * sizeof(struct btf_param));
	for (u32 id = 1; id < btf->type_count; id++) {
		tag = *btf_type(btf, id);
		if (btf_kind(&tag) != KIND_DECL_TAG || tag.type != func_id)
			continue;
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

/* A function has a tag for each parameter that it may have; the first one counts. */
static bool is_first_tag(const struct btf *btf, u32 id)
{
	for (u32 i = 1; i < id; i++)
		if (is_ctx_tag(btf, i) && btf_type(btf, i)->type == btf_type(btf, id)->type)
			return false;
	return true;
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
	const struct btf *btf = &a->object->btf;

	a->next_id = btf->type_count;
	a->types_len = a->names_len = a->copy_count = 0;
	for (u32 type = 0; type < ARRAY_SIZE(contexts); type++) {
		u32 pointer = 0;

		if (!contexts[type] || !has_programs(a->object, type))
			continue;
		for (u32 id = 1; id < btf->type_count; id++)
			if (a->copy_count < COPIES_MAX && is_ctx_tag(btf, id) && is_first_tag(btf, id)) {
				pointer = pointer ? pointer : add_pointer(a, contexts[type]);
				add_function(a, btf_type(btf, id)->type, type, pointer);
			}
	}
}

int arg_ctx_add(struct arena *arena, struct error *error, struct object *object)
{
	struct adder a = {.object = object};
	struct btf *btf = &object->btf;
	struct btf_header header = {.magic = BTF_MAGIC, .version = BTF_VERSION, .hdr_len = sizeof(header)};
	struct bytes blob;
	u8 *data;

	if (object->has_btf)
		add_all(&a);
	if (!a.copy_count || btf->types_len + a.types_len > TYPES_MAX)
		return 0;
	header.type_len = header.str_off = btf->types_len + (u32)a.types_len;
	header.str_len = btf->strings_len + a.names_len;
	blob.size = sizeof(header) + header.type_len + header.str_len;
	blob.data = data = arena_alloc(arena, blob.size);
	object->arg_ctx = arena_alloc_array(arena, a.copy_count, sizeof(*object->arg_ctx));
	object->arg_ctx_count = a.copy_count;
	if (!data || !object->arg_ctx)
		return error_no_memory(error);
	memcpy(data, &header, sizeof(header));
	memcpy(data + sizeof(header), btf->types, btf->types_len);
	memcpy(data + sizeof(header) + header.str_off, btf->strings, btf->strings_len);
	a.types = data + sizeof(header) + btf->types_len;
	a.names = data + sizeof(header) + header.str_off + btf->strings_len;
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
