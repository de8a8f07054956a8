/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_btf_view.c: a view on what may be BTF, raw or in an ELF file: in memory and through the window, which must agree
 * with each other, and with btf_open() about what that accepts; then the same bytes as split BTF on top of themselves.
 */
#include "fuzz.h"
#include "base/memory.h"
#include "object/btf_view.h"

FUZZ_MAIN

static int read_input(void *context, u64 offset, void *to, size_t len)
{
	const struct bytes *input = context;

	MUST(range_ok(offset, len, input->size));
	memcpy(to, input->data + offset, len);
	return 0;
}

static const char *const names[] = {"int", "task_struct", "a", "event", "u64", "comm_event", "long", "pid"};

struct answers {
	bool is_open;
	u32 type_count, pointer_size;
	u32 found[ARRAY_SIZE(names)];
};

/* Through the window a name is found only where a string begins, as it does in all that compilers write. */
static bool names_are_whole(const struct btf *btf)
{
	for (u32 id = 1; id < btf->type_count; id++)
		if (btf_type(btf, id)->name_off && btf->strings[btf_type(btf, id)->name_off - 1])
			return false;
	return true;
}

static struct answers ask(struct arena *arena, struct error *error, struct btf_view *view,
	const struct btf_source *source, struct btf_view *base)
{
	struct btf_query queries[ARRAY_SIZE(names)];
	struct answers answers = {0};

	answers.is_open = fuzz_ok(error, btf_view_open(view, arena, error, source, base));
	if (!answers.is_open)
		return answers;
	for (u32 i = 0; i < ARRAY_SIZE(names); i++)
		queries[i] = (struct btf_query){.name = names[i], .len = (u32)str_len(names[i]), .flavors = i % 2};
	if (fuzz_ok(error, btf_view_find(view, queries, ARRAY_SIZE(names))))
		for (u32 i = 0; i < ARRAY_SIZE(names); i++) {
			answers.found[i] = queries[i].count;
			for (u32 j = 0; j < queries[i].count; j++)
				MUST(queries[i].ids[j] >= view->first_id && queries[i].ids[j] < view->type_count);
		}
	answers.type_count = view->type_count;
	answers.pointer_size = btf_view_pointer_size(view);
	error_clear(error);
	return answers;
}

/* Every type and name, and where it leads. */
static void walk(struct btf_view *a, struct btf_view *b, const struct btf *btf)
{
	for (u32 id = 0; id < a->type_count && id < 4096; id++) {
		const struct btf_type *t = btf_view_type(a, id), *u = btf_view_type(b, id);
		u64 size, other, bytes = id ? btf_type_bytes(t) : 0;

		MUST(btf_view_resolve(a, id) == btf_view_resolve(b, id));
		MUST(btf_view_size_of(a, id, 8, &size) == btf_view_size_of(b, id, 8, &other));
		MUST(!memcmp(t, u, bytes ? bytes : sizeof(*t)));
		MUST(str_equal(btf_view_string(a, t->name_off), btf_view_string(b, t->name_off)));
		if (btf && id) {
			MUST(!memcmp(t, btf_type(btf, id), bytes));
			MUST(str_equal(btf_view_string(a, t->name_off), btf_name(btf, id)));
			MUST(btf_view_resolve(a, id) == btf_resolve(btf, id));
		}
	}
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct btf_source memory = {.data = input.data, .size = input.size};
	struct btf_source window = {.size = input.size, .read = read_input, .context = &input};
	struct btf_view a, b, above;
	struct answers first, second;
	struct btf btf;
	bool is_good;

	is_good = fuzz_ok(error, btf_source_cut(&memory, error));
	MUST(is_good == fuzz_ok(error, btf_source_cut(&window, error)) && memory.size == window.size);
	if (!is_good)
		return;
	first = ask(arena, error, &a, &memory, NULL);
	second = ask(arena, error, &b, &window, NULL);
	is_good = fuzz_ok(error, btf_open(arena, error, (struct bytes){memory.data, (size_t)memory.size}, &btf));
	MUST(first.is_open == second.is_open && first.type_count == second.type_count);
	MUST(!is_good || !names_are_whole(&btf) ||
		(first.pointer_size == second.pointer_size && !memcmp(first.found, second.found, sizeof(first.found))));
	/* A view reads the layout of a longer header, which may be broken; btf_open() does not look at it. */
	MUST(!is_good || load_u32(memory.data + offsetof(struct btf_header, hdr_len)) > sizeof(struct btf_header) ||
		(first.is_open && first.type_count == btf.type_count));
	if (!first.is_open || !first.type_count)
		return;
	walk(&a, &b, is_good ? &btf : NULL);
	error_clear(error);
	first = ask(arena, error, &above, &memory, &a);
	second = ask(arena, error, &above, &memory, &b);
	MUST(first.type_count == second.type_count && first.is_open == second.is_open);
	second = ask(arena, error, &above, &window, &a);
	MUST(first.type_count == second.type_count && first.is_open == second.is_open);
}
