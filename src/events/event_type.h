/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * event_type.h: which struct do the events of a map hold?
 *
 * A perf event array or a ring buffer carries bytes; nothing in the object says of what type. In this order:
 *
 *	1. what the user says				--event events=event
 *	2. what the map's definition says		__type(value, struct event)
 *	3. what the author left for code generators	const struct event *unused __attribute__((unused));
 *	4. what the map's name suggests			comm_events: struct comm_event; events: struct event
 *	5. nothing, and events are printed in hex
 */
#ifndef EVENTS_EVENT_TYPE_H
#define EVENTS_EVENT_TYPE_H

#include "object/object.h"

/*
 * Finds the type of the events in map `map` (an index into object->maps). `wanted` is the struct, union or typedef
 * that --event names, or NULL. *type_id is its id in object->btf, 0 if nothing is known. -ENOENT if `wanted` is not
 * in the object's types (the message names the nearest ones) or if there are none; else 0.
 */
int event_type_find(const struct object *object, u32 map, const char *wanted, u32 *type_id, struct error *error);

/* Whether a map carries events: BPF_MAP_TYPE_PERF_EVENT_ARRAY or BPF_MAP_TYPE_RINGBUF. */
bool map_carries_events(const struct map_spec *map);

#endif
