/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * rejection.c: what the verifier's log says about a program it rejects. See rejection.h.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "base/text.h"
#include "bpf_insn.h"
#include "kernel/hints.h"
#include "kernel/rejection.h"
#include "object/disasm.h"

#define LINE_MOST 300     /* characters of a line of the log that are shown */
#define INSNS_MAX 1000000 /* BPF_COMPLEXITY_LIMIT_INSNS: longer programs are refused unread, with E2BIG */

/* Those that take CAP_PERFMON (kernel/bpf/syscall.c:is_perfmon_prog_type()). */
#define TRACING_TYPES                                                                                    \
	(1u << BPF_PROG_TYPE_KPROBE | 1u << BPF_PROG_TYPE_TRACEPOINT | 1u << BPF_PROG_TYPE_PERF_EVENT |  \
		1u << BPF_PROG_TYPE_RAW_TRACEPOINT | 1u << BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE |       \
		1u << BPF_PROG_TYPE_TRACING | 1u << BPF_PROG_TYPE_STRUCT_OPS | 1u << BPF_PROG_TYPE_EXT | \
		1u << BPF_PROG_TYPE_LSM)

/* What a log says about a rejection: where its lines begin. */
struct reason {
	const char *line; /* the last line that is a reason, or NULL */
	const char *insn; /* the last instruction looked at, "12: (79) r1 = …", or NULL */
	u64 insn_index;   /* its number, or the one that the reason names; else U64_MAX */
};

/*
 * Lines that come after the reason: sums over the verification (kernel/bpf/verifier.c:print_verification_stats()), and,
 * since 6.7, what an infinite loop finds again (is_state_visited()).
 */
static bool comes_after(const char *line)
{
	static const char begins[] = "\n\0processed \0verification time \0stack depth \0cur state:\0old state:";
	const char *begin;

	for (u32 i = 0; (begin = list_entry(begins, sizeof(begins), i)); i++)
		if (str_starts(line, begin))
			return true;
	return false;
}

/* Looks at one line of the log. Instructions are "12: (79) …", states "12: R1=…", C lines "; …". */
static void read_log_line(struct reason *reason, const char *line)
{
	const char *p = line;
	u64 index;

	if (comes_after(line) || *line == ';')
		return;
	if (!parse_u64(&p, 10, &index) || *p != ':') {
		/*
		 * Which reference is told before that there is one (check_resource_leak(), since 6.13), and what is
		 * wrong with an argument before whose it is (check_func_call()).
		 */
		if (!reason->line || !(str_starts(reason->line, "Unreleased ") || str_starts(line, "Caller passes ")))
			reason->line = line;
	} else if (str_starts(p, ": (")) {
		reason->line = NULL; /* nothing that was told before it */
		reason->insn = line;
		reason->insn_index = index;
	}
}

/* What is wrong before any instruction is looked at: "jump out of range from insn 3 to 9" (check_cfg()). */
static void read_named_insn(struct reason *reason)
{
	const char *p = str_behind(reason->line, " insn ");

	if (p)
		parse_u64(&p, 10, &reason->insn_index);
}

static struct reason read_log(const char *log)
{
	struct reason reason = {.insn_index = U64_MAX};

	/* As of Linux 7.3 a report for people follows, several paragraphs long under "Verification failed: …". */
	while (log && *log && !(reason.line && str_starts(log, "Verification failed: "))) {
		read_log_line(&reason, log);
		log = str_behind(log, "\n");
	}
	if (reason.line && !reason.insn)
		read_named_insn(&reason);
	return reason;
}

/* A line of the log, cut to LINE_MOST, as one of the message. */
static void put_line(struct text *text, const char *line)
{
	const char *end = str_find(line, '\n');

	text_printf(text, "\n    %.*s", (int)MIN(LINE_MOST, end ? (size_t)(end - line) : str_len(line)), line);
}

/* As the log has it, or else in the same notation. */
static void put_insn(struct text *text, const struct reason *reason, const struct prog_image *image, u32 insn)
{
	if (reason->insn) {
		put_line(text, reason->insn);
	} else {
		text_printf(text, "\n    %u: ", insn);
		insn_print(text, &image->insns[insn], image->insn_count - insn, NULL);
	}
}

/* The source line an instruction comes from, as one line of the message; nothing if it is not known. */
static OUT_OF_LINE void put_source(
	struct text *text, const struct object *object, const struct prog_spec *prog, u64 offset)
{
	const struct bpf_line_info *line =
		btf_ext_line_at(btf_ext_block_of(&object->btf_ext.line_info, prog->section), offset);

	if (!line)
		return;
	text_printf(text, "\n    %s:%u: %s", path_basename(btf_string(&object->btf, line->file_name_off)),
		BPF_LINE_INFO_LINE_NUM(line->line_col), skip_blanks(btf_string(&object->btf, line->line_off)));
}

/* What an instruction would have been, if this kernel had what it asks for; nothing if it was not poisoned. */
static void put_poison(
	struct text *text, struct live *live, const struct bpf_insn *insn, const struct prog_spec *prog, u64 offset)
{
	u32 external = (u32)insn->imm - KFUNC_POISON;
	char words[256];

	if (insn->code != CODE_CALL || insn->src_reg)
		return;
	if (external < live->object->extern_count)
		text_printf(text, "\n    this kernel has no function '%s'", live->object->externs[external].name);
	else if (live->core && core_explain(live->core, prog, offset, words, sizeof(words)))
		text_printf(text, "\n    %s", words);
}

int rejection_explain(struct live *live, const struct bpf_prog_load_args *args, int errnum, const char *log)
{
	const struct prog_image *image = &args->image;
	char words[1024];
	struct text text = text_in(words, sizeof(words));
	struct reason reason = read_log(log);
	u32 insn = (u32)MIN(reason.insn_index, image->insn_count);
	enum attempt attempt = (u64)TRACING_TYPES >> args->prog_type & 1 ? TRIED_BPF : TRIED_NET;
	const struct prog_spec *prog;
	u64 offset;

	if (!reason.line) {
		error_set(live->error, errnum, "the kernel refused it without a word");
		if (errnum == E2BIG && image->insn_count > INSNS_MAX)
			return error_hint(live->error, "it has %u instructions, expected at most %u", image->insn_count,
				INSNS_MAX);
		/* kernel/bpf/syscall.c:bpf_prog_load_check_attach(), and the flags that bpf_prog_load() knows. */
		if (errnum == EINVAL)
			return error_hint(live->error, "it may lack program type %u (%s), attach type %u or flags 0x%x",
				args->prog_type, prog_type_name(args->prog_type), args->expected_attach_type,
				args->flags);
		return hint_cause(live->error, attempt);
	}
	if (insn < image->insn_count) {
		prog = image_origin(image, insn, &offset);
		put_source(&text, live->object, prog, offset);
		put_insn(&text, &reason, image, insn);
	}
	put_line(&text, reason.line);
	if (str_behind(reason.line, "GPL"))
		text_printf(&text, "\n    the object's license is '%s'", args->license);
	if (insn < image->insn_count)
		put_poison(&text, live, &image->insns[insn], prog, offset);
	error_set(live->error, errnum, "rejected by the verifier%s", words);
	if (errnum == EPERM)
		return hint_cause(live->error, attempt);
	return live->object->has_btf && !live->btf_fd
		       ? error_hint(live->error, "the kernel took none of the object's BTF")
		       : -errnum;
}
