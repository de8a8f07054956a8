/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pin.h: maps that outlive their loader, by a name in the BPF file system: /sys/fs/bpf/NAME.
 *
 * A map pinned by name (LIBBPF_PIN_BY_NAME) is shared by all objects that ask for it: the first to come makes and pins
 * it, others take what is there, if it is the map they would have made. Only live->pins_maps pins; a mere check looks
 * for pinned maps and leaves none. If the load fails, what it pinned is unpinned (live->pins_stay).
 */
#ifndef KERNEL_PIN_H
#define KERNEL_PIN_H

#include "kernel/bpf.h"
#include "kernel/load.h"

/*
 * The map pinned by that name, held, if it is as `args` ask; 0 if there is none. -EINVAL with a message for another
 * one, or what bpf_obj_get() says.
 */
int pin_find(struct live *live, const struct map_spec *map, const struct bpf_map_create_args *args);

/* Pins a map that was made. -EEXIST without a message if someone else was faster; -errno with one. */
int pin_keep(struct live *live, const struct map_spec *map, int map_fd);

#endif
