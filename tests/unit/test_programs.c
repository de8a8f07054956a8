/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_programs.c: functions found by more than a typed symbol: in objects of old compilers, and by a tag.
 */
#define EDITED FIXTURES "functions.bpf.o"

#include "edited.h"
#include "relocate/link.h"

static struct object object;

static void open_edited(void)
{
	assert_no_error(&error, object_open(&arena, &error, "functions.bpf.o", e.file, &object));
}

/* The functions of a program's image, in their order, as "main,first,second". */
static void assert_parts(const char *program, const char *expected)
{
	const int fds[8] = {3, 4, 5, 6, 7, 8, 9, 10};
	const struct extern_value values[8] = {{0}};
	const struct link_input input = {fds, values, NULL};
	const struct prog_spec *prog = object_find_prog(&object, program);
	struct prog_image image;
	char parts[256] = "";

	assert_non_null(prog);
	assert_no_error(&error, link_program(&arena, &error, &object, prog, &input, &image));
	for (u32 i = 0; i < image.part_count; i++) {
		strcat(parts, i ? "," : "");
		strcat(parts, image.parts[i].prog->name);
	}
	assert_string_equal(parts, expected);
	/* Each has a record, or the kernel would not find the handler by its name. */
	assert_int_equal(image.func_info_count, image.part_count);
}

static void exception_callbacks(void **state)
{
	(void)state;
	open_edited();
	/* What the handler calls is there already. */
	assert_parts("thrower", "thrower,note,handler");
	assert_parts("tagged_wrongly", "tagged_wrongly");
	assert_parts("caller", "caller,hidden");
	assert_null(object_find_prog(&object, "caller")->exception_callback);
}

/* Compilers before LLVM 8 give functions no type, and label each jump's target. */
static void untyped(void **state)
{
	static const char *const names[] = {"note", "handler", "thrower", "tagged_wrongly", "hidden", "caller"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		Elf64_Sym *symbol = edit_symbol(&e, names[i]);

		symbol->st_info = (unsigned char)(symbol->st_info & 0xf0) | STT_NOTYPE;
		symbol->st_size = 0;
	}
	open_edited();
	assert_int_equal(object.prog_count, ARRAY_SIZE(names));
	assert_parts("caller", "caller,hidden");
	assert_parts("thrower", "thrower,note,handler");
}

/* Where functions have a type, what has none and is local is a label. Who calls it cannot be linked, others can. */
static void labels(void **state)
{
	Elf64_Sym *symbol = edit_symbol(&e, "hidden");
	struct prog_image image;

	(void)state;
	symbol->st_info = (unsigned char)(symbol->st_info & 0xf0) | STT_NOTYPE;
	open_edited();
	assert_error(&error,
		link_program(
			&arena, &error, &object, object_find_prog(&object, "caller"), &(struct link_input){0}, &image),
		EINVAL, "where no function begins");
	assert_parts("thrower", "thrower,note,handler");
}

int main(void)
{
	return RUN(EACH(exception_callbacks), EACH(untyped), EACH(labels));
}
