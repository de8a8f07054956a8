/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_wanted.c: kernel functions and variables found by name and type, and the places of variables in .kconfig.
 * externs_kernel.bpf.c plays the kernel.
 */
#include "unit.h"
#include "base/string.h"
#include "relocate/wanted.h"

static struct arena arena;
static struct error error;
static struct bytes file, kernel_file;
static struct object object, kernel;
static struct btf_view view;
static struct wanted wanted;

static int set_up(void **state)
{
	struct btf_source source;

	(void)state;
	file = read_whole(FIXTURES "externs.bpf.o");
	kernel_file = read_whole(FIXTURES "externs_kernel.bpf.o");
	assert_no_error(&error, object_open(&arena, &error, "externs", file, &object));
	assert_no_error(&error, object_open(&arena, &error, "kernel", kernel_file, &kernel));
	source = (struct btf_source){.data = kernel.btf.data, .size = kernel.btf.size};
	assert_no_error(&error, btf_view_open(&view, &arena, &error, &source, NULL));
	assert_no_error(&error, wanted_list(&arena, &error, &object, &wanted));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bytes_free(file);
	bytes_free(kernel_file);
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

static u32 index_of(const char *name)
{
	int index = object_find_extern(&object, name, strlen(name));

	if (index < 0)
		fail_msg("no extern '%s'", name);
	return (u32)index;
}

static struct wanted_type *wanted_of(const char *name)
{
	return &wanted.externs[index_of(name)];
}

static int find(int btf_fd, const char *module)
{
	return wanted_find(&wanted, &error, &view, btf_fd, module);
}

static int fits(const char *name)
{
	return wanted_fits(&error, &object, &object.externs[index_of(name)], wanted_of(name));
}

static void assert_found(const char *name, const char *in_kernel, u32 kind, int btf_fd)
{
	const struct wanted_type *type = wanted_of(name);

	if (type->btf_fd != btf_fd || type->view != &view || !type->id ||
		type->id != btf_find(&kernel.btf, kind, in_kernel))
		fail_msg("'%s': [%u]", name, type->id);
}

static void by_name(void **state)
{
	static const char *const absent[] = {"nowhere", "no_variable", "by_address", "variable_not_function"};

	(void)state;
	wanted_of("in_module")->module = "another";
	wanted_of("in_module")->module_len = 7;
	assert_no_error(&error, find(0, "vmlinux"));
	assert_found("same", "same", BTF_KIND_FUNC, 0);
	assert_found("variable", "variable", BTF_KIND_VAR, 0);
	assert_found("same___flavored", "same", BTF_KIND_FUNC, 0);
	for (size_t i = 0; i < ARRAY_SIZE(absent); i++)
		assert_int_equal(wanted_of(absent[i])->id, 0);
	assert_null(wanted_of("by_address")->query);
	assert_int_equal(wanted_of("in_module")->id, 0);
	/* The same once more, now as a module's: what was found stays as it was. */
	assert_no_error(&error, find(17, "another"));
	assert_found("same", "same", BTF_KIND_FUNC, 0);
	assert_found("in_module", "in_module", BTF_KIND_FUNC, 17);
	/* Types without a name of their own are a file's, which stands for all of a kernel. */
	wanted_of("in_module")->id = 0;
	assert_no_error(&error, find(0, NULL));
	assert_found("in_module", "in_module", BTF_KIND_FUNC, 0);
}

/* What programs attach to, in a module or not, and the structs that the kernel keeps maps' values in. */
static void programs_and_maps(void **state)
{
	struct bytes programs = read_whole(FIXTURES "context.bpf.o"), maps = read_whole(FIXTURES "maps.bpf.o");
	const char *targets[] = {"f", "net:f"};
	struct object other;
	struct btf_query *query;

	(void)state;
	assert_no_error(&error, object_open(&arena, &error, "context", programs, &other));
	for (u32 i = 0; i < 2; i++) {
		struct prog_spec *prog = (struct prog_spec *)(uintptr_t)object_find_prog(&other, "entry");
		u32 entry = (u32)(prog - other.progs);

		prog->target = targets[i];
		assert_no_error(&error, wanted_list(&arena, &error, &other, &wanted));
		query = wanted.progs[entry].query;
		assert_true(wanted.query_count == 1 && query && query->kinds == 1u << BTF_KIND_FUNC);
		assert_memory_equal(query->name, "f", 2);
		assert_int_equal(wanted.progs[entry].module_len, i ? 3 : 0);
		assert_true(!i || !strncmp(wanted.progs[entry].module, "net", 3));
		assert_null(wanted.progs[object_find_prog(&other, "packet") - other.progs].query);
	}
	assert_no_error(&error, object_open(&arena, &error, "maps", maps, &other));
	assert_no_error(&error, wanted_list(&arena, &error, &other, &wanted));
	query = wanted.maps[object_find_map(&other, "mine")].query;
	assert_true(query && query->kinds == 1u << BTF_KIND_STRUCT);
	assert_string_equal(query->name, "bpf_struct_ops_tcp_congestion_ops");
	for (long n = 0; n < 4; n++) { /* the last of them is for the name */
		int err;

		arena_fail_after(n);
		err = wanted_list(&arena, &error, &other, &wanted);
		arena_fail_after(-1);
		assert_error(&error, err, ENOMEM, "no memory");
	}
	bytes_free(programs);
	bytes_free(maps);
}

static void by_type(void **state)
{
	struct extern_spec *other = &object.externs[index_of("other_type")];
	struct extern_spec *variable = &object.externs[index_of("variable")];

	(void)state;
	assert_no_error(&error, find(0, NULL));
	assert_int_equal(fits("same"), 1);
	assert_int_equal(fits("variable"), 1);
	assert_int_equal(fits("same___flavored"), 0); /* it is weak, and of another type */
	assert_int_equal(fits("takes_declared"), 0);  /* a declaration is no struct: so libbpf has it */
	other->is_weak = true;
	assert_int_equal(fits("other_type"), 0);
	other->is_weak = false;
	assert_error(&error, fits("other_type"), EINVAL, "the kernel's function of that name is of another type");
	variable->is_weak = true;
	variable->type_id = object.externs[index_of("no_variable")].type_id;
	assert_error(&error, fits("variable"), EINVAL, "the kernel's variable");
	/* Functions that take themselves. */
	for (u32 i = 0; i < 2; i++) {
		const struct btf *btf = i ? &kernel.btf : &object.btf;
		const struct btf_type *func = btf_type(btf, btf_find(btf, BTF_KIND_FUNC, "other_type"));

		btf_params(btf->index[func->type])->type = func->type;
	}
	assert_error(&error, fits("other_type"), EINVAL, "types nest more than");
}

static void without_memory(void **state)
{
	int err = 1;

	(void)state;
	for (long n = 0; err; n++) {
		arena_fail_after(n);
		err = wanted_list(&arena, &error, &object, &wanted);
		err = err ? err : find(0, NULL);
		arena_fail_after(-1);
		if (err)
			assert_error(&error, err, ENOMEM, "no memory");
		assert_true(n < 100);
	}
}

/* The widest first, then the smallest, then by name: where libbpf puts them. */
static void places_in_kconfig(void **state)
{
	static const struct {
		const char *name;
		enum kconfig_type type;
		u64 offset, size;
	} places[] = {
		{"CONFIG_Z_WIDE", KCONFIG_NUMBER, 0, 8},
		{"CONFIG_A_TRISTATE", KCONFIG_TRISTATE, 8, 4},
		{"CONFIG_B_NUMBER", KCONFIG_NUMBER, 12, 4},
		{"CONFIG_HALF", KCONFIG_NUMBER, 16, 2},
		{"CONFIG_A_BOOL", KCONFIG_BOOL, 18, 1},
		{"CONFIG_A_TEXT_TOO", KCONFIG_STRING, 19, 3},
		{"CONFIG_A_TEXT", KCONFIG_STRING, 22, 5},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const struct extern_spec *external = &object.externs[index_of(places[i].name)];

		if (external->kind != EXTERN_KCONFIG || external->kconfig_type != places[i].type ||
			external->offset != places[i].offset || external->size != places[i].size)
			fail_msg("%s: type %d, %llu bytes at %llu", external->name, external->kconfig_type,
				external->size, external->offset);
	}
	assert_int_equal(object.maps[object_find_map(&object, ".kconfig")].value_size, 27);
	assert_int_equal(object_find_extern(&object, "CONFIG_A_TEXT_TOO", 13), (int)index_of("CONFIG_A_TEXT"));
	assert_int_equal(object_find_extern(&object, "CONFIG_A_TE", 11), -1);
	assert_int_equal(object_find_extern(&object, "", 0), -1);
}

#define EACH(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(
		EACH(by_name), EACH(programs_and_maps), EACH(by_type), EACH(without_memory), EACH(places_in_kconfig));
}
