/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_events_type.c: how an event gets its type: by --event, the map, the idiom, the map's name, or not at all.
 */
#include "unit.h"
#include "base/string.h"
#include "events/event_type.h"

static struct arena arena;
static struct error error;
static struct object object;
static struct bytes file;

static void open_fixture(const char *path)
{
	file = read_whole(path);
	assert_no_error(&error, object_open(&arena, &error, path, file, &object));
}

static int tear_down(void **state)
{
	(void)state;
	error_clear(&error);
	arena_release(&arena);
	bytes_free(file);
	file.data = NULL;
	return arena_live() ? -1 : 0;
}

/* The name of the type found, "-" for none. */
static const char *found(const char *map, const char *wanted)
{
	int index = object_find_map(&object, map);
	u32 id = 99;

	assert_true(index >= 0);
	assert_no_error(&error, event_type_find(&object, (u32)index, wanted, &id, &error));
	return id ? btf_name(&object.btf, btf_resolve(&object.btf, id)) : "-";
}

static int refused(const char *wanted)
{
	u32 id = 99;
	int err = event_type_find(&object, 0, wanted, &id, &error);

	assert_int_equal(id, 0);
	return err;
}

static void by_map(void **state)
{
	(void)state;
	open_fixture(FIXTURES "events.bpf.o");
	/* Two pointers nobody uses: each goes to the map of its name. */
	assert_string_equal(found("comm_events", NULL), "comm_event");
	assert_string_equal(found("exec_events", NULL), "exec_event");
	assert_string_equal(found("entries", NULL), "entry");
	assert_string_equal(found("typed", NULL), "bits");
	assert_string_equal(found("output", NULL), "-");
}

static void by_wish(void **state)
{
	(void)state;
	open_fixture(FIXTURES "events.bpf.o");
	assert_string_equal(found("comm_events", "nested"), "nested");
	assert_string_equal(found("comm_events", "struct nested"), "nested");
	assert_string_equal(found("comm_events", "number"), "number");
	assert_string_equal(found("comm_events", "union number"), "number");
	assert_string_equal(found("output", "exec_alias"), "exec_event");
	assert_error(&error, refused("com_event"), ENOENT, "no struct 'com_event'; nearest: 'comm_event'");
	assert_error(&error, refused("xxxxxxxxxxxxxxxxxxxxxxxxx"), ENOENT, "no struct 'xxxxxxxxxxxxxxxxxxxxxxxxx'");
	assert_error(&error, refused("__u32"), ENOENT, "no struct '__u32'");
	assert_error(&error, refused(""), ENOENT, "no struct ''");
}

/* Maps renamed and types hidden, to see what else is tried. */
static void by_rename(void **state)
{
	struct map_spec *comm;

	(void)state;
	open_fixture(FIXTURES "events.bpf.o");
	comm = &object.maps[object_find_map(&object, "comm_events")];
	comm->name = "comm_event";
	assert_string_equal(found("comm_event", NULL), "comm_event");
	comm->name = "whatever";
	assert_string_equal(found("whatever", NULL), "-");
	/* The other idiom's type is anybody's, unless it is another map's by name … and that one has events. */
	for (u32 id = 1; id < object.btf.type_count; id++)
		if (str_equal(btf_name(&object.btf, id), "unused"))
			object.btf.index[id]->name_off = 0;
	assert_string_equal(found("whatever", NULL), "exec_event");
	object.maps[object_find_map(&object, "exec_events")].name = "exec_alias_list";
	assert_string_equal(found("whatever", NULL), "exec_event");
	object.maps[object_find_map(&object, "exec_alias_list")].name = "exec_aliases";
	assert_string_equal(found("whatever", NULL), "-");
	assert_string_equal(found("exec_aliases", NULL), "exec_event");
	object.maps[object_find_map(&object, "exec_aliases")].type = BPF_MAP_TYPE_HASH;
	assert_string_equal(found("whatever", NULL), "exec_event");
}

/* Types that take another's name, or are pointed to by another's pointer. */
static void by_exchange(void **state)
{
	const struct btf *btf = &object.btf;
	struct btf_type *unused = NULL;
	u32 comm, nested;

	(void)state;
	open_fixture(FIXTURES "events.bpf.o");
	comm = btf_find(btf, BTF_KIND_STRUCT, "comm_event");
	nested = btf_find(btf, BTF_KIND_STRUCT, "nested");
	for (u32 id = 1; id < btf->type_count; id++)
		if (str_equal(btf_name(btf, id), "unused"))
			unused = btf->index[btf->index[id]->type];
	assert_true(comm && nested && unused);
	/* A map's value that is no struct says nothing. */
	object.maps[object_find_map(&object, "typed")].btf_value_type_id = btf_find(btf, BTF_KIND_INT, "unsigned int");
	assert_string_equal(found("typed", NULL), "-");
	/* A type without a name is suggested by none. */
	object.maps[object_find_map(&object, "typed")].name = "s";
	assert_string_equal(found("s", NULL), "-");
	/* What the author points to goes before what the name alone suggests. */
	btf->index[nested]->name_off = btf->index[comm]->name_off;
	for (u32 id = 1; id < btf->type_count; id++)
		if (str_equal(btf_name(btf, id), "comm_events"))
			btf->index[comm]->name_off = btf->index[id]->name_off;
	assert_string_equal(found("comm_events", NULL), "comm_events");
	/* Two pointers to one type are no choice; one to a number is no pointer of the kind. */
	object.maps[object_find_map(&object, "exec_events")].name = "whatever";
	unused->type = btf_find(btf, BTF_KIND_STRUCT, "exec_event");
	assert_string_equal(found("whatever", NULL), "exec_event");
	unused->type = btf_find(btf, BTF_KIND_INT, "unsigned int");
	assert_string_equal(found("whatever", NULL), "exec_event");
}

static void event_maps(void **state)
{
	(void)state;
	open_fixture(FIXTURES "events.bpf.o");
	assert_true(map_carries_events(&object.maps[object_find_map(&object, "output")]));
	assert_true(map_carries_events(&object.maps[object_find_map(&object, "typed")]));
	assert_false(map_carries_events(&object.maps[object_find_map(&object, "counts")]));
}

static void without_types(void **state)
{
	(void)state;
	open_fixture(FIXTURES "events.bpf.o");
	object.has_btf = false;
	assert_string_equal(found("comm_events", NULL), "-");
	assert_error(&error, refused("comm_event"), ENOENT, "the object has no BTF; compile it with -g");
}

#define TYPE_TEST(f) cmocka_unit_test_teardown(f, tear_down)

int main(void)
{
	return RUN(TYPE_TEST(by_map), TYPE_TEST(by_wish), TYPE_TEST(by_rename), TYPE_TEST(by_exchange),
		TYPE_TEST(event_maps), TYPE_TEST(without_types));
}
