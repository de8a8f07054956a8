/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_arg_ctx.c: parameters tagged as the context, and the types that programs of each type get for them.
 */
#define EDITED FIXTURES "context.bpf.o"

#include "edited.h"
#include "base/string.h"
#include "relocate/arg_ctx.h"
#include "relocate/link.h"

static struct object object;
static u32 count_before;

static void open_fixture(const char *path)
{
	edit_anew(path);
	assert_no_error(&error, object_open(&arena, &error, path, e.file, &object));
	count_before = object.btf.type_count;
}

static u32 function(const char *name)
{
	u32 id = btf_find(&object.btf, BTF_KIND_FUNC, name);

	assert_int_not_equal(id, 0);
	return id;
}

/* What the i-th parameter of a function points to, by name. */
static const char *pointee(u32 func_id, u32 i)
{
	const struct btf_type *proto = btf_type(&object.btf, btf_type(&object.btf, func_id)->type);
	const struct btf_type *pointer = btf_type(&object.btf, btf_params(proto)[i].type);

	assert_int_equal(btf_kind(pointer), BTF_KIND_PTR);
	assert_int_not_equal(btf_kind(btf_type(&object.btf, pointer->type)), BTF_KIND_FWD);
	return btf_name(&object.btf, pointer->type);
}

static bool has_tag(u32 func_id, const char *name)
{
	for (u32 id = 1; id < object.btf.type_count; id++) {
		const struct btf_type *t = btf_type(&object.btf, id);

		if (btf_kind(t) == KIND_DECL_TAG && t->type == func_id && str_equal(btf_name(&object.btf, id), name))
			return true;
	}
	return false;
}

/* A copy for each type of program whose context has a name, and nothing else. */
static void copies(void **state)
{
	static const struct {
		u32 prog_type;
		const char *context;
	} rows[] = {{BPF_PROG_TYPE_XDP, "xdp_md"}, {BPF_PROG_TYPE_KPROBE, "bpf_user_pt_regs_t"}};
	u32 tagged, untagged, local;

	(void)state;
	open_fixture(EDITED);
	tagged = function("tagged");
	untagged = function("untagged");
	local = function("local");
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
	assert_int_equal(object.arg_ctx_count, 2);
	/* For each STRUCT, PTR, FUNC, FUNC_PROTO and the other tag. */
	assert_int_equal(object.btf.type_count, count_before + 2 * 5);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		u32 copy = arg_ctx_of(&object, tagged, rows[i].prog_type);

		assert_in_range(copy, count_before, object.btf.type_count - 1);
		assert_string_equal(btf_name(&object.btf, copy), "tagged");
		assert_int_equal(btf_vlen(btf_type(&object.btf, copy)), BTF_FUNC_GLOBAL);
		assert_string_equal(pointee(copy, 0), "int");
		assert_string_equal(pointee(copy, 1), rows[i].context);
		assert_int_not_equal(btf_find(&object.btf, BTF_KIND_STRUCT, rows[i].context), 0);
		assert_true(has_tag(copy, "arg:nonnull"));
		assert_false(has_tag(copy, "arg:ctx"));
		assert_int_equal(arg_ctx_of(&object, untagged, rows[i].prog_type), untagged);
		assert_int_equal(arg_ctx_of(&object, local, rows[i].prog_type), local);
	}
	assert_int_equal(arg_ctx_of(&object, tagged, BPF_PROG_TYPE_TRACING), tagged);
	assert_string_equal(pointee(tagged, 1), "");
	assert_true(has_tag(tagged, "arg:ctx"));
}

/* Tags in any order: the last one becomes the first function's, between which and its own stand another's. */
static void tags_apart(void **state)
{
	u32 tagged, local, last = 0;

	(void)state;
	open_fixture(EDITED);
	tagged = function("tagged");
	local = function("local");
	for (u32 id = 1; id < object.btf.type_count; id++)
		if (btf_kind(btf_type(&object.btf, id)) == KIND_DECL_TAG)
			last = id;
	assert_int_equal(object.btf.index[last]->type, local);
	for (u32 id = 1; id < last; id++)
		if (has_tag(tagged, "arg:ctx") && object.btf.index[id]->type == tagged &&
			str_equal(btf_name(&object.btf, id), "arg:ctx")) {
			object.btf.index[id]->type = local;
			object.btf.index[last]->type = tagged;
			*(u32 *)(uintptr_t)btf_rows(object.btf.index[last]) = 1;
		}
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
	assert_int_equal(object.arg_ctx_count, 2);
	assert_string_equal(pointee(arg_ctx_of(&object, tagged, BPF_PROG_TYPE_XDP), 1), "xdp_md");
	assert_true(has_tag(arg_ctx_of(&object, tagged, BPF_PROG_TYPE_XDP), "arg:nonnull"));
}

/* func_info of a program points to the copy for its type. */
static void linked(void **state)
{
	static const char *const names[] = {"packet", "probe", "entry"};
	struct prog_image image;
	u32 tagged;

	(void)state;
	open_fixture(EDITED);
	tagged = function("tagged");
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const struct prog_spec *prog = object_find_prog(&object, names[i]);
		static const int fds[8];
		struct link_input input = {fds, NULL, NULL};

		assert_no_error(&error, link_program(&arena, &error, &object, prog, &input, &image));
		assert_in_range(image.func_info_count, 2, 4);
		assert_string_equal(image.parts[1].prog->name, "tagged");
		assert_int_equal(image.func_info[1].type_id, arg_ctx_of(&object, tagged, prog->hook->prog_type));
	}
}

static void untouched_without_tags(void **state)
{
	const u8 *types;

	(void)state;
	open_fixture(FIXTURES "object.bpf.o");
	types = object.btf.types;
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
	assert_ptr_equal(object.btf.types, types);
	assert_int_equal(object.btf.type_count, count_before);
	object.has_btf = false;
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
}

static void no_memory(void **state)
{
	int err = -ENOMEM;

	(void)state;
	open_fixture(EDITED);
	for (long left = 0; err && left < 10; left++) {
		struct object copy = object;

		arena_fail_after(left);
		err = arg_ctx_add(&arena, &error, &copy);
		arena_fail_after(-1);
		if (err)
			assert_error(&error, err, ENOMEM, "memory");
	}
	assert_int_equal(err, 0);
}

/* A tag of a parameter that the function has not, or of what is no function, means nothing. */
static void tags_of_nothing(void **state)
{
	struct btf_type *datasec;
	u32 func;

	(void)state;
	open_fixture(FIXTURES "context.bpf.o");
	func = function("tagged");
	datasec = object.btf.index[btf_find(&object.btf, BTF_KIND_DATASEC, "license")];
	assert_int_equal(btf_vlen(datasec), BTF_FUNC_GLOBAL);
	datasec->size = btf_type(&object.btf, func)->type; /* where a function has its prototype */
	for (u32 id = 1; id < object.btf.type_count; id++) {
		struct btf_type *tag = object.btf.index[id];

		if (btf_kind(tag) != KIND_DECL_TAG || !str_equal(btf_name(&object.btf, id), "arg:ctx"))
			continue;
		if (tag->type == func)
			*(u32 *)(uintptr_t)btf_rows(tag) = 2;
		else
			tag->type = btf_find(&object.btf, BTF_KIND_DATASEC, "license");
	}
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
	assert_int_equal(object.arg_ctx_count, 0);
}

/* Functions of as many parameters as there can be: there is room for one copy. */
static void room_is_limited(void **state)
{
	enum { PARAMS = 65535, TYPES = 12 + 8 * PARAMS + 2 * (12 + 16), STRINGS = 11 };
	struct btf_header h = {BTF_MAGIC, BTF_VERSION, 0, sizeof(h), 0, TYPES, TYPES, STRINGS};
	u8 *data = calloc(1, sizeof(h) + TYPES + STRINGS), *to = data + sizeof(h) + 12 + 8 * PARAMS;

	(void)state;
	open_fixture(FIXTURES "context.bpf.o");
	memcpy(data, &h, sizeof(h));
	memcpy(data + sizeof(h), (u32[]){0, BTF_KIND_FUNC_PROTO << 24 | PARAMS, 0}, 12);
	for (u32 i = 0; i < 2; i++, to += 28)
		memcpy(to, (u32[]){1, BTF_KIND_FUNC << 24 | BTF_FUNC_GLOBAL, 1, 3, KIND_DECL_TAG << 24, 2 + 2 * i, i},
			28);
	memcpy(to, "\0f\0arg:ctx", STRINGS);
	assert_no_error(
		&error, btf_open(&arena, &error, (struct bytes){data, sizeof(h) + TYPES + STRINGS}, &object.btf));
	assert_no_error(&error, arg_ctx_add(&arena, &error, &object));
	assert_int_equal(object.arg_ctx_count, 1);
	free(data);
}

int main(void)
{
	return RUN(EACH(copies), EACH(tags_apart), EACH(linked), EACH(untouched_without_tags), EACH(no_memory),
		EACH(tags_of_nothing), EACH(room_is_limited));
}
