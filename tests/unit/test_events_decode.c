/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_events_decode.c: every kind of member of an event, as JSON; events that are too short; types that are too much.
 *
 * The bytes come from the compiler of the host, their types from that of the fixture, and neither of the two knows us.
 */
#include <float.h>
#include <math.h>
#include <unistd.h>
#include "blob.h"
#include "base/memory.h"
#include "events/decode.h"
#include "object/object.h"
#include "fixtures/events.h"

static struct arena arena;
static struct error error;
static struct object object;
static struct bytes file;
static char json[65536];

static int set_up(void **state)
{
	(void)state;
	file = read_whole(FIXTURES "events.bpf.o");
	assert_no_error(&error, object_open(&arena, &error, "events.bpf.o", file, &object));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	error_clear(&error);
	arena_fail_after(-1);
	arena_release(&arena);
	bytes_free(file);
	return arena_live() ? -1 : 0;
}

static u32 type_of(const char *name)
{
	static const u8 kinds[] = {BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_TYPEDEF, BTF_KIND_INT};
	u32 id = 0;

	for (size_t i = 0; !id && i < ARRAY_SIZE(kinds); i++)
		id = btf_find(&object.btf, kinds[i], name);
	assert_true(id);
	return id;
}

/* The first `size` bytes of an event, at an odd address and with nothing readable behind them. */
static const char *decode(const struct btf *btf, u32 type, const void *event, size_t size)
{
	struct text text = text_in(json, sizeof(json));
	u8 *copy = malloc(size + 1);
	struct decode_plan plan;

	memcpy(copy + 1, event, size);
	assert_no_error(&error, decode_plan_make(&arena, &error, btf, type, &plan));
	decode_json(&plan, &text, copy + 1, (u32)size);
	assert_false(text.cut);
	assert_int_equal(strlen(json), text.len);
	free(copy);
	return json;
}

#define DECODE(event, name) decode(&object.btf, type_of(name), &(event), sizeof(event))

static void values(void **state)
{
	struct values v = {0};

	(void)state;
	assert_string_equal(DECODE(v, "values"),
		"{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":false,\"j\":\"\","
		"\"k\":\"STATE_IDLE\",\"l\":\"0x0\",\"m\":0,\"n\":0,\"o\":0,\"p\":0}");
	v = (struct values){
		255,
		-128,
		65535,
		-32768,
		4294967295u,
		-2147483647 - 1,
		~0ull,
		-9223372036854775807ll - 1,
		1,
		'"',
		7,
		(void *)0xffff888012345678,
		~(unsigned __int128)0,
		-1 - (__int128)(~(unsigned __int128)0 >> 1),
		-0.5f,
		1e300,
	};
	assert_string_equal(DECODE(v, "values"),
		"{\"a\":255,\"b\":-128,\"c\":65535,\"d\":-32768,\"e\":4294967295,\"f\":-2147483648,"
		"\"g\":18446744073709551615,\"h\":-9223372036854775808,\"i\":true,\"j\":\"\\\"\",\"k\":\"STATE_BUSY\","
		"\"l\":\"0xffff888012345678\",\"m\":340282366920938463463374607431768211455,"
		"\"n\":-170141183460469231731687303715884105728,\"o\":-0.5,\"p\":1.0000000000000001e+300}");
	v = (struct values){.g = 1000000000,
		.h = -9999999999,
		.j = '\033',
		.k = 8,
		.m = 1000000000000000000u,
		.n = (__int128)1 << 126};
	assert_string_equal(DECODE(v, "values"),
		"{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":1000000000,\"h\":-9999999999,\"i\":false,"
		"\"j\":\"\\u001b\",\"k\":8,\"l\":\"0x0\",\"m\":1000000000000000000,\"n\":"
		"85070591730234615865843651857942052864,\"o\":0,\"p\":0}");
}

/* All lengths of numbers, and the steps from one to the next. */
static void decimals(void **state)
{
	u64 power = 1;

	(void)state;
	for (int i = 0; i < 20; i++, power *= 10)
		for (int d = -1; d < 2; d++) {
			char expected[32], got[32];

			snprintf(expected, sizeof(expected), "%llu", power + (u64)d);
			*decimal_write(got, power + (u64)d) = '\0';
			assert_string_equal(got, expected);
		}
	for (u32 bit = 0; bit < 32; bit++) {
		char expected[32], got[32];

		snprintf(expected, sizeof(expected), "%07u", 1u << bit);
		*decimal_write_u32(got, 1u << bit, 7) = '\0';
		assert_string_equal(got, expected);
	}
}

static double read_back(const void *value, u8 size)
{
	struct decode_step step = {.kind = VALUE_FLOAT, .size = size, .is_signed = true};
	char text[VALUE_ROOM + 1];

	memset(text, 'x', sizeof(text));
	*value_write(text, &step, value, true) = '\0';
	return strtod(text, NULL);
}

/* What is written is read back as the same number, whatever it is. */
static void floats(void **state)
{
	static const double doubles[] = {0.1, 1.0 / 3, 123456789.125, DBL_MAX, DBL_MIN, 5e-324, 1e16, 1e17, 9.9999e22,
		0.00001, 0.000009, 4503599627370497.5, 0.999999999999999999, 99999999999999999.0};
	char text[VALUE_ROOM];
	struct decode_step step = {.kind = VALUE_FLOAT, .size = 8, .is_signed = true};
	u64 random = 88172645463325252ull;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(doubles); i++) {
		double minus = -doubles[i];

		assert_true(read_back(&doubles[i], 8) == doubles[i]);
		assert_true(read_back(&minus, 8) == minus);
	}
	for (int i = 0; i < 2000; i++) {
		double d;
		float f;

		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		memcpy(&d, &random, sizeof(d));
		memcpy(&f, &random, sizeof(f));
		if (isfinite(d))
			assert_true(read_back(&d, 8) == d);
		if (isfinite(f))
			assert_true((float)read_back(&f, 4) == f);
	}
	for (int json_too = 0; json_too < 2; json_too++) {
		double odd[] = {INFINITY, -INFINITY, NAN};
		const char *names[] = {"inf", "-inf", "nan"};

		for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
			odd[i] = i == 2 ? fabs(odd[i]) : odd[i];
			*value_write(text, &step, (u8 *)&odd[i], json_too) = '\0';
			assert_string_equal(text, json_too ? "null" : names[i]);
		}
	}
	*value_write(text, &step, (const u8 *)&(double){1500}, true) = '\0';
	assert_string_equal(text, "1500");
	*value_write(text, &step, (const u8 *)&(double){0.0025}, true) = '\0';
	assert_string_equal(text, "0.0025000000000000001");
	/* Where exponents begin. */
	*value_write(text, &step, (const u8 *)&(double){0x1p-16}, true) = '\0';
	assert_string_equal(text, "0.0000152587890625");
	*value_write(text, &step, (const u8 *)&(double){0x1p-17}, true) = '\0';
	assert_string_equal(text, "7.62939453125e-06");
	*value_write(text, &step, (const u8 *)&(double){1e16}, true) = '\0';
	assert_string_equal(text, "10000000000000000");
	*value_write(text, &step, (const u8 *)&(double){1e17}, true) = '\0';
	assert_string_equal(text, "1e+17");
}

static void bit_fields(void **state)
{
	struct bits b = {5, 17, -3, 0x1abcd, 1, 0x1deadbeefull, -2, 1, STATE_BUSY};
	struct bits_packed p = {1, 0x7edcba9876543210ull, 1, 0x3edcba9876543210ull, 5};

	(void)state;
	assert_string_equal(DECODE(b, "bits"), "{\"a\":5,\"b\":17,\"c\":-3,\"d\":109517,\"e\":1,\"f\":8030895855,\"g\":"
					       "-2,\"h\":true,\"i\":\"STATE_BUSY\"}");
	memset(&b, 0, sizeof(b));
	b.c = -64;
	b.g = -33554432;
	assert_string_equal(DECODE(b, "bits"),
		"{\"a\":0,\"b\":0,\"c\":-64,\"d\":0,\"e\":0,\"f\":0,\"g\":-33554432,\"h\":false,\"i\":\"STATE_IDLE\"}");
	assert_string_equal(DECODE(p, "bits_packed"),
		"{\"a\":1,\"b\":9141386507638288912,\"c\":1,\"d\":4529700489210901008,\"e\":5}");
}

/* Each bit of each place, against shifts of the compiler's. */
static void bits_anywhere(void **state)
{
	u8 bytes[9];

	(void)state;
	for (u32 i = 0; i < sizeof(bytes); i++)
		bytes[i] = (u8)(0x9d + 37 * i);
	for (u32 shift = 0; shift < 8; shift++)
		for (u32 bits = 1; bits <= 64; bits++) {
			struct decode_step step = {.kind = VALUE_UNSIGNED, .shift = (u8)shift, .bits = (u8)bits};
			unsigned __int128 whole = 0, expected;

			step.size = (u8)((shift + bits + 7) / 8);
			memcpy(&whole, bytes, step.size);
			expected = whole >> shift & (((unsigned __int128)1 << bits) - 1);
			assert_true(value_load(&step, bytes) == (u64)expected);
			step.is_signed = true;
			if (expected >> (bits - 1))
				expected |= ~(unsigned __int128)0 << bits;
			assert_true(value_load(&step, bytes) == (u64)expected);
		}
}

static void nested(void **state)
{
	struct nested n = {
		.from = {.port = 80, .v4 = 0x0100007f, .next = {9}},
		.id = 5,
		.x = 1,
		.y = 2,
		.n = {.word = 0x20001},
		.last = 3,
	};
	union number u = {7};

	(void)state;
	assert_string_equal(DECODE(n, "nested"), "{\"from\":{\"port\":80,\"v4\":16777343,\"bytes\":[127,0,0,1],"
						 "\"next\":{\"deep\":9}},\"id\":5,\"x\":1,\"y\":2,"
						 "\"n\":{\"word\":131073,\"halves\":[1,2]},\"nothing\":{},\"last\":3}");
	assert_string_equal(DECODE(u, "number"), "{\"word\":7,\"halves\":[7,0]}");
}

static void arrays(void **state)
{
	struct arrays a = {
		.name = "12345678",
		.numbers = {-1, 0, 1, 127},
		.mac = {0, 1, 2, 0xfd, 0xfe, 0xff},
		.shorts = {1, 22, 333},
		.matrix = {{1, 2, 3}, {4, 5, 6}},
		.names = {"abcd", "e"},
		.pairs = {{.port = 1, .v4 = 1}, {.port = 2, .next = {2}}},
		.flags = {1, 0, 1},
		.states = {STATE_GONE, (enum state)5},
		.pointers = {NULL, (void *)0x10},
		.last = 9,
	};

	(void)state;
	assert_string_equal(DECODE(a, "arrays"),
		"{\"name\":\"12345678\",\"numbers\":[-1,0,1,127],\"mac\":[0,1,2,253,254,255],\"shorts\":[1,22,333],"
		"\"matrix\":[[1,2,3],[4,5,6]],\"names\":[\"abcd\",\"e\"],\"pairs\":["
		"{\"port\":1,\"v4\":1,\"bytes\":[1,0,0,0],\"next\":{\"deep\":0}},"
		"{\"port\":2,\"v4\":0,\"bytes\":[0,0,0,0],\"next\":{\"deep\":2}}],\"flags\":[true,false,true],"
		"\"states\":[\"STATE_GONE\",5],\"pointers\":[\"0x0\",\"0x10\"],\"nothings\":[],\"none\":[],\"last\":"
		"9}");
}

static void strings(void **state)
{
	static const struct {
		char bytes[8];
		const char *json;
	} cases[] = {
		{"", "\"\""},
		{"plain", "\"plain\""},
		{"a\0bcdefg", "\"a\""},
		{"\"q\\\n\t", "\"\\\"q\\\\\\n\\u0009\""},
		{"\xc3\xa4\xe2\x82\xac", "\"\xc3\xa4\xe2\x82\xac\""},
		{"\xff\x80\x7f", "\"\\u00ff\\u0080\\u007f\""},
		{"\x7f", "\"\\u007f\""},
		{"\xc2\x9b"
		 "31m",
			"\"\\u009b31m\""},
	};
	struct arrays a = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char expected[64];

		memcpy(a.name, cases[i].bytes, 8);
		snprintf(expected, sizeof(expected), "{\"name\":%s,", cases[i].json);
		assert_memory_equal(DECODE(a, "arrays"), expected, strlen(expected));
	}
}

static void open_arrays(void **state)
{
	static char text[sizeof(struct open_string) + 5000];
	struct open_string *s = (struct open_string *)text;
	u32 numbers[] = {3, 10, 20, 30};
	u32 type = type_of("open_string");

	(void)state;
	assert_string_equal(DECODE(numbers, "open_numbers"), "{\"n\":3,\"numbers\":[10,20,30]}");
	assert_string_equal(decode(&object.btf, type_of("open_numbers"), numbers, 4), "{\"n\":3,\"numbers\":[]}");
	assert_string_equal(decode(&object.btf, type_of("open_numbers"), numbers, 11), "{\"n\":3,\"numbers\":[10]}");
	s->n = 5000;
	memset(s->text, 'a', 4000);
	assert_int_equal(
		strlen(decode(&object.btf, type, s, sizeof(text))), 4000 + strlen("{'a':0,'n':5000,'text':''}"));
	assert_string_equal(decode(&object.btf, type, s, 12), "{\"a\":0,\"n\":5000,\"text\":\"\"}");
	assert_string_equal(decode(&object.btf, type, s, 15), "{\"a\":0,\"n\":5000,\"text\":\"aaa\"}");
	s->text[1] = '"';
	assert_string_equal(decode(&object.btf, type, s, 15), "{\"a\":0,\"n\":5000,\"text\":\"a\\\"a\"}");
}

/* Brackets and quotes match, and nothing is empty between commas. */
static void assert_balanced(const char *s)
{
	char open[64];
	int depth = 0;

	for (; *s; s++) {
		if (*s == '"')
			for (s++; *s != '"'; s++)
				s += *s == '\\';
		if (*s == '{' || *s == '[')
			open[depth++] = *s;
		if (*s == '}' || *s == ']')
			assert_int_equal(open[--depth], *s == '}' ? '{' : '[');
		if (strchr(",[{:", *s))
			assert_false(s[1] == ',' || s[1] == ':' || (*s == ',' && strchr("}]", s[1])));
	}
	assert_int_equal(depth, 0);
}

/* Every event, cut after every byte. */
static void short_events(void **state)
{
	static const char *const names[] = {"values", "bits", "bits_packed", "nested", "arrays", "open_string",
		"open_numbers", "number", "comm_event", "wide"};
	static u8 bytes[600];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		for (size_t size = 0; size <= sizeof(bytes); size++) {
			memset(bytes, (int)size, sizeof(bytes));
			assert_balanced(decode(&object.btf, type_of(names[i]), bytes, size));
		}
	memset(bytes, 0, sizeof(bytes));
	assert_string_equal(decode(&object.btf, type_of("comm_event"), bytes, 0), "{}");
	assert_string_equal(decode(&object.btf, type_of("comm_event"), bytes, 7), "{\"pid\":0}");
	memcpy(bytes + 20, "bash", 4);
	assert_string_equal(decode(&object.btf, type_of("comm_event"), bytes, 22),
		"{\"pid\":0,\"uid\":0,\"cgroup\":0,\"result\":0,\"comm\":\"ba\"}");
	assert_string_equal(decode(&object.btf, type_of("nested"), bytes, 10),
		"{\"from\":{\"port\":0,\"v4\":0,"
		"\"bytes\":[0,0,0,0],\"next\":{\"deep\":0}}}");
	assert_string_equal(decode(&object.btf, type_of("nested"), bytes, 8),
		"{\"from\":{\"port\":0,\"v4\":0,\"bytes\":[0,0,0,0]}}");
}

/* A text in memory that is too small: nothing behind its end, and it says so. */
static void into_small_texts(const struct btf *btf, u32 type, const void *event, u32 event_size)
{
	struct decode_plan plan;

	assert_no_error(&error, decode_plan_make(&arena, &error, btf, type, &plan));
	for (size_t size = 1; size < 700; size++) {
		char *buf = malloc(size);
		struct text text = text_in(buf, size);

		decode_json(&plan, &text, event, event_size);
		assert_true(text.len < size);
		assert_int_equal(buf[text.len], 0);
		assert_true(text.cut || size > 200);
		free(buf);
	}
}

static void small_texts(void **state)
{
	struct arrays a = {.name = "\xff\xff", .last = 1};

	(void)state;
	into_small_texts(&object.btf, type_of("arrays"), &a, sizeof(a));
}

/* Names that are too long are cut, and the rest is as ever; of an enum's there is room for all that is left. */
static void long_names(void **state)
{
	char name[301], expected[DECODE_NAME_MAX + 16];
	struct blob b = {0};
	struct btf btf;
	u32 value = 5, type, whole, state_of, state_type;

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	type = blob_int(&b, "int", 4);
	whole = blob_type(&b, "whole", BTF_KIND_STRUCT, 1, 4);
	blob_words(&b, blob_string(&b, name), type, 0);
	state_type = blob_type(&b, "state", BTF_KIND_ENUM, 1, 4);
	blob_words(&b, blob_string(&b, name), 5);
	state_of = blob_type(&b, "state_of", BTF_KIND_STRUCT, 1, 4);
	blob_words(&b, blob_string(&b, "x"), state_type, 0);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	name[DECODE_NAME_MAX] = '\0';
	snprintf(expected, sizeof(expected), "{\"%s\":5}", name);
	assert_string_equal(decode(&btf, whole, &value, 4), expected);
	snprintf(expected, sizeof(expected), "{\"x\":\"%s\"}", name);
	assert_string_equal(decode(&btf, state_of, &value, 4), expected);
	into_small_texts(&btf, state_of, &value, 4);
	blob_free(&b);
}

static void other_roots(void **state)
{
	u32 number = 77;

	(void)state;
	assert_string_equal(DECODE(number, "__u32"), "77");
	assert_string_equal(decode(&object.btf, type_of("exec_alias"), &number, 4), "{\"ppid\":77}");
	assert_string_equal(decode(&object.btf, type_of("__u32"), &number, 3), "null");
}

static int make(const struct btf *btf, u32 id, struct decode_plan *plan)
{
	return decode_plan_make(&arena, &error, btf, id, plan);
}

static void refused(void **state)
{
	struct decode_plan plan;

	(void)state;
	assert_error(&error, make(&object.btf, 0, &plan), EINVAL, "void '': a void has no value to print");
	assert_error(&error, make(&object.btf, btf_find(&object.btf, BTF_KIND_FUNC_PROTO, ""), &plan), EINVAL,
		"has no value");
	assert_error(&error, make(&object.btf, type_of("twice13"), &plan), E2BIG, "struct 'twice13': it has more than");
	/* It is the declaration that counts. */
	assert_no_error(&error, make(&object.btf, type_of("wide"), &plan));
	assert_true(plan.count < 20);
	assert_int_equal(plan.size, sizeof(struct wide));
}

static void no_memory(void **state)
{
	struct decode_plan plan;
	long n = 0;
	int err;

	(void)state;
	do {
		arena_fail_after(n++);
		err = make(&object.btf, type_of("values"), &plan);
		if (err)
			assert_error(&error, err, ENOMEM, "no memory");
	} while (err);
	arena_fail_after(-1);
	assert_true(n > 16);
}

/* What this compiler does not make: 64-bit enums, chars that say so, bit fields of old, numbers of odd sizes. */
static void by_hand(void **state)
{
	struct {
		u64 wide, narrow;
		char c[4];
		u8 old, odd[3], sad;
		s8 small;
	} __attribute__((packed)) event = {0x1234567890ull, ~0ull, "xyz", 0x6d, {1, 2, 3}, 1, -7};
	struct blob b = {0};
	struct btf btf;
	u32 wide, narrow, letter, letters, index, old, odd, sad, small, whole;

	(void)state;
	wide = blob_type(&b, "wide", KIND_ENUM64, 2, 8);
	blob_words(&b, blob_string(&b, "ONE"), 1, 0, blob_string(&b, "BIG"), 0x34567890, 0x12);
	narrow = blob_type(&b, "narrow", KIND_ENUM64, 1, 8);
	b.words[b.word_count - 2] |= 1u << 31;
	blob_words(&b, blob_string(&b, "MINUS"), ~0u - 1, ~0u);
	letter = blob_type(&b, "char", BTF_KIND_INT, 0, 1);
	blob_word(&b, BTF_INT_CHAR << 24 | 8);
	index = blob_int(&b, "index", 4);
	letters = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, letter, index, 4);
	old = blob_type(&b, "old", BTF_KIND_INT, 0, 1);
	blob_word(&b, BTF_INT_SIGNED << 24 | 2 << 16 | 4); /* bits 2 to 5 */
	odd = blob_int(&b, "odd", 3);
	sad = blob_type(&b, "sad", BTF_KIND_FUNC_PROTO, 0, 0);
	small = blob_type(&b, "small", BTF_KIND_ENUM, 2, 1);
	b.words[b.word_count - 2] |= 1u << 31;
	blob_words(&b, blob_string(&b, "SEVEN\"\033"), (u32)-7, blob_string(&b, "EIGHT"), 8);
	whole = blob_type(&b, "whole", BTF_KIND_STRUCT, 7, sizeof(event));
	blob_words(&b, blob_string(&b, "wide"), wide, 0, blob_string(&b, "narrow"), narrow, 64);
	blob_words(&b, blob_string(&b, "c"), letters, 128, blob_string(&b, "old"), old, 160);
	blob_words(&b, blob_string(&b, "odd"), odd, 168, blob_string(&b, "sad"), sad, 192);
	blob_words(&b, blob_string(&b, "a\"\n"), small, 200);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	assert_string_equal(decode(&btf, whole, &event, sizeof(event)),
		"{\"wide\":\"BIG\",\"narrow\":-1,\"c\":\"xyz\",\"old\":-5,\"odd\":[1,2,3],"
		"\"a\\\"\\n\":\"SEVEN\\\"\\u001b\"}");
	event.narrow = ~1ull;
	event.small = 9;
	assert_string_equal(decode(&btf, whole, &event, sizeof(event)),
		"{\"wide\":\"BIG\",\"narrow\":\"MINUS\",\"c\":\"xyz\",\"old\":-5,\"odd\":[1,2,3],\"a\\\"\\n\":9}");
	blob_free(&b);
}

/* Of bytes gcc says what clang says of no type: BTF_INT_CHAR. */
static void chars_of_gcc(void **state)
{
	static const u8 event[] = {'c', 0xe9, 65, 0xff, 'm', 'a', 'c', 'l', 'o', 'g'};
	struct blob b = {0};
	struct btf btf;
	u32 plain, byte, small, index, mac, comm, whole;

	(void)state;
	plain = blob_type(&b, "char", BTF_KIND_INT, 0, 1);
	blob_word(&b, (BTF_INT_SIGNED | BTF_INT_CHAR) << 24 | 8);
	byte = blob_type(&b, "unsigned char", BTF_KIND_INT, 0, 1);
	blob_word(&b, BTF_INT_CHAR << 24 | 8);
	small = blob_type(&b, "signed char", BTF_KIND_INT, 0, 1);
	blob_word(&b, (BTF_INT_SIGNED | BTF_INT_CHAR) << 24 | 8);
	index = blob_int(&b, "index", 4);
	mac = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, byte, index, 3);
	comm = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, plain, index, 3);
	whole = blob_type(&b, "whole", BTF_KIND_STRUCT, 6, sizeof(event));
	blob_words(&b, blob_string(&b, "c"), plain, 0, blob_string(&b, "high"), plain, 8);
	blob_words(&b, blob_string(&b, "byte"), byte, 16, blob_string(&b, "small"), small, 24);
	blob_words(&b, blob_string(&b, "mac"), mac, 32, blob_string(&b, "comm"), comm, 56);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	assert_string_equal(decode(&btf, whole, event, sizeof(event)),
		"{\"c\":\"c\",\"high\":\"\\u00e9\",\"byte\":65,\"small\":-1,\"mac\":[109,97,99],\"comm\":\"log\"}");
	blob_free(&b);
}

/* What no compiler makes of C, but a file may hold: a value, bytes, or nothing, and never more than is there. */
static void odd_types(void **state)
{
	static const u8 event[26] = {
		0xff, 1, 2, 3, 4, 0xff, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 99};
	static const u8 shifted[2] = {0xf8, 3};
	struct blob b = {0};
	struct btf btf;
	u32 letter, real, narrow, large, behind, array, datasec, sections, empty, whole, byte, old;

	(void)state;
	letter = blob_int(&b, "char", 1);
	real = blob_type(&b, "float", BTF_KIND_FLOAT, 0, 4);
	narrow = blob_type(&b, "narrow", BTF_KIND_INT, 0, 1);
	blob_word(&b, 3);
	large = blob_type(&b, "large", BTF_KIND_ENUM, 0, 16);
	behind = blob_type(&b, "behind", BTF_KIND_INT, 0, 4);
	blob_word(&b, 32 << 16 | 8); /* its bits are the next one's */
	array = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, behind, letter, 1);
	datasec = blob_type(&b, "section", BTF_KIND_DATASEC, 0, 1);
	sections = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, datasec, letter, 3);
	empty = blob_type(&b, "empty", BTF_KIND_STRUCT, 0, 0);
	whole = blob_type(&b, "whole", BTF_KIND_STRUCT, 8, sizeof(event));
	b.words[b.word_count - 2] |= 1u << 31;
	blob_words(&b, blob_string(&b, "letter"), letter, 3 << 24 | 0, 0, letter, 2 << 24 | 3);
	blob_words(&b, blob_string(&b, "real"), real, 17 << 24 | 8, blob_string(&b, "wider"), narrow, 5 << 24 | 40);
	blob_words(&b, blob_string(&b, "large"), large, 48, blob_string(&b, "list"), array, 176);
	blob_words(&b, blob_string(&b, "sections"), sections, 0, blob_string(&b, "last"), empty, 208);
	byte = blob_int(&b, "byte", 1);
	old = blob_type(&b, "old", BTF_KIND_STRUCT, 1, 2);
	blob_words(&b, blob_string(&b, "x"), byte, 3);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	assert_string_equal(decode(&btf, whole, event, sizeof(event)),
		"{\"letter\":7,\"real\":[1,2,3,4],\"wider\":31,\"large\":[6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21],"
		"\"list\":[],\"sections\":[],\"last\":{}}");
	assert_string_equal(decode(&btf, old, shifted, sizeof(shifted)), "{\"x\":127}");
	blob_free(&b);
}

/* Of several names for a value the first one counts, in whatever order they are declared. */
static void names_alike(void **state)
{
	static const char names[][2] = {"A", "B", "C", "D", "E", "F", "G", "H"};
	struct blob b = {0};
	u32 value = 7, type;
	struct btf btf;

	(void)state;
	type = blob_type(&b, "state", BTF_KIND_ENUM, ARRAY_SIZE(names), 4);
	for (u32 i = 0; i < ARRAY_SIZE(names); i++)
		blob_words(&b, blob_string(&b, names[i]), i == 7 ? 1 : 7);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	assert_string_equal(decode(&btf, type, &value, 4), "\"A\"");
	blob_free(&b);
}

/* Places beyond all events, elements too large to count, more members than anyone looks at, bits that no number has. */
static void too_much(void **state)
{
	struct blob b = {0};
	struct decode_plan plan;
	struct btf btf;
	u32 byte, far, rows, table, many, wide, bits;

	(void)state;
	byte = blob_int(&b, "byte", 8);
	far = byte;
	for (int i = 0; i < 3; i++) {
		u32 inner = far;

		far = blob_type(&b, "far", BTF_KIND_STRUCT, 1, 1u << 30);
		blob_words(&b, blob_string(&b, "m"), inner, 0xfffffff8);
	}
	rows = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, byte, byte, 1u << 29);
	table = blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);
	blob_words(&b, rows, byte, 2);
	many = blob_type(&b, "", BTF_KIND_STRUCT, 0, 0);
	for (int i = 0; i < BTF_DEPTH - 2; i++) {
		u32 inner = many;

		many = blob_type(&b, i < BTF_DEPTH - 3 ? "" : "many", BTF_KIND_STRUCT, 2, 0);
		blob_words(&b, 0, inner, 0, 0, inner, 0);
	}
	wide = blob_type(&b, "wide", BTF_KIND_INT, 0, 16);
	blob_word(&b, 65);
	bits = blob_type(&b, "bits", BTF_KIND_STRUCT, 1, 16);
	blob_words(&b, blob_string(&b, "x"), wide, 0);
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	assert_error(&error, make(&btf, far, &plan), E2BIG, "struct 'far': it has more than 1073741824 bytes");
	assert_error(&error, make(&btf, table, &plan), E2BIG, "array '': it has more than 1073741824 bytes");
	assert_error(&error, make(&btf, many, &plan), E2BIG, "struct 'many': it has more than 4096 members");
	assert_error(&error, make(&btf, bits, &plan), EINVAL, "struct 'bits': bit field 'x' is 65 bits wide");
	blob_free(&b);
}

/* A struct within a struct, deeper than anyone looks. */
static void too_deep(void **state)
{
	struct blob b = {0};
	struct decode_plan plan;
	struct btf btf;
	u32 id = blob_int(&b, "int", 4);

	(void)state;
	for (int i = 0; i < BTF_DEPTH + 1; i++) {
		u32 inner = id;

		id = blob_type(&b, i & 1 ? "odd" : "even", i % 3 ? BTF_KIND_STRUCT : BTF_KIND_ARRAY, i % 3 ? 1 : 0,
			i % 3 ? 4 : 0);
		if (i % 3)
			blob_words(&b, blob_string(&b, "m"), inner, 0);
		else
			blob_words(&b, inner, 1, 1);
	}
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(&b), &btf));
	assert_error(&error, make(&btf, id, &plan), E2BIG, "nested deeper than 32");
	assert_balanced(decode(&btf, id - 1, &(u32){5}, 4));
	blob_free(&b);
}

/* With a descriptor, what does not fit is written, and nothing is lost. */
static void long_events(void **state)
{
	struct decode_plan plan;
	char buf[4096];
	struct text text;
	static u8 event[sizeof(struct wide)];
	ssize_t n, len = 0;
	int fds[2];

	(void)state;
	memset(event, 0xff, sizeof(event));
	assert_no_error(&error, make(&object.btf, type_of("wide"), &plan));
	assert_int_equal(pipe(fds), 0);
	text = text_to(fds[1], buf, sizeof(buf));
	decode_json(&plan, &text, event, 16000);
	text_flush(&text);
	assert_int_equal(text.error, 0);
	close(fds[1]);
	while ((n = read(fds[0], json + len, sizeof(json) - 1 - (size_t)len)) > 0)
		len += n;
	json[len] = '\0';
	close(fds[0]);
	assert_int_equal(len, 4000 * 11 + strlen("{'table':[]}") - 1);
	assert_balanced(json);
	/* A string that is longer than the buffer. */
	memset(event, 'a', sizeof(event));
	assert_no_error(&error, make(&object.btf, type_of("open_string"), &plan));
	assert_int_equal(pipe(fds), 0);
	text = text_to(fds[1], buf, sizeof(buf));
	decode_json(&plan, &text, event, 12 + 9000);
	text_flush(&text);
	assert_int_equal(text.error, 0);
	close(fds[1]);
	for (len = 0; (n = read(fds[0], json + len, sizeof(json) - 1 - (size_t)len)) > 0;)
		len += n;
	close(fds[0]);
	assert_int_equal(len, 9000 + strlen("{'a':7016996765293437281,'n':1633771873,'text':''}"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(decimals),
		TEST(floats),
		TEST(bits_anywhere),
		TEST(values),
		TEST(bit_fields),
		TEST(nested),
		TEST(arrays),
		TEST(strings),
		TEST(open_arrays),
		TEST(short_events),
		TEST(small_texts),
		TEST(long_names),
		TEST(refused),
		TEST(other_roots),
		TEST(no_memory),
		TEST(by_hand),
		TEST(chars_of_gcc),
		TEST(odd_types),
		TEST(names_alike),
		TEST(too_much),
		TEST(too_deep),
		TEST(long_events),
	};

	return cmocka_run_group_tests_name(__FILE__, tests, set_up, tear_down);
}
