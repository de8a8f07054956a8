/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_syscall_numbers.c: the three columns of src/base/syscall_numbers.h against the kernel's own headers, as far as
 * they are installed: asm-generic/unistd.h always, x86_64's and arm's where the package is there.
 */
#include "unit.h"
#include "base/types.h"

enum { X86_64, ARM, GENERIC, MACHINES };

/* Where a 32-bit machine has two, the variant with 64-bit offsets or times is meant (man 2 syscalls). */
static const struct {
	const char *name, *on_arm;
} arm_names[] = {{"mmap", "mmap2"}, {"fcntl", "fcntl64"}, {"clock_gettime", "clock_gettime64"}};

static const char *const headers[MACHINES][3] = {
	[X86_64] = {"/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h",
		"/usr/x86_64-linux-gnu/include/asm/unistd_64.h"},
	[ARM] = {"/usr/arm-linux-gnueabihf/include/asm/unistd-common.h",
		"/usr/include/arm-linux-gnueabihf/asm/unistd-common.h",
		"/usr/arm-linux-gnueabihf/include/asm/unistd-eabi.h"},
	[GENERIC] = {"/usr/include/asm-generic/unistd.h"},
};

/* The number that `#define __NR_name 12` or `#define __NR3264_name 12` gives; arm writes (__NR_SYSCALL_BASE + 12). */
static int number_in(const char *path, const char *name)
{
	char line[256], macro[64], value[64];
	FILE *file = fopen(path, "r");
	int number = -1;

	while (file && fgets(line, sizeof(line), file)) {
		const char *digits, *prefix;

		if (sscanf(line, "#define %63s %63[^\n]", macro, value) != 2)
			continue;
		prefix = strncmp(macro, "__NR3264_", 9) ? "__NR_" : "__NR3264_";
		if (strncmp(macro, prefix, strlen(prefix)) || strcmp(macro + strlen(prefix), name))
			continue;
		digits = strpbrk(value, "0123456789");
		if (digits && number < 0)
			number = atoi(digits);
	}
	if (file)
		fclose(file);
	return number;
}

static void check_machine(int machine)
{
	FILE *table = fopen("src/base/syscall_numbers.h", "r");
	const char *path = NULL;
	char line[256], name[64];
	int numbers[MACHINES], rows = 0;

	for (size_t i = 0; !path && i < 3 && headers[machine][i]; i++)
		if (number_in(headers[machine][i], "read") >= 0)
			path = headers[machine][i];
	assert_non_null(table);
	while (path && fgets(line, sizeof(line), table)) {
		const char *kernels_name = name;

		if (sscanf(line, " SYS_%63[a-z0-9_] = NUMBER( %d , %d , %d )", name, &numbers[0], &numbers[1],
			    &numbers[2]) != 4)
			continue;
		rows++;
		for (size_t i = 0; machine == ARM && i < ARRAY_SIZE(arm_names); i++)
			if (!strcmp(name, arm_names[i].name))
				kernels_name = arm_names[i].on_arm;
		if (number_in(path, kernels_name) != numbers[machine])
			fail_msg("%s is %d, %s says %d", name, numbers[machine], path, number_in(path, kernels_name));
	}
	fclose(table);
	if (!path) {
		print_message("none of the kernel's headers for this machine is installed\n");
		skip();
	}
	assert_true(rows >= 39);
}

static void x86_64(void **state)
{
	(void)state;
	check_machine(X86_64);
}

static void arm(void **state)
{
	(void)state;
	check_machine(ARM);
}

static void generic(void **state)
{
	(void)state;
	check_machine(GENERIC);
}

int main(void)
{
	return RUN(TEST(x86_64), TEST(arm), TEST(generic));
}
