/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_btf_print.c: types as C writes them: a fixture full of hard declarations, and circles that no compiler makes.
 */
#include "blob.h"
#include "object/btf_print.h"

static struct arena arena;
static struct error error;
static struct btf btf;
static char buf[1 << 20];

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return arena_live() != 0;
}

static void assert_declares(u32 id, const char *name, const char *expected)
{
	struct text t = text_in(buf, sizeof(buf));

	btf_print_declaration(&t, &btf, id, name);
	assert_string_equal(buf, expected);
}

static void assert_defines(u32 kind, const char *name, const char *expected)
{
	struct text t = text_in(buf, sizeof(buf));

	btf_print_definition(&t, &btf, btf_find(&btf, kind, name), 0);
	assert_string_equal(buf, expected);
}

/* The members of a struct stand as in tests/unit/fixtures/printed.bpf.c, with their offsets. */
static const char hard[] = "struct hard {\n"
			   "	char c;                                 // 0\n"
			   "	                                        // 1: 7 bytes of padding\n"
			   "	int (*array_pointer)[3];                // 8\n"
			   "	char *pointer_array[4];                 // 16\n"
			   "	int matrix[2][3];                       // 48\n"
			   "	callback_t callback;                    // 72\n"
			   "	void (*nothing)(void);                  // 80\n"
			   "	int (*(*returns_function)(long))(char); // 88\n"
			   "	const char *const names[2];             // 96\n"
			   "	volatile int *volatile v;               // 112\n"
			   "	struct forward *forward;                // 120\n"
			   "	point_t points[2];                      // 128\n"
			   "	unsigned int low : 3;                   // 144:0\n"
			   "	unsigned int high : 5;                  // 144:3\n"
			   "	enum sign sign : 2;                     // 145:0\n"
			   "	                                        // 146: 2 bytes of padding\n"
			   "	union {\n"
			   "		__u32 word;                     // 148\n"
			   "		struct {\n"
			   "			__u16 first;            // 148\n"
			   "			__u16 second;           // 150\n"
			   "		};                              // 148\n"
			   "	};                                      // 148\n"
			   "	struct {\n"
			   "		__u8 byte;                      // 0\n"
			   "	} named[2];                             // 152\n"
			   "	                                        // 154: 2 bytes of padding\n"
			   "	const struct {\n"
			   "		int a;                          // 156\n"
			   "	} constant;                             // 156\n"
			   "	enum {\n"
			   "		RED = 0,\n"
			   "		GREEN = 1,\n"
			   "	} color;                                // 160\n"
			   "	enum tiny tiny;                         // 164\n"
			   "	struct {} empty;                        // 165\n"
			   "	                                        // 165: 3 bytes of padding\n"
			   "	const int fixed[2];                     // 168\n"
			   "	_Bool flag;                             // 176\n"
			   "	                                        // 177: 7 bytes of padding\n"
			   "	double real;                            // 184\n"
			   "};                                              // 192 bytes\n";

static void writes_what_a_compiler_read(void **state)
{
	struct bytes blob = blob_of(FIXTURES "printed.bpf.o", ".BTF");

	(void)state;
	assert_no_error(&error, btf_open(&arena, &error, blob, &btf));
	bytes_free(blob);
	assert_defines(BTF_KIND_STRUCT, "hard", hard);
	assert_defines(BTF_KIND_ENUM, "tiny",
		"enum tiny {\n\tA = 0,\n\tB = 200,\n};" /* to column 48 */
		"                                              // 1 bytes\n");
	assert_defines(BTF_KIND_TYPEDEF, "callback_t", "typedef int (*callback_t)(void *, const char *, ...);\n");
	assert_defines(BTF_KIND_TYPEDEF, "point_t",
		"typedef struct {\n"
		"	int x;                                  // 0\n"
		"	int y;                                  // 4\n"
		"} point_t;\n");
	assert_declares(btf_find(&btf, BTF_KIND_STRUCT, "hard"), "", "struct hard");
	assert_declares(0, "", "void");
	assert_declares(
		btf_type(&btf, btf_find(&btf, BTF_KIND_FUNC, "helper"))->type, "f", "int f(const struct hard *h)");
	/* What is neither struct, union, enum nor typedef has no definition. */
	assert_defines(BTF_KIND_INT, "int", "");
	assert_defines(BTF_KIND_FUNC, "helper", "");
	assert_defines(BTF_KIND_VAR, "hard", "");
}

static void open_blob(struct blob *b)
{
	assert_no_error(&error, btf_open(&arena, &error, blob_finish(b), &btf));
	blob_free(b);
}

/* type [1] = const [1]; type [2] = pointer to [2] */
static void ends_in_circles(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_type(&b, "", BTF_KIND_CONST, 0, 1);
	blob_type(&b, "", BTF_KIND_PTR, 0, 2);
	open_blob(&b);
	assert_declares(1, "x", "... x");
	assert_declares(2, "x", "... x");
}

/* An anonymous struct of thirty members, each that struct again: 30 to the power of the nesting, if nothing stopped. */
static void ends_in_structs_of_themselves(void **state)
{
	struct blob b = {0};
	struct text t = text_in(buf, sizeof(buf));

	(void)state;
	blob_type(&b, "", BTF_KIND_STRUCT, 30, 8);
	for (int i = 0; i < 30; i++)
		blob_words(&b, 0, 1, 0);
	open_blob(&b);
	btf_print_definition(&t, &btf, 1, 1);
	assert_memory_equal(buf, "\tstruct {\n\t\tstruct {\n", 20);
	assert_non_null(strstr(buf, "\n\t\t\t...\n\t\t}")); /* written in part, */
	assert_non_null(strstr(buf, "struct {...};"));      /* and no deeper */
}

/* The same with a function that takes thirty of its kind. */
static void ends_in_functions_of_themselves(void **state)
{
	struct blob b = {0};
	struct text t = text_in(buf, sizeof(buf));

	(void)state;
	blob_type(&b, "", BTF_KIND_FUNC_PROTO, 30, 0);
	for (int i = 0; i < 30; i++)
		blob_words(&b, 0, 1);
	open_blob(&b);
	btf_print_declaration(&t, &btf, 1, "f");
	assert_non_null(strstr(buf, "..."));
}

/* clang 14 writes neither of these. */
static void writes_younger_kinds(void **state)
{
	struct blob b = {0};
	u32 integer, tag, big;

	(void)state;
	integer = blob_int(&b, "int", 4);
	tag = blob_type(&b, "rcu", KIND_TYPE_TAG, 0, integer);
	blob_type(&b, "", BTF_KIND_PTR, 0, tag);
	big = blob_type(&b, "big", KIND_ENUM64, 1, 8);
	blob_words(&b, blob_string(&b, "HUGE"), 1, 2);
	blob_type(&b, "sign", BTF_KIND_ENUM | 1 << 7, 1, 4);
	blob_words(&b, blob_string(&b, "MINUS"), (u32)-1);
	blob_type(&b, "bits", BTF_KIND_ENUM, 1, 4);
	blob_words(&b, blob_string(&b, "TOP"), 1u << 31);
	open_blob(&b);
	assert_declares(tag + 1, "p", "__rcu int *p");
	assert_declares(big, "e", "enum big e");
	assert_defines(KIND_ENUM64, "big",
		"enum big {\n\tHUGE = 8589934593,\n};"
		"                                              // 8 bytes\n");
	assert_defines(BTF_KIND_ENUM, "sign",
		"enum sign {\n\tMINUS = -1,\n};"
		"                                              // 4 bytes\n");
	assert_defines(BTF_KIND_ENUM, "bits",
		"enum bits {\n\tTOP = 2147483648,\n};"
		"                                              // 4 bytes\n");
}

/* In front of a base or an array, and behind a pointer. The comments are the ids. */
static void puts_qualifiers_where_they_belong(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);                     /* 1 */
	blob_type(&b, "", BTF_KIND_PTR, 0, 1);      /* 2 */
	blob_type(&b, "", BTF_KIND_CONST, 0, 2);    /* 3 */
	blob_type(&b, "", BTF_KIND_VOLATILE, 0, 3); /* 4 */
	blob_type(&b, "", BTF_KIND_PTR, 0, 4);      /* 5 */
	blob_type(&b, "", BTF_KIND_CONST, 0, 1);    /* 6 */
	blob_type(&b, "", BTF_KIND_ARRAY, 0, 0);    /* 7 */
	blob_words(&b, 6, 1, 3);
	blob_type(&b, "", BTF_KIND_CONST, 0, 7);    /* 8 */
	blob_type(&b, "", BTF_KIND_PTR, 0, 8);      /* 9 */
	blob_type(&b, "user", KIND_TYPE_TAG, 0, 1); /* 10 */
	blob_type(&b, "rcu", KIND_TYPE_TAG, 0, 10); /* 11 */
	blob_type(&b, "", BTF_KIND_PTR, 0, 11);     /* 12 */
	open_blob(&b);
	assert_declares(4, "x", "int *const volatile x");
	assert_declares(4, "", "int *const volatile");
	assert_declares(5, "", "int *const volatile *");
	assert_declares(8, "x", "const int x[3]"); /* though it is there twice */
	assert_declares(9, "x", "const int (*x)[3]");
	assert_declares(12, "x", "__rcu __user int *x");
}

/* As many functions as a struct has members; what they take is not written out. */
static void writes_a_table_of_functions(void **state)
{
	struct blob b = {0};
	char expected[1000] = "struct table {\n";

	(void)state;
	blob_int(&b, "int", 4);                   /* 1 */
	blob_type(&b, "", BTF_KIND_STRUCT, 1, 4); /* 2 */
	blob_words(&b, blob_string(&b, "a"), 1, 0);
	blob_type(&b, "", BTF_KIND_PTR, 0, 2);        /* 3 */
	blob_type(&b, "", BTF_KIND_FUNC_PROTO, 1, 1); /* 4 */
	blob_words(&b, 0, 3);
	blob_type(&b, "", BTF_KIND_PTR, 0, 4); /* 5 */
	blob_type(&b, "table", BTF_KIND_STRUCT, 10, 80);
	for (u32 i = 0; i < 10; i++) {
		blob_words(&b, blob_string(&b, "f"), 5, i * 64);
		sprintf(expected + strlen(expected), "\tint (*f)(struct {...} *);%15s// %u\n", "", i * 8);
	}
	strcat(expected, "};                                              // 80 bytes\n");
	open_blob(&b);
	assert_defines(BTF_KIND_STRUCT, "table", expected);
}

#define NAME_TO_COLUMN_48 "a_name_that_ends_right_at_column_48"

/* Padding may begin behind a single bit, stand first, and within a member. */
static void writes_padding(void **state)
{
	struct blob b = {0};

	(void)state;
	blob_int(&b, "int", 4);                    /* 1 */
	blob_type(&b, "", BTF_KIND_STRUCT, 2, 16); /* 2 */
	blob_words(&b, blob_string(&b, "a"), 1, 0, blob_string(&b, "b"), 1, 64);
	blob_type(&b, "", BTF_KIND_PTR, 0, 2);   /* 3 */
	blob_type(&b, "", BTF_KIND_CONST, 0, 3); /* 4 */
	blob_type(&b, "holes", BTF_KIND_STRUCT | 1 << 7, 5, 48);
	blob_words(&b, blob_string(&b, "bit"), 1, 1 << 24 | 32);
	blob_words(&b, 0, 2, 64);
	blob_words(&b, blob_string(&b, NAME_TO_COLUMN_48), 1, 192);
	blob_words(&b, blob_string(&b, NAME_TO_COLUMN_48 "_"), 1, 256);
	blob_words(&b, blob_string(&b, "elsewhere"), 4, 320);
	open_blob(&b);
	assert_defines(BTF_KIND_STRUCT, "holes",
		"struct holes {\n"
		"	                                        // 0: 4 bytes of padding\n"
		"	int bit : 1;                            // 4:0\n"
		"	                                        // 5: 3 bytes of padding\n"
		"	struct {\n"
		"		int a;                          // 8\n"
		"		                                // 12: 4 bytes of padding\n"
		"		int b;                          // 16\n"
		"		                                // 20: 4 bytes of padding\n"
		"	};                                      // 8\n"
		"	int " NAME_TO_COLUMN_48 "; // 24\n"
		"	                                        // 28: 4 bytes of padding\n"
		"	int " NAME_TO_COLUMN_48 "_; // 32\n"
		"	                                        // 36: 4 bytes of padding\n"
		"	struct {\n"
		"		int a;                          // 0\n"
		"		                                // 4: 4 bytes of padding\n"
		"		int b;                          // 8\n"
		"		                                // 12: 4 bytes of padding\n"
		"	} *const elsewhere;                     // 40\n"
		"};                                              // 48 bytes\n");
}

#define CLEAN(function) cmocka_unit_test_teardown(function, tear_down)

int main(void)
{
	return RUN(CLEAN(writes_what_a_compiler_read), CLEAN(ends_in_circles), CLEAN(ends_in_structs_of_themselves),
		CLEAN(ends_in_functions_of_themselves), CLEAN(writes_younger_kinds),
		CLEAN(puts_qualifiers_where_they_belong), CLEAN(writes_a_table_of_functions), CLEAN(writes_padding));
}
