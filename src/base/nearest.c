/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * nearest.c: "did you mean": of all names there are, the few that come nearest. See nearest.h.
 */
#include "base/nearest.h"
#include "base/string.h"
#include "base/text.h"

#define DISTANCE_MAX 4 /* edits; more than that is another name */

void nearest_look(struct nearest *nearest, const char *name)
{
	unsigned int last = nearest->names[NEAREST_COUNT - 1].distance, distance = 0;
	size_t len = str_len(nearest->wanted);
	u32 i;

	/* What compilers make of a function comes first: name.isra.0, name.constprop.0, name.part.0, name.cold. */
	if (!str_starts(name, nearest->wanted) || name[len] != '.') {
		distance = str_distance(name, nearest->wanted, nearest->count < NEAREST_COUNT ? DISTANCE_MAX : last);
		/* A short name comes near everything. */
		if (distance > DISTANCE_MAX || distance * 3 > len)
			return;
	}
	for (i = 0; i < nearest->count; i++)
		if (str_equal(nearest->names[i].name, name))
			return;
	for (; i > 0 && nearest->names[i - 1].distance > distance; i--)
		if (i < NEAREST_COUNT)
			nearest->names[i] = nearest->names[i - 1];
	if (i == NEAREST_COUNT)
		return;
	str_copy(nearest->names[i].name, sizeof(nearest->names[i].name), name);
	nearest->names[i].distance = distance;
	nearest->count += nearest->count < NEAREST_COUNT;
}

int nearest_hint(struct error *error, const struct nearest *nearest)
{
	char names[NEAREST_COUNT * sizeof(struct near)];
	struct text text = text_in(names, sizeof(names));

	for (u32 i = 0; i < nearest->count; i++)
		text_printf(&text, "%s'%s'", i ? ", " : "", nearest->names[i].name);
	return nearest->count ? error_hint(error, "nearest: %s", names) : -error->errnum;
}
