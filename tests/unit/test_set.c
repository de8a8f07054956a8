/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_set.c: other first values for global variables, within the range of their types and nowhere else.
 */
#include "elf_edit.h"
#include "base/memory.h"
#include "base/string.h"
#include "object/set.h"

static struct arena arena;
static struct error error;
static struct object object;
static struct bytes file;

static int set_up(void **state)
{
	(void)state;
	file = read_whole(FIXTURES "variables.bpf.o");
	return object_open(&arena, &error, "variables.bpf.o", file, &object);
}

static int tear_down(void **state)
{
	(void)state;
	bytes_free(file);
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

/* The variable's `size` bytes in its map's first value. */
static const u8 *value_of(const char *name, u64 size)
{
	struct variable variable;

	if (!object_find_variable(&object, name, &variable) || variable.size != size)
		fail_msg("no variable '%s' of %llu bytes", name, size);
	return object.maps[variable.map].initial + variable.offset;
}

static u64 number_of(const char *name, u64 size)
{
	u64 value = 0;

	memcpy(&value, value_of(name, size), size);
	return value;
}

static int set(const char *name, const char *value)
{
	return object_set(&arena, &error, &object, name, value);
}

static void numbers(void **state)
{
	static const struct {
		const char *name, *text;
		u64 size, value;
	} cases[] = {
		{"number", "0", 4, 0},
		{"number", "2147483647", 4, 0x7fffffff},
		{"number", "-2147483648", 4, 0x80000000},
		{"number", "-1", 4, 0xffffffff},
		{"number", "0x10", 4, 16},
		{"number", "010", 4, 8},
		{"tiny", "-128", 1, 0x80},
		{"tiny", "127", 1, 0x7f},
		{"medium", "65535", 2, 0xffff},
		{"large", "18446744073709551615", 8, U64_MAX},
		{"large_signed", "-9223372036854775808", 8, 1ull << 63},
		{"large_signed", "9223372036854775807", 8, U64_MAX >> 1},
		{"enabled", "true", 1, 1},
		{"enabled", "false", 1, 0},
		{"enabled", "1", 1, 1},
		{"color", "GREEN", 4, 7},
		{"color", "RED", 4, 1},
		{"color", "3", 4, 3},
		{"hidden", "9", 4, 9},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_no_error(&error, set(cases[i].name, cases[i].text));
		assert_int_equal(number_of(cases[i].name, cases[i].size), cases[i].value);
	}
}

static void out_of_range(void **state)
{
	static const struct {
		const char *name, *text;
		int errnum;
		const char *message;
	} cases[] = {
		{"number", "2147483648", ERANGE,
			"variables.bpf.o: .rodata: variable 'number': 2147483648 is out of range, expected -2147483648 "
			"to "
			"2147483647"},
		{"number", "-2147483649", ERANGE, "-2147483649 is out of range, expected -2147483648 to 2147483647"},
		{"tiny", "128", ERANGE, "128 is out of range, expected -128 to 127"},
		{"tiny", "-129", ERANGE, "-129 is out of range, expected -128 to 127"},
		{"medium", "65536", ERANGE, "65536 is out of range, expected 0 to 65535"},
		{"medium", "-1", ERANGE, "-1 is out of range, expected 0 to "},
		{"enabled", "2", ERANGE, "2 is out of range, expected 0 to 1"},
		{"large", "-1", ERANGE, "-1 is out of range, expected 0 to "},
		{"large", "18446744073709551616", EINVAL, "is no number of at most 64 bits"},
		{"large_signed", "9223372036854775808", ERANGE, "expected -9223372036854775808 to 9223372036854775807"},
		{"large_signed", "-9223372036854775809", EINVAL, "is no number of at most 64 bits"},
		{"number", "", EINVAL, "'' is no number"},
		{"number", "-", EINVAL, "'-' is no number"},
		{"number", "12x", EINVAL, "'12x' is no number"},
		{"number", " 12", EINVAL, "' 12' is no number"},
		{"color", "BLUE", EINVAL, "'BLUE' is no number of at most 64 bits, no enumerator, true or false"},
		{"enabled", "True", EINVAL, "'True' is no number"},
		{"ratio", "1", EINVAL, "variable 'ratio': is float 'float', expected"},
		{"numbers", "1", EINVAL, "variable 'numbers': is array '', expected"},
		{"nothing", "1", ENOENT, "variables.bpf.o: there is no global variable 'nothing'"},
		{"numbr", "1", ENOENT, "there is no global variable 'numbr'; nearest: 'number'"},
		{"prog", "1", ENOENT, "there is no global variable 'prog'"},
		{"", "1", ENOENT, "there is no global variable ''"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_error(&error, set(cases[i].name, cases[i].text), cases[i].errnum, cases[i].message);
	assert_int_equal(number_of("number", 4), 5);
	assert_int_equal(number_of("tiny", 1), 0xff);
}

static void text(void **state)
{
	(void)state;
	assert_no_error(&error, set("comm", "bash"));
	assert_memory_equal(value_of("comm", 16), "bash\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_no_error(&error, set("comm", ""));
	assert_memory_equal(value_of("comm", 16), "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	assert_no_error(&error, set("comm", "fifteen letters"));
	assert_string_equal(value_of("comm", 16), "fifteen letters");
	assert_error(&error, set("comm", "sixteen letters!"), ERANGE,
		"variable 'comm': the text has 16 bytes, the array holds 15 and a NUL");
	assert_string_equal(value_of("comm", 16), "fifteen letters");
	assert_no_error(&error, set("raw", "abc"));
	assert_memory_equal(value_of("raw", 4), "abc", 4);
}

/* .bss has no first value until someone wants one. */
static void first_in_bss(void **state)
{
	(void)state;
	assert_null(object.maps[object_find_map(&object, ".bss")].initial);
	arena_fail_after(0);
	assert_error(&error, set("large", "1"), ENOMEM, ".bss: variable 'large': no memory");
	arena_fail_after(-1);
	assert_no_error(&error, set("large", "1"));
	assert_int_equal(number_of("large", 8), 1);
	assert_int_equal(number_of("medium", 2), 0);
}

/* Our compiler writes no 64-bit enums: the array's type becomes one, with the name of another enum's value. */
static void large_enums(void **state)
{
	u32 array = btf_type(&object.btf, btf_find(&object.btf, BTF_KIND_VAR, "numbers"))->type, id = array;
	const struct btf_type *color = btf_type(&object.btf, btf_find(&object.btf, BTF_KIND_ENUM, "color"));
	struct btf_enum64_words *value;

	(void)state;
	while (btf_kind(btf_type(&object.btf, id)) != BTF_KIND_ARRAY)
		id = btf_type(&object.btf, id)->type;
	object.btf.index[id]->info = (u32)KIND_ENUM64 << 24 | 1;
	object.btf.index[id]->size = 8;
	value = btf_rows(object.btf.index[id]);
	*value = (struct btf_enum64_words){btf_enums(color)[1].name_off, 1, 2};
	assert_no_error(&error, set("numbers", "GREEN"));
	assert_int_equal(load_u64(value_of("numbers", 12)), 2ull << 32 | 1);
	assert_error(&error, set("numbers", "BLUE"), EINVAL, "'BLUE' is no number");
}

/* Types and symbols that do not agree: the smaller one counts. */
static void lying_types(void **state)
{
	struct variable variable;

	(void)state;
	assert_true(object_find_variable(&object, "tiny", &variable));
	object.btf.index[btf_resolve(&object.btf, variable.type_id)]->size = 8;
	assert_error(&error, set("tiny", "1"), EINVAL, "expected an integer, enum or char array that fits");
	object.btf.type_count = 0;
	assert_error(&error, set("number", "1"), EINVAL, "no BTF says what it is; compile with -g");
}

#define EACH(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	return RUN(EACH(numbers), EACH(out_of_range), EACH(text), EACH(first_in_bss), EACH(large_enums),
		EACH(lying_types));
}
