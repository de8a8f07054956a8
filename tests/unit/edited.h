/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * edited.h: what each test starts with that breaks a compiled object: one that is whole, `e`, and nothing else.
 *
 *	#define EDITED FIXTURES "object.bpf.o"
 *	#include "edited.h"
 *
 *	static void no_maps(void **state)
 *	{
 *		edit_section(&e, ".maps")->sh_size = 0;
 *		assert_error(&error, elf_open(&arena, &error, e.file, …), EINVAL, "…");
 *	}
 *	int main(void) { return RUN(EACH(no_maps)); }
 */
#ifndef UNIT_EDITED_H
#define UNIT_EDITED_H

#include "elf_edit.h"

#define EACH(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

static struct arena arena;
static struct error error;
static struct edit e;

/* Another object in place of what there is, or the same as it was before it was edited. */
static inline void edit_anew(const char *path)
{
	arena_release(&arena);
	edit_close(&e);
	e = edit_open(path);
}

static inline int set_up(void **state)
{
	(void)state;
	edit_anew(EDITED);
	return 0;
}

static inline int tear_down(void **state)
{
	(void)state;
	edit_close(&e);
	arena_release(&arena);
	error_clear(&error);
	arena_fail_after(-1);
	return arena_live() ? -1 : 0;
}

#endif
