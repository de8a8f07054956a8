/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_kconfig.c: any value of a .config for any variable that may ask for it: it fits, or is refused, and never writes
 * beyond the variable. Two bytes describe the variable.
 */
#include "base/memory.h"
#include "fuzz.h"
#include "kernel/kconfig.h"

FUZZ_MAIN

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	static const u8 sizes[] = {1, 2, 4, 8};
	struct extern_spec external = {.name = "CONFIG_X", .kind = EXTERN_KCONFIG};
	const char *value;
	u8 *at;

	if (input.size < 2)
		return;
	external.kconfig_type = (enum kconfig_type)(KCONFIG_BOOL + input.data[0] % 5);
	external.is_signed = input.data[0] & 0x80;
	external.size = sizes[input.data[1] % 4];
	if (external.kconfig_type == KCONFIG_BOOL || external.kconfig_type == KCONFIG_CHAR)
		external.size = 1;
	if (external.kconfig_type == KCONFIG_BOOL)
		external.is_signed = false;
	if (external.kconfig_type == KCONFIG_STRING)
		external.size = 1u + input.data[1];
	if (external.kconfig_type == KCONFIG_TRISTATE)
		external.size = input.data[1] & 1 ? 4 : 8;
	value = arena_string(arena, (const char *)input.data + 2, input.size - 2);
	at = arena_alloc(arena, (size_t)external.size);
	fuzz_sum += kernel_version_parse(value);
	if (!fuzz_ok(error, kconfig_store(error, &external, value, at)))
		return;
	fuzz_read(at, external.size);
	if (external.kconfig_type == KCONFIG_BOOL)
		MUST(*at <= 1);
	if (external.kconfig_type == KCONFIG_STRING)
		MUST(byte_find(at, (size_t)external.size, '\0'));
}
