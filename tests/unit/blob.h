/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * blob.h: .BTF and .BTF.ext sections made by hand, right or wrong on purpose.
 *
 *	struct blob b = {0};
 *	u32 integer = blob_int(&b, "int", 4);
 *	u32 pair = blob_type(&b, "pair", BTF_KIND_STRUCT, 2, 8);
 *	blob_words(&b, blob_string(&b, "a"), integer, 0);
 *	blob_words(&b, blob_string(&b, "b"), integer, 32);
 *	b.header.hdr_len = 1;			whatever the test wants broken
 *	err = btf_open(…, blob_finish(&b), …);	the bytes are malloc()ed in exactly their size
 */
#ifndef UNIT_BLOB_H
#define UNIT_BLOB_H

#include "unit.h"
#include "object/btf.h"
#include "object/elf.h"

#define BLOB_WORDS 1024

struct blob {
	struct btf_header header; /* offsets and lengths left 0 are filled in by blob_finish() */
	u32 header_tail[2];       /* what follows in the newer, 32-byte header; written if hdr_len says so */
	u32 words[BLOB_WORDS];
	u32 word_count;
	char strings[1024];
	u32 strings_len;
	u32 type_count;
	u8 *finished;
};

/* Appends a string; its offset. */
static inline u32 blob_string(struct blob *b, const char *s)
{
	u32 offset;

	b->strings_len += !b->strings_len; /* the empty string comes first */
	if (!*s)
		return 0;
	offset = b->strings_len;
	memcpy(b->strings + offset, s, strlen(s) + 1);
	b->strings_len += (u32)strlen(s) + 1;
	return offset;
}

static inline void blob_word(struct blob *b, u32 word)
{
	b->words[b->word_count++] = word;
}

#define blob_words(b, ...)                                    \
	do {                                                  \
		const u32 list[] = {__VA_ARGS__};             \
		for (size_t n = 0; n < ARRAY_SIZE(list); n++) \
			blob_word(b, list[n]);                \
	} while (0)

/* A type without what follows it; its id. */
static inline u32 blob_type(struct blob *b, const char *name, u32 kind, u32 vlen, u32 size_or_type)
{
	blob_words(b, blob_string(b, name), kind << 24 | vlen, size_or_type);
	return ++b->type_count;
}

static inline u32 blob_int(struct blob *b, const char *name, u32 size)
{
	u32 id = blob_type(b, name, BTF_KIND_INT, 0, size);

	blob_word(b, size * 8);
	return id;
}

/* The bytes; they live until the next blob_finish() or blob_free() of this blob. */
static inline struct bytes blob_finish(struct blob *b)
{
	struct btf_header h = b->header;
	size_t header_size, size;

	h.magic = h.magic ? h.magic : BTF_MAGIC;
	h.version = h.version ? h.version : BTF_VERSION;
	h.hdr_len = h.hdr_len ? h.hdr_len : sizeof(h);
	header_size = h.hdr_len == sizeof(h) + sizeof(b->header_tail) ? h.hdr_len : sizeof(h);
	h.type_len = h.type_len ? h.type_len : b->word_count * 4;
	h.str_off = h.str_off ? h.str_off : b->word_count * 4;
	h.str_len = h.str_len ? h.str_len : b->strings_len;
	size = header_size + b->word_count * 4 + b->strings_len;
	free(b->finished);
	b->finished = malloc(size);
	memcpy(b->finished, &h, sizeof(h));
	memcpy(b->finished + sizeof(h), b->header_tail, header_size - sizeof(h));
	memcpy(b->finished + header_size, b->words, b->word_count * 4);
	memcpy(b->finished + header_size + b->word_count * 4, b->strings, b->strings_len);
	return (struct bytes){b->finished, size};
}

/* As many types alike, 12 bytes each, named `name` with `pad` times its last character behind it; malloc()ed. */
static inline struct bytes blob_alike(u32 count, u32 kind, const char *name, u32 pad)
{
	u32 len = (u32)strlen(name), names = len + pad + 2, types = count * 12;
	struct btf_header h = {BTF_MAGIC, BTF_VERSION, 0, sizeof(h), 0, types, types, names};
	const u32 type[] = {1, kind << 24, 0};
	u8 *data = calloc(1, sizeof(h) + types + names), *strings = data + sizeof(h) + types;

	memcpy(data, &h, sizeof(h));
	for (u32 i = 0; i < count; i++)
		memcpy(data + sizeof(h) + i * sizeof(type), type, sizeof(type));
	memcpy(strings + 1, name, len);
	memset(strings + 1 + len, name[len - 1], pad);
	return (struct bytes){data, sizeof(h) + types + names};
}

static inline void blob_free(struct blob *b)
{
	free(b->finished);
	*b = (struct blob){0};
}

/* A section of a compiled fixture, in memory of its own; the caller frees it with bytes_free(). */
static inline struct bytes blob_of(const char *fixture, const char *name)
{
	struct bytes file = read_whole(fixture), copy;
	const struct elf_section *section;
	struct error problem = {0};
	struct arena place = {0};
	struct elf elf;

	assert_no_error(&problem, elf_open(&place, &problem, file, &elf));
	section = elf_find_section(&elf, name);
	assert_non_null(section);
	copy = (struct bytes){exact_copy(section->data, section->size), section->size};
	arena_release(&place);
	bytes_free(file);
	return copy;
}

#endif
