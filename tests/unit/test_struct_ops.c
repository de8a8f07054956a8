/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_struct_ops.c: a struct of functions, laid out by other types than it was compiled with.
 */
#include "elf_edit.h"
#include "base/memory.h"
#include "relocate/struct_ops.h"

static struct arena arena;
static struct error error;
static struct object object, kernel;
static struct edit e, k;
static struct btf_view view;

static int set_up(void **state)
{
	const struct elf_section *btf;
	struct btf_source source = {0};

	(void)state;
	e = edit_open(FIXTURES "maps.bpf.o");
	k = edit_open(FIXTURES "kernel_ops.bpf.o");
	assert_no_error(&error, object_open(&arena, &error, "x.bpf.o", e.file, &object));
	assert_no_error(&error, object_open(&arena, &error, "kernel", k.file, &kernel));
	btf = elf_find_section(&kernel.elf, ".BTF");
	source.data = btf->data;
	source.size = btf->size;
	assert_no_error(&error, btf_view_open(&view, &arena, &error, &source, NULL));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	edit_close(&e);
	edit_close(&k);
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

static struct map_spec *map_named(const char *name)
{
	return &object.maps[object_find_map(&object, name)];
}

static void follows_the_kernel(void **state)
{
	const struct map_spec *map = map_named("mine");
	struct ops_layout layout;
	const char *name = ops_value_name(&arena, &object, map);
	u32 id = btf_view_find_one(&view, BTF_KIND_STRUCT, name);

	(void)state;
	assert_string_equal(name, "bpf_struct_ops_tcp_congestion_ops");
	assert_no_error(&error, ops_lay_out(&arena, &error, &object, map, &view, id, &layout));
	assert_int_equal(layout.value_type_id, id);
	assert_int_equal(layout.struct_id, btf_view_find_one(&view, BTF_KIND_STRUCT, "tcp_congestion_ops"));
	assert_int_equal(layout.value_size, 128);
	/* Behind 64 bytes: ssthresh, init, flags, cong_avoid, name. */
	assert_true(layout.places[0].member == 0 && layout.places[0].offset == 64);
	assert_true(layout.places[1].member == 3 && layout.places[1].offset == 64 + 24);
	assert_int_equal(load_u32(layout.value + 64 + 16), 5);
	assert_string_equal((const char *)layout.value + 64 + 32, "mine");
	for (u32 i = 0; i < 64 + 16; i++)
		assert_int_equal(layout.value[i], 0);
}

static void what_cannot_be_bridged(void **state)
{
	static const struct {
		const char *name, *message;
	} cases[] = {
		{"without_name", "member 'name': the kernel's struct has no such member, and here it is set"},
		{"without_function", "member 'cong_avoid': the kernel's struct has no such member, and here it is set"},
		{"with_bits", "member 'flags': bit fields"},
		{"with_long", "member 'flags': has 4 bytes, but not in the kernel's struct"},
		{"with_data", "member 'cong_avoid': is no pointer to a function in the kernel"},
		{"with_number", "member 'cong_avoid': is pointer, the kernel's is int"},
	};
	struct map_spec *map = map_named("mine");
	u32 own = map->btf_value_type_id;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct btf_type *t = (struct btf_type *)(uintptr_t)btf_type(&object.btf, own);
		char value[64], name[32];
		struct ops_layout layout;
		int err;
		u32 id;

		/* The object's struct gets the name of the kernel's that it is laid out by. */
		snprintf(value, sizeof(value), "value_of_%s", cases[i].name);
		id = btf_view_find_one(&view, BTF_KIND_STRUCT, value);
		assert_true(id);
		snprintf(name, sizeof(name), "%s", cases[i].name);
		memcpy((char *)(uintptr_t)btf_string(&object.btf, t->name_off), name, strlen(name) + 1);
		err = ops_lay_out(&arena, &error, &object, map, &view, id, &layout);
		assert_int_equal(layout.value_type_id, 0);
		assert_error(&error, err, EOPNOTSUPP, cases[i].message);
	}
}

/* A member that the kernel has not is no matter as long as it is zero; and a struct must be in the value. */
static void what_does_not_matter(void **state)
{
	struct map_spec *map = map_named("linked");
	struct ops_layout layout;
	u32 id = btf_view_find_one(&view, BTF_KIND_STRUCT, "bpf_struct_ops_tcp_congestion_ops"), other;

	(void)state;
	assert_no_error(&error, ops_lay_out(&arena, &error, &object, map, &view, id, &layout));
	map->initial[16] = 1; /* not_known */
	assert_error(&error, ops_lay_out(&arena, &error, &object, map, &view, id, &layout), EOPNOTSUPP,
		"member 'not_known': ");
	other = btf_view_find_one(&view, BTF_KIND_STRUCT, "value_of_with_bits");
	assert_error(&error, ops_lay_out(&arena, &error, &object, map, &view, other, &layout), EINVAL,
		"holds no struct of that name");
	assert_error(&error, ops_lay_out(&arena, &error, &object, map, &view, other, &layout), EINVAL,
		"the kernel's type [");
	assert_error(&error, ops_lay_out(&arena, &error, &object, map, &view, 0, &layout), EINVAL,
		"holds no struct of that name");
}

static struct btf_type *struct_of(struct object *of, const char *name)
{
	u32 id = btf_find(&of->btf, BTF_KIND_STRUCT, name);

	assert_int_not_equal(id, 0);
	return of->btf.index[id];
}

static int lay_out(struct ops_layout *layout)
{
	struct btf_source source = {.data = kernel.btf.data, .size = kernel.btf.size};
	u32 id = btf_find(&kernel.btf, BTF_KIND_STRUCT, "bpf_struct_ops_tcp_congestion_ops");

	assert_no_error(&error, btf_view_open(&view, &arena, &error, &source, NULL));
	return ops_lay_out(&arena, &error, &object, map_named("mine"), &view, id, layout);
}

/* A pointer of the kernel's may be narrower than the object's, and so be the last four bytes of its struct. */
static void pointers_of_a_32_bit_kernel(void **state)
{
	struct btf_type *target = struct_of(&kernel, "tcp_congestion_ops");
	u32 id = btf_find(&kernel.btf, BTF_KIND_INT, "unsigned long");
	struct ops_layout layout;

	(void)state;
	assert_int_not_equal(id, 0);
	btf_members(target)[3].offset = (target->size - 4) * 8;
	assert_error(&error, lay_out(&layout), EOPNOTSUPP,
		"member 'cong_avoid': has 8 bytes, but not in the kernel's struct");
	kernel.btf.index[id]->size = 4;
	assert_no_error(&error, lay_out(&layout));
	assert_true(layout.places[1].member == 3 && layout.places[1].offset == 64 + target->size - 4);
}

static void without_memory(void **state)
{
	struct ops_layout layout;
	int err = -ENOMEM;

	(void)state;
	for (long n = 0; n < 3; n++) {
		arena_fail_after(n);
		err = ops_lay_out(&arena, &error, &object, map_named("mine"), &view,
			btf_view_find_one(&view, BTF_KIND_STRUCT, "bpf_struct_ops_tcp_congestion_ops"), &layout);
		arena_fail_after(-1);
		assert_error(&error, err, ENOMEM, "no memory");
	}
}

/* Types that no compiler writes. */
static void broken_types(void **state)
{
	struct btf_type *target = struct_of(&kernel, "tcp_congestion_ops");
	struct btf_type *local = struct_of(&object, "tcp_congestion_ops");
	struct ops_layout layout;

	(void)state;
	btf_members(target)[2].offset = (target->size - 3) * 8;
	assert_error(
		&error, lay_out(&layout), EOPNOTSUPP, "member 'flags': has 4 bytes, but not in the kernel's struct");
	btf_members(local)[4].offset |= 3 << 24;
	local->info |= 1u << 31;
	assert_error(&error, lay_out(&layout), EOPNOTSUPP, "member 'flags': bit fields");
	btf_members(local)[4].type = 0;
	assert_error(&error, lay_out(&layout), EINVAL, "member 'flags': ");
	struct_of(&kernel, "bpf_struct_ops_tcp_congestion_ops")->size = 64 + target->size - 1;
	assert_error(&error, lay_out(&layout), EINVAL, "bytes at 64 reach beyond");
	target->info += (u32)(BTF_KIND_UNION - BTF_KIND_STRUCT) << 24;
	assert_error(&error, lay_out(&layout), EINVAL, "holds no struct of that name");
}

#define EACH(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(EACH(follows_the_kernel), EACH(what_cannot_be_bridged), EACH(what_does_not_matter),
		EACH(pointers_of_a_32_bit_kernel), EACH(without_memory), EACH(broken_types));
}
