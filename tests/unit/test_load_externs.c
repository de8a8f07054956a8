/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_load_externs.c: values for externs: the kernel's configuration, its version, and addresses of its symbols.
 */
#include "made_up_kernel.h"
#include "kernel/kallsyms.h"
#include "kernel/kconfig.h"

/* CONFIG_BPF=y, CONFIG_CC_VERSION_TEXT="clang", CONFIG_BPF=n */
static const char config_gz[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x73\xf6\xf7\x73\xf3\x74\x8f\x77\x0a\x70\xb3"
				"\xad\xe4\x72\x86\x70\x9c\x9d\xe3\xc3\x5c\x83\x82\x3d\xfd\xfd\xe2\x43\x5c\x23\x42\x6c"
				"\x95\x92\x73\x12\xf3\xd2\x95\x60\xd2\x20\xb5\x79\x00\xee\x82\x55\xd6\x38\x00\x00\x00";

/* As if nothing had been asked yet. */
static void forget_values(void)
{
	memset(live.externs, 0, object.extern_count * sizeof(*live.externs));
}

static const u8 *value_of(const char *name)
{
	int i = object_find_extern(&object, name, strlen(name));

	assert_true(i >= 0);
	return object.maps[object.kconfig_map].initial + object.externs[i].offset;
}

static u32 version(void)
{
	u32 number;

	memcpy(&number, value_of("LINUX_KERNEL_VERSION"), sizeof(number));
	return number;
}

static void configuration(void **state)
{
	(void)state;
	for (int times = 0; times < 2; times++) { /* of several objects each reads it anew */
		open_object(KINDS);
		put_bytes("/proc/config.gz", config_gz, sizeof(config_gz) - 1);
		assert_no_error(&error, kconfig_resolve(&error, &object, live.externs));
		assert_int_equal(*value_of("CONFIG_BPF"), 1);
		assert_string_equal((const char *)value_of("CONFIG_CC_VERSION_TEXT"), "clang");
		assert_int_equal(version(), 5 << 16 | 4 << 8);
		start_over();
	}
	open_object(KINDS);
	put_file("/proc/config.gz", "no gzip");
	put_file("/proc/version_signature", "Ubuntu 5.15.0-107.117-generic 5.15.149\n");
	assert_no_error(&error, kconfig_resolve(&error, &object, live.externs)); /* what is left is weak */
	assert_int_equal(version(), 5 << 16 | 15 << 8 | 149);
	object.externs[object_find_extern(&object, "CONFIG_BPF", 10)].is_weak = false;
	forget_values();
	assert_error(&error, kconfig_resolve(&error, &object, live.externs), ENOENT,
		"CONFIG_BPF has no value in /boot/config-5.4.0-test or /proc/config.gz, which cannot be read");
	/* The file beside the kernel goes first, and is all there is. */
	put_file("/boot/config-5.4.0-test", "CONFIG_BPF=m\n");
	forget_values();
	assert_error(&error, kconfig_resolve(&error, &object, live.externs), EINVAL, "its value is m, expected y or n");
	put_bytes("/proc/config.gz", config_gz, sizeof(config_gz) - 1);
	put_file("/boot/config-5.4.0-test", "CONFIG_X=y\n");
	forget_values();
	assert_error(
		&error, kconfig_resolve(&error, &object, live.externs), ENOENT, "no value in /boot/config-5.4.0-test");
}

/* Opens the object with another name for the extern LINUX_KERNEL_VERSION, an int; they stay sorted. */
static struct extern_spec *open_with(const char *name)
{
	struct extern_spec *number;

	start_over();
	open_object(KINDS);
	number = &object.externs[object_find_extern(&object, "LINUX_KERNEL_VERSION", 20)];
	number->name = name;
	return number;
}

static int resolve(void)
{
	return kconfig_resolve(&error, &object, live.externs);
}

static void lines(void **state)
{
	static const char refusal[] = "CONFIG_BPF: its value is m, expected y or n";

	(void)state;
	open_with("CONFIG_Z")->is_weak = true;
	/* What nobody asks for, what is no line of a configuration, what is there twice. */
	put_file("/boot/config-5.4.0-test", "#\nCONFIG_A=1\nbpf_prog_active=1\nCONFIG_BPF=y\nCONFIG_BPF=n\n");
	assert_no_error(&error, resolve());
	assert_int_equal(*value_of("CONFIG_BPF"), 1);
	/* The first that is wrong is told. */
	forget_values();
	put_file("/boot/config-5.4.0-test", "CONFIG_BPF=m\nCONFIG_CC_VERSION_TEXT=y\n");
	assert_int_equal(resolve(), -EINVAL);
	assert_string_equal(error.message, refusal);
	open_with("CONFIG_Z");
	put_bytes("/proc/config.gz", config_gz, sizeof(config_gz) - 1);
	assert_error(&error, resolve(), ENOENT, "CONFIG_Z has no value in /proc/config.gz");
}

static void facts(void **state)
{
	struct extern_spec *number;

	(void)state;
	open_with("LINUX_KERNEL_VERSION");
	kernel.version = "#1 SMP PREEMPT_DYNAMIC Debian 6.1.140-1 (2025-05-22)";
	assert_no_error(&error, resolve());
	assert_int_equal(version(), 6 << 16 | 1 << 8 | 140);
	open_with("LINUX_HAS_BPF_COOKIE");
	assert_no_error(&error, resolve());
	assert_int_equal(*value_of("LINUX_HAS_BPF_COOKIE"), 1);
	assert_int_equal(nth(BPF_PROG_LOAD, 0)->attr.insn_cnt, 2);
	open_with("LINUX_HAS_BPF_COOKIE");
	kernel.answer = forbids;
	assert_no_error(&error, resolve());
	assert_int_equal(*value_of("LINUX_HAS_BPF_COOKIE"), 0);
	open_with("LINUX_HAS_SYSCALL_WRAPPER");
	put_file("/proc/kallsyms", "c100 T __x64_sys_bpf\nc200 T __arm64_sys_bpf\nc300 T __riscv_sys_bpf\n");
	assert_no_error(&error, resolve());
#ifdef __arm__
	assert_int_equal(*value_of("LINUX_HAS_SYSCALL_WRAPPER"), 0);
#else
	assert_int_equal(*value_of("LINUX_HAS_SYSCALL_WRAPPER"), 1);
#endif
	assert_int_equal(kernel.count, 0);
	/* Of the future only what is weak; and none but the kernel's. */
	open_with("LINUX_WILL_BE")->is_weak = true;
	assert_no_error(&error, resolve());
	assert_int_equal(*value_of("LINUX_WILL_BE"), 0);
	open_with("LINUX_WILL_BE");
	assert_error(&error, resolve(), EINVAL, "LINUX_WILL_BE is none of CONFIG_");
	open_with("LUNIX")->is_weak = true;
	assert_error(&error, resolve(), EINVAL, "LUNIX is none of CONFIG_");
	number = open_with("LINUX_KERNEL_VERSION");
	number->kconfig_type = KCONFIG_BOOL;
	number->size = 1;
	put_file("/boot/config-5.4.0-test", "CONFIG_BPF=m\n"); /* is not read any more */
	assert_int_equal(resolve(), -ERANGE);
	assert_string_equal(error.message,
		"LINUX_KERNEL_VERSION: its value is 328704, expected y or n that fits into the variable");
}

static void addresses(void **state)
{
	u32 i, function;

	(void)state;
	open_object(KINDS);
	i = (u32)object_find_extern(&object, "bpf_prog_active", 15);
	for (u32 k = 0; k < object.extern_count; k++)
		object.externs[k].is_weak = k != i;
	put_file("/boot/config-5.4.0-test", "");
	put_file("/proc/kallsyms",
		"c100 T kernel_function\nc200 D bpf_prog_active\nc200 d bpf_prog_active\t[m]\n0 D z\n");
	live.wanted.externs[i].query = NULL;
	assert_no_error(&error, load_externs(&live));
	assert_true(live.externs[i].state == EXTERN_ADDRESS && live.externs[i].address == 0xc200);
	/* A function's address is of no use for a call. */
	assert_int_equal(live.externs[object_find_extern(&object, "kernel_function", 15)].state, EXTERN_ABSENT);
	forget_values();
	put_file("/proc/kallsyms", "c100 T a_\n0 D z\n");
	assert_error(&error, load_externs(&live), ENOENT,
		"x.bpf.o: extern 'bpf_prog_active': this kernel has no such "
		"symbol in /proc/kallsyms");
	put_file("/proc/kallsyms", "c100 T kernel_function\nc200 D bpf_prog_active\nc300 d bpf_prog_active\t[m]\n");
	assert_error(&error, load_externs(&live), EINVAL, "two symbols of that name");
	forget_values();
	put_file("/proc/kallsyms", "0 T kernel_function\n0 D bpf_prog_active\n");
	assert_error(&error, load_externs(&live), EPERM, "shows no addresses (kernel.kptr_restrict)");
	object.externs[i].is_weak = true;
	assert_no_error(&error, load_externs(&live));
	assert_int_equal(live.externs[i].state, EXTERN_ABSENT);
	assert_int_equal(live.externs[object_find_extern(&object, "LINUX_KERNEL_VERSION", 20)].state, EXTERN_VALUE);
	/* One that is known by its type has no need of an address. */
	function = (u32)object_find_extern(&object, "kernel_function", 15);
	object.externs[function].is_weak = false;
	assert_error(&error, load_externs(&live), ENOENT, "extern 'kernel_function'");
	object.externs[function].is_weak = true;
	/* Of one that BTF does not know, whoever refers to it is told. */
	object.externs[i].is_weak = false;
	object.externs[i].kind = EXTERN_UNKNOWN;
	assert_no_error(&error, load_externs(&live));
}

/* By name and type in the kernel's types and its modules'; a function has its module's place in a list besides. */
static void types(void **state)
{
	enum { KERNEL, ONE, TWO };
	static const struct {
		const char *name;
		enum extern_state state;
		int part;
		u16 fd_index;
	} cases[] = {{"same", EXTERN_BTF, ONE, 1}, {"in_module", EXTERN_BTF, ONE, 1}, {"nowhere", EXTERN_BTF, TWO, 2},
		{"variable", EXTERN_BTF, ONE, 0}, {"no_variable", EXTERN_BTF, TWO, 0},
		{"other_type", EXTERN_ABSENT, 0, 0}, {"by_address", EXTERN_ADDRESS, 0, 0}};
	int fds[3] = {0};

	(void)state;
	put_file("/boot/config-5.4.0-test", "");
	put_file("/proc/kallsyms", "c100 T same\nc200 D by_address\nc300 D variable\n");
	put_types(FIXTURES "kernel_ops.bpf.o");
	fds[ONE] = put_module(FIXTURES "externs_kernel.bpf.o");
	fds[TWO] = put_module(FIXTURES "externs.bpf.o");
	open_object(FIXTURES "externs.bpf.o");
	assert_no_error(&error, load_externs(&live));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *name = cases[i].name;
		const struct extern_value *value = &live.externs[object_find_extern(&object, name, strlen(name))];

		if (value->state != cases[i].state || value->fd_index != cases[i].fd_index ||
			value->btf_fd != fds[cases[i].part] || !value->btf_id != (value->state != EXTERN_BTF))
			fail_msg("%s: %d in %d, %u", name, value->state, value->btf_fd, value->fd_index);
	}
	assert_int_equal(live.fd_array_count, 3);
	assert_true(live.fd_array[0] == 0 && live.fd_array[1] == fds[ONE] && live.fd_array[2] == fds[TWO]);
}

static void types_that_are_not_there(void **state)
{
	static const struct {
		const char *name, *kernel;
		int unlisted, errnum;
		const char *message;
	} cases[] = {
		{"nowhere", "externs_kernel", 0, ENOENT,
			"'nowhere': this kernel has no such function in its BTF or its"},
		{"no_variable", "externs_kernel", 0, ENOENT, "': this kernel has no such variable in its BTF or its"},
		{"no_variable", "externs_kernel", EPERM, EPERM,
			"'no_variable' is not in the kernel's BTF, and its modules'"},
		{"other_type", "externs_kernel", EPERM, EINVAL,
			"'other_type': the kernel's function of that name is of an"},
		{"CONFIG_A_BOOL", "externs_kernel", 0, ENOENT, "x.bpf.o: CONFIG_A_BOOL has no value in /boot/config-5"},
		{"same", NULL, 0, ENOENT, "x.bpf.o: extern 'same': this kernel's types are not to be found"},
	};

	struct extern_spec *variable;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put_file("/boot/config-5.4.0-test", "");
		put_file("/proc/kallsyms", "c200 D by_address\nc400 D no_variable\n");
		if (cases[i].kernel)
			put_types(FIXTURES "externs_kernel.bpf.o");
		open_object(FIXTURES "externs.bpf.o");
		kernel_btf.has_modules = cases[i].unlisted;
		kernel_btf.unlisted = cases[i].unlisted;
		for (u32 k = 0; k < object.extern_count; k++)
			object.externs[k].is_weak = strcmp(object.externs[k].name, cases[i].name) != 0;
		assert_error(&error, load_externs(&live), cases[i].errnum, cases[i].message);
		/* What is weak may be missing for any reason. */
		for (u32 k = 0; k < object.extern_count; k++)
			object.externs[k].is_weak = true;
		assert_no_error(&error, load_externs(&live));
		assert_int_equal(live.fd_array_count, 1);
		start_over();
	}
	/* Who needs no addresses is not told that there are none. */
	open_object(FIXTURES "context.bpf.o");
	assert_no_error(&error, load_externs(&live));
	start_over();
	open_object(FIXTURES "externs.bpf.o");
	assert_error(&error, load_externs(&live), ENOENT, "/proc/kallsyms cannot be read");
	put_types(FIXTURES "externs_kernel.bpf.o");
	object.externs[object_find_extern(&object, "by_address", 10)].kind = EXTERN_UNKNOWN;
	assert_no_error(&error, load_externs(&live));
	assert_int_equal(live.externs[object_find_extern(&object, "same", 4)].state, EXTERN_BTF);
	/* A variable is to be of the right type, be it weak. */
	variable = &object.externs[object_find_extern(&object, "variable", 8)];
	variable->is_weak = true;
	variable->type_id = object.externs[object_find_extern(&object, "no_variable", 11)].type_id;
	assert_error(
		&error, load_externs(&live), EINVAL, "'variable': the kernel's variable of that name is of another");
}

static void counts(void **state)
{
	static const struct {
		const char *text;
		long count;
	} cases[] = {
		{"0 T f\n0 t f\n0 D f\n0 t ff\n", 2},
		{"0 T g\n0 t f\t[a]\n0 t f\t[b]\n", 2},
		{"0 t f\n0 t g\t[m]\n0 t f\t[m]\n", 1},
		{"0 t f\t[m]\n", 1},
		{"no line\n", 0},
	};

	(void)state;
	assert_int_equal(kallsyms_count("f"), -ENOENT);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		put_file("/proc/kallsyms", cases[i].text);
		assert_int_equal(kallsyms_count("f"), cases[i].count);
	}
}

int main(void)
{
	return RUN(EACH(configuration), EACH(lines), EACH(facts), EACH(addresses), EACH(types),
		EACH(types_that_are_not_there), EACH(counts));
}
