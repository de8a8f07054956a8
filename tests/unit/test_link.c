/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_link.c: programs put together from functions: what stands where, and what each instruction then points at.
 */
#define OBJECT FIXTURES "object.bpf.o"
#define EDITED OBJECT

#include "edited.h"
#include "base/memory.h"
#include "base/string.h"
#include "relocate/link.h"

#define FIRST_FD 100 /* map i has descriptor 100 + i */

static struct object object;
static struct prog_image image;
static int fds[64];
static struct extern_value extern_values[64];

static void open_edited(void)
{
	for (int i = 0; i < 64; i++)
		fds[i] = FIRST_FD + i;
	assert_no_error(&error, object_open(&arena, &error, "object.bpf.o", e.file, &object));
}

static int link_named(const char *name)
{
	struct link_input input = {fds, extern_values, NULL};

	return link_program(&arena, &error, &object, object_find_prog(&object, name), &input, &image);
}

static int map_fd(const char *name)
{
	return FIRST_FD + object_find_map(&object, name);
}

/* The part that a function of that name became, or the test fails. */
static const struct image_part *part_named(const char *name)
{
	for (u32 i = 0; i < image.part_count; i++)
		if (str_equal(image.parts[i].prog->name, name))
			return &image.parts[i];
	fail_msg("'%s' is no part", name);
	return NULL;
}

/* How many 16-byte loads in that part have this source register, descriptor and second number. */
static u32 loads(const char *part_name, u8 src_reg, s32 first, s32 second)
{
	const struct image_part *part = part_named(part_name);
	u32 count = 0;

	for (u32 i = part->start; i + 1 < part->start + part->prog->insn_count; i++) {
		const struct bpf_insn *insn = &image.insns[i];

		count += insn->code == (BPF_LD | BPF_IMM | BPF_DW) && insn->src_reg == src_reg &&
			 insn[0].imm == first && insn[1].imm == second;
	}
	return count;
}

/* How many calls in that part go to the start of the other. */
static u32 calls(const char *from, const char *to)
{
	const struct image_part *part = part_named(from), *target = part_named(to);
	u32 count = 0;

	for (u32 i = part->start; i < part->start + part->prog->insn_count; i++) {
		const struct bpf_insn *insn = &image.insns[i];

		if (insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL)
			count += i + 1 + (u32)insn->imm == target->start;
	}
	return count;
}

static void one_function(void **state)
{
	u64 offset;

	(void)state;
	open_edited();
	assert_no_error(&error, link_named("fourth"));
	assert_int_equal(image.part_count, 1);
	assert_int_equal(image.insn_count, object_find_prog(&object, "fourth")->insn_count);
	assert_memory_equal(image.insns, object_find_prog(&object, "fourth")->insns, image.insn_count * 8);
	assert_ptr_equal(image_origin(&image, 1, &offset), object_find_prog(&object, "fourth"));
	assert_int_equal(offset, 8);
}

static void with_subprogram(void **state)
{
	struct bpf_insn before[64];
	const struct prog_spec *first;

	(void)state;
	open_edited();
	first = object_find_prog(&object, "first");
	memcpy(before, first->insns, first->insn_count * 8);
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.part_count, 2);
	assert_ptr_equal(image.parts[0].prog, first);
	assert_int_equal(image.parts[0].start, 0);
	assert_int_equal(image.parts[1].start, first->insn_count);
	assert_int_equal(calls("first", "twice"), 1);
	assert_int_equal(loads("first", BPF_PSEUDO_MAP_FD, map_fd("counts"), 0), 1);
	assert_int_equal(loads("first", BPF_PSEUDO_MAP_VALUE, map_fd(".rodata"), 0), 1);
	assert_int_equal(loads("first", BPF_PSEUDO_MAP_VALUE, map_fd(".rodata"), 4), 1);
	assert_int_equal(loads("twice", BPF_PSEUDO_MAP_VALUE, map_fd(".data"), 0), 1);
	assert_int_equal(loads("twice", BPF_PSEUDO_MAP_VALUE, map_fd(".data"), 8), 1);
	/* What the file has stays as it was. */
	assert_memory_equal(before, first->insns, first->insn_count * 8);
}

/* A function is there once, however often and from wherever it is called; in the order of first mention. */
static void shared_subprograms(void **state)
{
	static const char *const order[] = {"second", "hidden_helper", "twice", "local_helper"};

	(void)state;
	open_edited();
	assert_no_error(&error, link_named("second"));
	assert_int_equal(image.part_count, 4);
	for (u32 i = 0; i < 4; i++)
		assert_string_equal(image.parts[i].prog->name, order[i]);
	assert_int_equal(calls("second", "hidden_helper"), 1);
	assert_int_equal(calls("second", "local_helper"), 1);
	assert_int_equal(calls("hidden_helper", "twice"), 1);
	assert_int_equal(calls("local_helper", "twice"), 1);
	assert_int_equal(loads("second", BPF_PSEUDO_MAP_FD, map_fd("events"), 0), 1);
	assert_int_equal(loads("second", BPF_PSEUDO_MAP_VALUE, map_fd(".data.special"), 0), 1);
	assert_int_equal(loads("local_helper", BPF_PSEUDO_MAP_VALUE, map_fd(".bss"), 16), 1);
}

/* The address of a function is a distance, too; a call within .text has no relocation. */
static void callbacks(void **state)
{
	const struct image_part *callback;

	(void)state;
	open_edited();
	assert_no_error(&error, link_named("third"));
	callback = part_named("callback");
	assert_int_equal(calls("callback", "local_helper"), 1);
	for (u32 i = 0; i < part_named("third")->prog->insn_count; i++)
		if (image.insns[i].code == (BPF_LD | BPF_IMM | BPF_DW) && image.insns[i].src_reg == BPF_PSEUDO_FUNC)
			assert_int_equal(i + 1 + (u32)image.insns[i].imm, callback->start);
	assert_int_equal(loads("third", BPF_PSEUDO_FUNC, (s32)callback->start - 3, 0), 1);
	for (u32 i = 0; i < object.extern_count; i++)
		if (object.externs[i].kind == EXTERN_KCONFIG)
			assert_int_equal(
				loads("third", BPF_PSEUDO_MAP_VALUE, map_fd(".kconfig"), (s32)object.externs[i].offset),
				1);
}

/* func_info: one for each part. line_info: one for the first instruction of each, none in a load's second half. */
static void debug_information(void **state)
{
	static const char *const programs[] = {"first", "second", "third", "fourth"};

	(void)state;
	open_edited();
	for (size_t n = 0; n < ARRAY_SIZE(programs); n++) {
		assert_no_error(&error, link_named(programs[n]));
		assert_int_equal(image.func_info_count, image.part_count);
		assert_true(image.line_info_count >= image.part_count);
		for (u32 i = 0; i < image.part_count; i++) {
			assert_int_equal(image.func_info[i].insn_off, image.parts[i].start);
			assert_string_equal(
				btf_name(&object.btf, image.func_info[i].type_id), image.parts[i].prog->name);
		}
		for (u32 i = 0, part = 0; i < image.line_info_count; i++) {
			u32 at = image.line_info[i].insn_off;

			assert_true(at < image.insn_count && (!i || image.line_info[i - 1].insn_off < at));
			assert_true(!at || image.insns[at - 1].code != (BPF_LD | BPF_IMM | BPF_DW));
			if (part < image.part_count && at >= image.parts[part].start)
				assert_int_equal(at, image.parts[part++].start);
		}
	}
}

static void origins(void **state)
{
	u64 offset;

	(void)state;
	open_edited();
	assert_no_error(&error, link_named("second"));
	for (u32 p = 0; p < image.part_count; p++)
		for (u32 i = 0; i < image.parts[p].prog->insn_count; i++) {
			assert_ptr_equal(image_origin(&image, image.parts[p].start + i, &offset), image.parts[p].prog);
			assert_int_equal(offset, image.parts[p].prog->offset + i * 8);
		}
	/* What the verifier says of an instruction that is not there belongs to the last part. */
	assert_ptr_equal(image_origin(&image, 1u << 20, &offset), image.parts[image.part_count - 1].prog);
}

/* Functions that call each other, or themselves, are parts once; the verifier will have its say. */
static void recursion(void **state)
{
	struct bpf_insn *insn;
	u64 at;

	(void)state;
	at = edit_symbol(&e, "callback")->st_value;
	insn = (struct bpf_insn *)(edit_bytes(&e, ".text") + at);
	while (insn->code != (BPF_JMP | BPF_CALL))
		insn++;
	insn->imm = -(s32)((u64)((u8 *)insn - edit_bytes(&e, ".text")) - at) / 8 - 1; /* callback itself */
	open_edited();
	assert_no_error(&error, link_named("third"));
	assert_int_equal(image.part_count, 2);
	assert_int_equal(calls("callback", "callback"), 1);
}

static struct bpf_insn *call_in(const char *section, const char *function)
{
	struct bpf_insn *insn = (struct bpf_insn *)(edit_bytes(&e, section) + edit_symbol(&e, function)->st_value);

	while (insn->code != (BPF_JMP | BPF_CALL))
		insn++;
	return insn;
}

static void refuse(const char *prog, int errnum, const char *message)
{
	open_edited();
	assert_error(&error, link_named(prog), errnum, message);
	edit_anew(OBJECT);
}

static struct bpf_insn *relocated(const char *symbol)
{
	static const char section[] = "kprobe/do_exit+4";

	return (struct bpf_insn *)(edit_bytes(&e, section) +
				   edit_relocation(&e, ".relkprobe/do_exit+4", symbol)->r_offset);
}

static void local_call_rules(void **state)
{
	(void)state;
	/* callback calls local_helper by distance; each of these goes where no function begins. */
	call_in(".text", "callback")->imm += 1;
	refuse("third", EINVAL, "function 'callback': instruction");
	call_in(".text", "callback")->imm += 1;
	refuse("third", EINVAL, "in section '.text', where no function begins");
	call_in(".text", "callback")->imm = 0x7fffffff;
	refuse("third", EINVAL, "in section '.text', where no function begins");
	call_in(".text", "callback")->imm = -0x7fffffff - 1;
	refuse("third", EINVAL, "in section '.text', where no function begins");
	/* A relocation against a function, and one against the section. */
	relocated("twice")->imm = 0;
	refuse("first", EINVAL, "refers to 8 in section '.text', where no function begins");
	relocated("twice")->imm = -0x7fffffff - 1;
	refuse("first", EINVAL, "refers to -17179869176 in section '.text', where no function begins");
	relocated(".text")->imm += 1;
	refuse("second", EINVAL, "in section '.text', where no function begins");
}

static u32 extern_index(const char *name)
{
	int index = object_find_extern(&object, name, strlen(name));

	assert_in_range(index, 0, 63);
	return (u32)index;
}

/* How many calls in program "fifth" are these. */
static u32 plain_calls(u8 src_reg, s16 off, s32 imm)
{
	const struct image_part *part = part_named("fifth");
	u32 count = 0;

	for (u32 i = 0; i < part->prog->insn_count; i++) {
		const struct bpf_insn *insn = &image.insns[i];

		count += insn->code == (BPF_JMP | BPF_CALL) && insn->dst_reg == 0 && insn->src_reg == src_reg &&
			 insn->off == off && insn->imm == imm;
	}
	return count;
}

/* A kernel function called and its address taken, and a kernel symbol's address: absent, by address, by BTF. */
static void externs(void **state)
{
	u32 function, symbol;

	(void)state;
	open_edited();
	function = extern_index("kernel_function");
	symbol = extern_index("bpf_prog_active");
	assert_no_error(&error, link_named("fifth"));
	assert_int_equal(loads("fifth", 0, 0, 0), 2);
	assert_int_equal(plain_calls(0, 0, KFUNC_POISON + (s32)function), 1);
	extern_values[symbol] =
		(struct extern_value){.state = EXTERN_ADDRESS, .address = 0xffffffff81234567, .btf_id = 9};
	extern_values[function] = (struct extern_value){.state = EXTERN_BTF, .btf_id = 1234};
	assert_no_error(&error, link_named("fifth"));
	assert_int_equal(loads("fifth", 0, (s32)0x81234567, -1), 1);
	assert_int_equal(loads("fifth", BPF_PSEUDO_BTF_ID, 1234, 0), 1);
	assert_int_equal(plain_calls(BPF_PSEUDO_KFUNC_CALL, 0, 1234), 1);
	extern_values[symbol] = (struct extern_value){.state = EXTERN_BTF, .btf_id = 77, .btf_fd = 12};
	extern_values[function] =
		(struct extern_value){.state = EXTERN_BTF, .btf_id = 1234, .btf_fd = 13, .fd_index = 2};
	assert_no_error(&error, link_named("fifth"));
	assert_int_equal(loads("fifth", BPF_PSEUDO_BTF_ID, 77, 12), 1);
	assert_int_equal(loads("fifth", BPF_PSEUDO_BTF_ID, 1234, 13), 1);
	assert_int_equal(plain_calls(BPF_PSEUDO_KFUNC_CALL, 2, 1234), 1);
	memset(extern_values, 0, sizeof(extern_values));
}

static void extern_rules(void **state)
{
	u32 function;

	(void)state;
	open_edited();
	function = extern_index("kernel_function");
	object.externs[function].kind = EXTERN_UNKNOWN;
	assert_error(&error, link_named("fifth"), EINVAL,
		"undefined symbol 'kernel_function', of which BTF says neither __ksym nor __kconfig");
	object.externs[function].kind = EXTERN_KFUNC;
	object.externs[extern_index("bpf_prog_active")].kind = EXTERN_UNKNOWN;
	assert_error(&error, link_named("fifth"), EINVAL,
		"refers to undefined symbol 'bpf_prog_active', of which BTF says neither __ksym");
	object.externs[function].kind = EXTERN_KSYM;
	assert_error(&error, link_named("fifth"), EINVAL,
		"calls undefined symbol 'kernel_function', of which BTF says that it is no function");
}

static void core_relocations(void **state)
{
	(void)state;
	edit_anew(FIXTURES "types.bpf.o");
	open_edited();
	assert_error(&error, link_named("two_of_two"), EOPNOTSUPP,
		"function 'two_of_two': needs CO-RE relocations, and there is no "
		"kernel to relocate against");
}

/* aya e9de4f29 again: the load's second half is behind the function, though not behind the section. */
static void load_across_functions(void **state)
{
	Elf64_Rel *rel;
	u64 last;

	(void)state;
	last = edit_symbol(&e, "second")->st_value - 8;
	rel = edit_relocation(&e, ".relkprobe/do_exit+4", "limit");
	rel->r_offset = last;
	((struct bpf_insn *)(edit_bytes(&e, "kprobe/do_exit+4") + last))->code = BPF_LD | BPF_IMM | BPF_DW;
	refuse("first", EINVAL, "the second half of the 16-byte load is missing");
}

/* Records of no function, or in the middle of a load, or none for a function: then there are none at all. */
static void incomplete_information(void **state)
{
	struct btf_ext_block *block;

	(void)state;
	open_edited();
	for (u32 i = 0; i < object.btf_ext.func_info.block_count; i++) {
		block = &object.btf_ext.func_info.blocks[i];
		if (str_equal(block->section_name, ".text"))
			block->count = 0;
	}
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.func_info_count, 0);
	assert_no_error(&error, link_named("fourth"));
	assert_int_equal(image.func_info_count, 1);
	object.btf_ext = (struct btf_ext){0};
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.func_info_count + image.line_info_count, 0);
}

static void without_memory(void **state)
{
	(void)state;
	open_edited();
	for (long n = 0;; n++) {
		int err;

		arena_fail_after(n);
		err = link_named("second");
		if (!err)
			break;
		assert_error(&error, err, ENOMEM, "no memory");
		assert_true(n < 20);
	}
}

/* Records in the middle of a load, or whose first is not the function's first instruction. */
static void misplaced_information(void **state)
{
	const struct prog_spec *prog;
	struct record_run run;
	u32 *first, i = 0, n;

	(void)state;
	open_edited();
	prog = object_find_prog(&object, "first");
	run = object_records(&object.btf_ext.line_info, prog);
	assert_no_error(&error, link_named("first"));
	assert_int_not_equal(image.line_info_count, 0);
	for (n = run.next + 1; n < run.end; n++) {
		first = (u32 *)(uintptr_t)btf_ext_record(run.block, n);
		i = (*first - (u32)prog->offset) / 8;
		if (prog->insns[i].code == (BPF_LD | BPF_IMM | BPF_DW))
			break;
	}
	assert_in_range(n, 1, run.end - 1);
	*first += 8;
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.line_info_count, 0);
	*first -= 8;
	run = object_records(&object.btf_ext.func_info, prog);
	first = (u32 *)(uintptr_t)btf_ext_record(run.block, run.next);
	*first += 16;
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.func_info_count, 0);
	assert_int_not_equal(image.line_info_count, 0);
}

/* What is called when the program throws has its place once, be it called by the program or not. */
static void exception_callbacks(void **state)
{
	struct prog_spec *first;
	const struct prog_spec *twice;

	(void)state;
	open_edited();
	first = (struct prog_spec *)(uintptr_t)object_find_prog(&object, "first");
	assert_no_error(&error, link_named("first"));
	twice = part_named("twice")->prog;
	first->exception_callback = twice;
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.part_count, 2);
	assert_ptr_equal(image.parts[1].prog, twice);
	first->exception_callback = object_find_prog(&object, "fourth");
	assert_no_error(&error, link_named("first"));
	assert_int_equal(image.part_count, 3);
	assert_ptr_equal(image.parts[2].prog, first->exception_callback);
}

int main(void)
{
	return RUN(EACH(one_function), EACH(with_subprogram), EACH(shared_subprograms), EACH(callbacks),
		EACH(debug_information), EACH(origins), EACH(recursion), EACH(local_call_rules), EACH(externs),
		EACH(extern_rules), EACH(core_relocations), EACH(load_across_functions), EACH(incomplete_information),
		EACH(misplaced_information), EACH(exception_callbacks), EACH(without_memory));
}
