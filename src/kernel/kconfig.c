/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kconfig.c: how the running kernel was configured, as far as an object's externs in .kconfig ask. See kconfig.h.
 *
 *	CONFIG_SMP=y			first come, first served
 *	CONFIG_EXT4_FS=m
 *	CONFIG_HZ=250
 *	CONFIG_DEFAULT_HOSTNAME="(none)"
 *	# CONFIG_KASAN is not set	has no value
 */
#include <linux/errno.h>
#include "base/inflate.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "bpf_insn.h"
#include "kernel/bpf.h"
#include "kernel/call.h"
#include "kernel/kallsyms.h"
#include "kernel/kconfig.h"

#define CONFIG_GZ "/proc/config.gz"

/* Stores a number as a variable of 1, 2, 4 or 8 bytes, in this machine's byte order. */
static void store(u8 *at, u64 size, u64 value)
{
	const u8 *from = (const u8 *)&value;

	memcpy(at, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? from : from + 8 - size, (size_t)size);
}

/* These return 0, or the errno, positive, that refuse() is to tell. */
static int store_letter(const struct extern_spec *external, char letter, u8 *at)
{
	if (external->kconfig_type == KCONFIG_CHAR)
		store(at, 1, (u8)letter);
	else if (external->kconfig_type == KCONFIG_TRISTATE)
		store(at, external->size, letter == 'y' ? 1 : letter == 'm' ? 2 : 0);
	else if (external->kconfig_type == KCONFIG_BOOL && letter != 'm')
		store(at, 1, letter == 'y');
	else
		return EINVAL;
	return 0;
}

static int store_string(const struct extern_spec *external, const char *value, u8 *at)
{
	size_t len = str_len(value);

	if (external->kconfig_type != KCONFIG_STRING || len < 2 || value[len - 1] != '"')
		return EINVAL;
	str_copy((char *)at, MIN((size_t)external->size, len - 1), value + 1);
	return 0;
}

static int store_number(const struct extern_spec *external, u64 value, u8 *at)
{
	u32 bits = external->kconfig_type == KCONFIG_BOOL ? 1 : (u32)external->size * 8;

	if (external->kconfig_type == KCONFIG_STRING || external->kconfig_type == KCONFIG_TRISTATE)
		return EINVAL;
	/* Moved by half its range, a number with a sign is one without. */
	if (bits < 64 && (value + (external->is_signed ? 1ULL << (bits - 1) : 0)) >> bits)
		return ERANGE;
	store(at, external->size, value);
	return 0;
}

static int refuse(struct error *error, const struct extern_spec *external, int errnum, const char *value)
{
	/* By enum kconfig_type. */
	static const char takes[] = "\0y or n\0y, n, m or a number\0a number\0a string\0y, n or m";

	return error_set(error, errnum, "its value is %s, expected %s%s", value,
		list_entry(takes, sizeof(takes), external->kconfig_type),
		errnum == ERANGE ? " that fits into the variable" : "");
}

int kconfig_store(struct error *error, const struct extern_spec *external, const char *value, u8 *at)
{
	s64 number;
	int err = EINVAL;

	if (*value == 'y' || *value == 'n' || *value == 'm')
		err = store_letter(external, *value, at);
	else if (*value == '"')
		err = store_string(external, value, at);
	else if (external->kconfig_type != KCONFIG_BOOL &&
		 (parse_whole_u64(value, 0, (u64 *)&number) || parse_whole_s64(value, &number)))
		err = store_number(external, (u64)number, at);
	return err ? refuse(error, external, err, value) : 0;
}

u32 kernel_version_parse(const char *text)
{
	u32 version = 0;

	while (*text && !char_is_digit(*text))
		text++;
	for (u32 shift = 16; *text; shift -= 8) {
		u64 part;

		if (!parse_u64(&text, 10, &part))
			break;
		version += (u32)MIN(part, (u64)255) << shift;
		if (!shift || *text++ != '.')
			break;
	}
	return version;
}

/* Ubuntu's and Debian's releases hide which stable release they are made from: "6.1.0-37" is 6.1.140. */
u32 kernel_version(void)
{
	struct new_utsname_fields name;
	char line[256];
	const char *debian;

	/* "Ubuntu 5.15.0-107.117-generic 5.15.149" */
	if (file_read_line("/proc/version_signature", line, sizeof(line)) > 0)
		return kernel_version_parse(str_find_last(line, ' ') ? str_find_last(line, ' ') : line);
	sys_uname(&name);
	debian = str_behind(name.version, "Debian ");
	return kernel_version_parse(debian ? debian : name.release);
}

/* Since 5.15 a probe carries a number along. A program that asks for it loads, or does not. */
static bool has_bpf_cookie(void)
{
	static struct bpf_insn insns[] = {BPF_EMIT_CALL(BPF_FUNC_get_attach_cookie), BPF_EXIT_INSN()};

	return bpf_prog_loads(BPF_PROG_TYPE_TRACEPOINT, insns, ARRAY_SIZE(insns));
}

struct config {
	struct error *error;
	const struct object *object;
	struct extern_value *values;
	u8 *map; /* its first value */
	u32 missing;
};

/* What extern `index` has come to. */
static int found(struct config *config, u32 index, int err)
{
	config->values[index].state = EXTERN_VALUE;
	config->missing--;
	return err ? error_in(config->error, "%s", config->object->externs[index].name) : 0;
}

/* Facts that are no line of a .config. One that is younger than this loader is 0 if it is weak, as for libbpf. */
static int set_fact(struct config *config, u32 index)
{
	const struct extern_spec *external = &config->object->externs[index];
	u64 value = 0;
	char text[24];
	int err;

	if (str_equal(external->name, "LINUX_KERNEL_VERSION"))
		value = kernel_version();
	else if (str_equal(external->name, "LINUX_HAS_BPF_COOKIE"))
		value = has_bpf_cookie();
	else if (str_equal(external->name, "LINUX_HAS_SYSCALL_WRAPPER"))
		value = kernel_has_syscall_wrapper();
	else if (!external->is_weak || !str_starts(external->name, "LINUX_"))
		return error_invalid(
			config->error, "%s is none of CONFIG_… and no fact that this loader knows", external->name);
	err = store_number(external, value, config->map + external->offset);
	if (err) {
		str_printf(text, sizeof(text), "%llu", value);
		err = refuse(config->error, external, err, text);
	}
	return found(config, index, err);
}

static int visit_line(void *context, char *line)
{
	struct config *config = context;
	const char *equals = str_find(line, '=');
	int index = equals ? object_find_extern(config->object, line, (size_t)(equals - line)) : -1;

	if (index < 0 || config->object->externs[index].kind != EXTERN_KCONFIG ||
		config->values[index].state == EXTERN_VALUE)
		return 0;
	/* One refused, or all found: the rest need not be read. */
	return found(config, (u32)index,
		       kconfig_store(config->error, &config->object->externs[index], equals + 1,
			       config->map + config->object->externs[index].offset)) ||
	       !config->missing;
}

struct unpacking {
	int fd;
	struct line_splitter lines;
	struct inflate stream;
	u8 packed[4096], unpacked[INFLATE_WINDOW];
};

static long read_packed(void *context, const u8 **from)
{
	struct unpacking *unpacking = context;

	*from = unpacking->packed;
	return sys_read(unpacking->fd, unpacking->packed, sizeof(unpacking->packed));
}

static int write_lines(void *context, const void *data, size_t len)
{
	return split_lines(&((struct unpacking *)context)->lines, data, len);
}

static int read_config_gz(struct config *config)
{
	static struct unpacking unpacking; /* it is large */
	int result, fd = sys_open(CONFIG_GZ, O_RDONLY);

	if (fd < 0)
		return fd;
	unpacking.fd = fd;
	unpacking.lines.len = 0;
	unpacking.lines.visit = visit_line;
	unpacking.lines.context = config;
	unpacking.stream.read = read_packed;
	unpacking.stream.write = write_lines;
	unpacking.stream.context = &unpacking;
	unpacking.stream.window = unpacking.unpacked;
	unpacking.stream.window_size = sizeof(unpacking.unpacked);
	result = inflate_gzip(&unpacking.stream);
	sys_close(fd);
	return result;
}

int kconfig_resolve(struct error *error, const struct object *object, struct extern_value *values)
{
	struct config config = {.error = error, .object = object, .values = values};
	struct new_utsname_fields name;
	char path[192];
	struct text text = text_in(path, sizeof(path));
	int err = 0;

	for (u32 i = 0; !err && i < object->extern_count; i++) {
		if (object->externs[i].kind != EXTERN_KCONFIG)
			continue;
		config.missing++;
		config.map = object->maps[object->kconfig_map].initial;
		if (!str_starts(object->externs[i].name, "CONFIG_"))
			err = set_fact(&config, i);
	}
	if (err || !config.missing)
		return err;
	sys_uname(&name);
	text_printf(&text, "/boot/config-%s", name.release);
	err = (int)kernel_report(file_each_line(path, visit_line, &config), "read(\"%s\")", path);
	if (err < 0) {
		err = (int)kernel_report(read_config_gz(&config), "read(\"" CONFIG_GZ "\")");
		if (err < 0)
			text_printf(&text, " or " CONFIG_GZ ", which cannot be read");
		else
			str_copy(path, sizeof(path), CONFIG_GZ);
	}
	for (u32 i = 0; !error->errnum && i < object->extern_count; i++)
		if (object->externs[i].kind == EXTERN_KCONFIG && !object->externs[i].is_weak && !values[i].state)
			error_set(error, ENOENT, "%s has no value in %s", object->externs[i].name, path);
	return -error->errnum;
}
