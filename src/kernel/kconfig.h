/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kconfig.h: how the running kernel was configured, as far as an object's externs in .kconfig ask.
 *
 *	extern int CONFIG_HZ __kconfig;			a line of /boot/config-RELEASE, or else of /proc/config.gz
 *	extern int LINUX_KERNEL_VERSION __kconfig;	a fact that the loader finds out
 *
 * Sources: tools/lib/bpf/libbpf.c:bpf_object__process_kconfig_line(), set_kcfg_value_*(); libbpf_probes.c:
 * get_kernel_version().
 */
#ifndef KERNEL_KCONFIG_H
#define KERNEL_KCONFIG_H

#include "object/object.h"
#include "relocate/link.h"

/* KERNEL_VERSION() of what runs; of a distribution's kernel, the release it was made from. 0: nobody knows. */
u32 kernel_version(void);

/* The first number like "6.1.55" in a text, as KERNEL_VERSION() packs it; 0 if there is none. */
u32 kernel_version_parse(const char *text);

/*
 * Stores the value that stands behind '=' in a .config as what `external` is. -EINVAL for one of another kind, -ERANGE
 * for a number that does not fit; a string that does not is cut.
 */
int kconfig_store(struct error *error, const struct extern_spec *external, const char *value, u8 *at);

/*
 * Gives the externs in .kconfig their values, in the map's first value, and marks them in `values` as EXTERN_VALUE.
 * No file is read unless one of them is CONFIG_…. -ENOENT for one that has no value and is not weak.
 */
int kconfig_resolve(struct error *error, const struct object *object, struct extern_value *values);

#endif
