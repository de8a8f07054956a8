/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_kconfig.c: what a line of a .config becomes in a variable of each type, and which kernel a version tells of.
 */
#include "unit.h"
#include "kernel/kconfig.h"

static struct error error;

static const struct extern_spec kinds[] = {
	{.name = "bool", .kconfig_type = KCONFIG_BOOL, .size = 1},
	{.name = "char", .kconfig_type = KCONFIG_CHAR, .is_signed = true, .size = 1},
	{.name = "u8", .kconfig_type = KCONFIG_CHAR, .size = 1},
	{.name = "s16", .kconfig_type = KCONFIG_NUMBER, .is_signed = true, .size = 2},
	{.name = "u16", .kconfig_type = KCONFIG_NUMBER, .size = 2},
	{.name = "s32", .kconfig_type = KCONFIG_NUMBER, .is_signed = true, .size = 4},
	{.name = "u32", .kconfig_type = KCONFIG_NUMBER, .size = 4},
	{.name = "s64", .kconfig_type = KCONFIG_NUMBER, .is_signed = true, .size = 8},
	{.name = "u64", .kconfig_type = KCONFIG_NUMBER, .size = 8},
	{.name = "tristate", .kconfig_type = KCONFIG_TRISTATE, .size = 4},
	{.name = "tristate64", .kconfig_type = KCONFIG_TRISTATE, .size = 8},
	{.name = "char[4]", .kconfig_type = KCONFIG_STRING, .size = 4},
	{.name = "char[1]", .kconfig_type = KCONFIG_STRING, .size = 1},
};

static const struct extern_spec *kind_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	fail_msg("no kind '%s'", name);
	return NULL;
}

/* The variable stands in the middle of bytes that nobody may touch. */
static void fits(const char *name, const char *value, const void *expected)
{
	const struct extern_spec *external = kind_of(name);
	u8 bytes[24];

	memset(bytes, 0xee, sizeof(bytes));
	memset(bytes + 8, 0, external->size);
	assert_no_error(&error, kconfig_store(&error, external, value, bytes + 8));
	if (memcmp(bytes + 8, expected, external->size))
		fail_msg("%s %s: %02x %02x …", name, value, bytes[8], bytes[9]);
	for (size_t i = 0; i < sizeof(bytes); i++)
		if (i < 8 || i >= 8 + external->size)
			assert_int_equal(bytes[i], 0xee);
}

static void refused(const char *name, const char *value, int errnum, const char *message)
{
	u8 bytes[8];

	assert_error(&error, kconfig_store(&error, kind_of(name), value, bytes), errnum, message);
}

static void letters(void **state)
{
	(void)state;
	fits("bool", "y", &(u8){1});
	fits("bool", "n", &(u8){0});
	refused("bool", "m", EINVAL, "its value is m, expected y or n");
	fits("char", "m", "m");
	fits("u8", "y", "y");
	fits("tristate", "n", &(u32){0});
	fits("tristate", "y", &(u32){1});
	fits("tristate", "m", &(u32){2});
	fits("tristate64", "m", &(u64){2});
	refused("s32", "y", EINVAL, "its value is y, expected a number");
	refused("char[4]", "n", EINVAL, "its value is n, expected a string");
}

static void numbers(void **state)
{
	(void)state;
	fits("s32", "250", &(s32){250});
	fits("u32", "0xffffffff", &(u32){0xffffffff});
	fits("s32", "-2147483648", &(s32){-2147483647 - 1});
	fits("s32", "017", &(s32){15});
	fits("s16", "32767", &(s16){32767});
	fits("s16", "-32768", &(s16){-32768});
	fits("u16", "65535", &(u16){65535});
	fits("char", "-128", &(s8){-128});
	fits("u8", "255", &(u8){255});
	fits("u64", "0xffffffffffffffff", &(u64){U64_MAX});
	fits("s64", "-1", &(s64){-1});
	refused("s32", "2147483648", ERANGE, "its value is 2147483648, expected a number that fits into the variable");
	refused("s16", "-32769", ERANGE, "its value is -32769");
	refused("u16", "65536", ERANGE, "is 65536");
	refused("u16", "-1", ERANGE, "is -1");
	refused("char", "128", ERANGE, "is 128, expected y, n, m or a number that fits");
	refused("u64", "18446744073709551616", EINVAL, "is 18446744073709551616, expected a number");
	refused("s32", "12x", EINVAL, "expected a number");
	refused("s32", "", EINVAL, "expected a number");
	refused("bool", "1", EINVAL, "is 1, expected y or n");
	refused("tristate", "1", EINVAL, "is 1, expected y, n or m");
	refused("char[4]", "1", EINVAL, "is 1, expected a string");
}

static void strings(void **state)
{
	(void)state;
	fits("char[4]", "\"abc\"", "abc");
	fits("char[4]", "\"\"", "\0\0\0");
	fits("char[4]", "\"abcd\"", "abc"); /* cut */
	fits("char[4]", "\"a\"b\"", "a\"b");
	fits("char[1]", "\"abc\"", "");
	refused("char[4]", "\"abc", EINVAL, "is \"abc, expected a string");
	refused("char[4]", "\"", EINVAL, "is \", expected a string");
	refused("s32", "\"abc\"", EINVAL, "is \"abc\", expected a number");
}

static void versions(void **state)
{
	static const struct {
		const char *text;
		u32 version;
	} cases[] = {
		{"6.1.140", 0x06018c},
		{"5.10.0-33-amd64", 0x050a00},
		{"Debian 6.12.43-1 (2025-08-27)", 0x060c2b},
		{"6.18.44-fc-v595", 0x06122c},
		{"4.19.325+", 0x0413ff}, /* as the kernel's own KERNEL_VERSION() has it */
		{"7.2-rc1", 0x070200},
		{"7", 0x070000},
		{"7.x", 0x070000},
		{"", 0},
		{"none", 0},
		{"5.4.3.2", 0x050403},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (kernel_version_parse(cases[i].text) != cases[i].version)
			fail_msg("%s: 0x%x", cases[i].text, kernel_version_parse(cases[i].text));
	assert_in_range(kernel_version(), 0x040000, 0xffffff);
}

int main(void)
{
	return RUN(TEST(letters), TEST(numbers), TEST(strings), TEST(versions));
}
