/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_mutations.c: a whole object with one thing wrong: every truncation, every field of every header, symbol and
 * relocation with values from the edge, every bit of the small tables, sections swapped, emptied and doubled.
 *
 * Each result is either refused, with a message that begins with the file's name, or good from end to end: the walkers
 * of the fuzzers then look at all of it, and every program is linked.
 */
#include "elf_edit.h"
#include "base/memory.h"
#include "base/string.h"
#include "relocate/link.h"
#include "tests/fuzz/walk_object.h"

#define NAME "object.bpf.o"

static const char *const fixtures[] = {FIXTURES "object.bpf.o", FIXTURES "legacy.bpf.o"};
volatile u64 fuzz_sum;

static void link_all(struct arena *arena, struct error *error, const struct object *object)
{
	int *fds = arena_alloc_array(arena, object->map_count, sizeof(*fds));
	struct link_input input = {
		fds, arena_alloc_array(arena, object->extern_count, sizeof(struct extern_value)), NULL};
	struct prog_image image;

	for (u32 i = 0; i < object->map_count; i++)
		fds[i] = (int)i;
	for (u32 i = 0; i < object->prog_count; i++) {
		const struct prog_spec *prog = &object->progs[i];

		if (!prog->is_subprogram && fuzz_ok(error, link_program(arena, error, object, prog, &input, &image)))
			fuzz_read(image.insns, (u64)image.insn_count * sizeof(*image.insns));
	}
}

static u64 accepted, refused;

static void open_either_way(struct bytes file)
{
	struct object object;
	struct arena arena = {0};
	struct error error = {0};
	int err = object_open(&arena, &error, NAME, file, &object);

	if (err && !str_starts(error.message, NAME ": "))
		fail_msg("%d, '%s'", err, error.message);
	accepted += !err;
	refused += !!err;
	if (fuzz_ok(&error, err)) {
		walk_object(&object);
		link_all(&arena, &error, &object);
	}
	arena_release(&arena);
}

/* The bytes at `at` as a number of `size` bytes. */
static u64 load(const u8 *at, u32 size)
{
	u64 value = 0;

	memcpy(&value, at, size); /* little-endian, as are all machines that run this */
	return value;
}

static void change_field(const struct edit *e, u8 *at, u32 size)
{
	const u64 was = load(at, size), n = e->file.size;
	const u64 values[] = {0, 1, 2, 7, 8, ~0ull, ~1ull, ~7ull, 1ull << 63, (1ull << 31) - 1, 1ull << 31, n - 1, n,
		n + 1, 0 - was, was - 1, was + 1, was + 8, was - 8, was * 2, was ^ 4, e->section_count,
		e->section_count - 1, SHN_ABS, SHN_COMMON, SHN_XINDEX, SHT_NOBITS, SHT_SYMTAB, SHT_REL};

	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		memcpy(at, &values[i], size);
		open_either_way(e->file);
	}
	memcpy(at, &was, size);
}

/* A table of structs: every field of every row, given the sizes of the fields. */
static void change_rows(const struct edit *e, u8 *rows, u64 count, const u8 *sizes)
{
	for (u64 row = 0; row < count; row++)
		for (const u8 *size = sizes; *size; size++) {
			change_field(e, rows, *size);
			rows += *size;
		}
}

static void every_field(void **state)
{
	static const u8 ehdr[] = {8, 8, 2, 2, 4, 8, 8, 8, 4, 2, 2, 2, 2, 2, 2, 0},
			shdr[] = {4, 4, 8, 8, 8, 8, 4, 4, 8, 8, 0}, sym[] = {4, 1, 1, 2, 8, 8, 0}, rel[] = {8, 4, 4, 0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(fixtures); i++) {
		struct edit e = edit_open(fixtures[i]);
		const Elf64_Shdr *symbols = edit_section(&e, ".symtab");

		change_rows(&e, e.data, 1, ehdr);
		change_rows(&e, (u8 *)e.sections, e.section_count, shdr);
		change_rows(&e, e.data + symbols->sh_offset, symbols->sh_size / 24, sym);
		for (u32 s = 1; s < e.section_count; s++)
			if (e.sections[s].sh_type == SHT_REL && e.sections[s].sh_size < 1000)
				change_rows(&e, e.data + e.sections[s].sh_offset, e.sections[s].sh_size / 16, rel);
		edit_close(&e);
	}
	assert_true(accepted > 1000 && refused > 1000);
}

/* Sections whose every byte matters to more than one part. */
static void every_bit(void **state)
{
	static const char *const names[] = {"maps", "license", "version", "xdp", "socket",
		"?tracepoint/syscalls/sys_enter_execve", ".text", "kprobe/do_exit+4"};

	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(fixtures); f++) {
		struct edit e = edit_open(fixtures[f]);

		for (u32 s = 1; s < e.section_count; s++)
			for (size_t i = 0; i < ARRAY_SIZE(names); i++)
				for (u64 bit = 0;
					!strcmp(edit_section_name(&e, s), names[i]) && bit < e.sections[s].sh_size * 8;
					bit++) {
					e.data[e.sections[s].sh_offset + bit / 8] ^= (u8)(1 << bit % 8);
					open_either_way(e.file);
					e.data[e.sections[s].sh_offset + bit / 8] ^= (u8)(1 << bit % 8);
				}
		edit_close(&e);
	}
}

/* The types and records, seen through the whole object: every word set to values from the edge. */
static void every_type_word(void **state)
{
	static const char *const names[] = {".BTF", ".BTF.ext"};
	struct edit e = edit_open(fixtures[0]);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (u64 at = 0; at + 4 <= edit_section(&e, names[i])->sh_size; at += 4) {
			u8 *word = edit_bytes(&e, names[i]) + at;
			const u32 was = load_u32(word);
			const u32 values[] = {
				0, ~0u, was + 1, was - 1, was ^ 0x01000000, was ^ 0x02000000, was ^ 0x08000000};

			for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
				memcpy(word, &values[v], 4);
				open_either_way(e.file);
			}
			memcpy(word, &was, 4);
		}
	edit_close(&e);
}

static void every_truncation(void **state)
{
	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(fixtures); f++) {
		struct edit e = edit_open(fixtures[f]);

		for (size_t size = 0; size < e.file.size; size++) {
			u8 *copy = exact_copy(e.data, size);

			open_either_way((struct bytes){copy, size});
			free(copy);
		}
		edit_close(&e);
	}
}

/* The headers are at the end; with them in front, what is cut off is what they point at. */
static void truncation_behind_headers(void **state)
{
	struct edit e = edit_open(fixtures[0]);
	u64 table = e.section_count * sizeof(Elf64_Shdr);
	u8 *moved = malloc(e.file.size + table);

	(void)state;
	memcpy(moved, e.data, sizeof(Elf64_Ehdr));
	memcpy(moved + sizeof(Elf64_Ehdr), e.sections, table);
	memcpy(moved + sizeof(Elf64_Ehdr) + table, e.data + sizeof(Elf64_Ehdr), e.file.size - sizeof(Elf64_Ehdr));
	((Elf64_Ehdr *)moved)->e_shoff = sizeof(Elf64_Ehdr);
	for (u32 i = 1; i < e.section_count; i++)
		((Elf64_Shdr *)(moved + sizeof(Elf64_Ehdr)))[i].sh_offset += table;
	for (size_t size = e.file.size + table; size > 0; size -= MIN(size, (size_t)7)) {
		u8 *copy = exact_copy(moved, size);

		open_either_way((struct bytes){copy, size});
		free(copy);
	}
	free(moved);
	edit_close(&e);
}

/* Each section in the place, or under the name, or with the bytes of each other. */
static void sections_exchanged(void **state)
{
	(void)state;
	for (size_t f = 0; f < ARRAY_SIZE(fixtures); f++) {
		struct edit e = edit_open(fixtures[f]);

		for (u32 i = 1; i < e.section_count; i++)
			for (u32 j = 1; j < e.section_count; j++) {
				Elf64_Shdr a = e.sections[i], b = e.sections[j];

				e.sections[i] = b, e.sections[j] = a;
				open_either_way(e.file);
				e.sections[i] = a, e.sections[j] = b;
				e.sections[i].sh_name = b.sh_name;
				open_either_way(e.file);
				e.sections[i] = b;
				open_either_way(e.file);
				e.sections[i] = a;
				e.sections[i].sh_offset = b.sh_offset, e.sections[i].sh_size = b.sh_size;
				open_either_way(e.file);
				e.sections[i] = a;
			}
		edit_close(&e);
	}
}

int main(void)
{
	return RUN(TEST(every_field), TEST(every_bit), TEST(every_type_word), TEST(every_truncation),
		TEST(truncation_behind_headers), TEST(sections_exchanged));
}
