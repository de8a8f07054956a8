/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * names.c: what bears a name, in order. See names.h.
 */
#include "base/sort.h"
#include "base/string.h"
#include "object/names.h"

static int compare(const void *a, const void *b)
{
	const struct named *x = a, *y = b;
	int order = compare_u64(x->of, y->of);

	if (!order)
		order = str_order(x->name, (size_t)-1, y->name);
	return order ? order : compare_u64(x->index, y->index);
}

int names_make_room(struct arena *arena, struct error *error, struct names *names, u32 count)
{
	*names = (struct names){arena_alloc_array(arena, count, sizeof(*names->list)), 0};
	return names->list ? 0 : error_no_memory(error);
}

void names_add(struct names *names, u32 of, const char *name, u32 index)
{
	names->list[names->count++] = (struct named){name, of, index};
}

void names_sort(struct names *names)
{
	sort(names->list, names->count, sizeof(*names->list), compare);
}

const struct named *names_find(const struct names *names, u32 of, const char *name)
{
	const struct named key = {name, of, 0};
	const struct named *found = names->list + sort_find(names->list, names->count, sizeof(key), &key, compare);
	bool is_there = found < names->list + names->count && found->of == of && str_equal(found->name, name);

	return is_there ? found : NULL;
}
