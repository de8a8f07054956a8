/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * load_prog.c: programs, linked and loaded, and what the verifier says about one it rejects. See load.h.
 *
 * The first attempt asks for no log: most programs load, and a log costs time. Only a rejected program is tried again
 * with one, in a buffer that grows until the log fits. The kernel says ENOSPC while it does not
 * (kernel/bpf/log.c:bpf_vlog_finalize()).
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/text.h"
#include "bpf_insn.h"
#include "kernel/attach_target.h"
#include "kernel/bpf.h"
#include "kernel/hints.h"
#include "kernel/load.h"
#include "object/disasm.h"

#define LOG_FIRST (1 << 20) /* mapped, so that only what is written takes memory */
#define LOG_MAX   (256 << 20)
#define LINE_MOST 300     /* characters of a line of it that are shown */
#define LOG_GROWS 256     /* each attempt is a whole verification */
#define INSNS_MAX 1000000 /* BPF_COMPLEXITY_LIMIT_INSNS: longer programs are refused unread, with E2BIG */

/* Those that take CAP_PERFMON (kernel/bpf/syscall.c:is_perfmon_prog_type()). */
#define TRACING_TYPES                                                                                    \
	(1u << BPF_PROG_TYPE_KPROBE | 1u << BPF_PROG_TYPE_TRACEPOINT | 1u << BPF_PROG_TYPE_PERF_EVENT |  \
		1u << BPF_PROG_TYPE_RAW_TRACEPOINT | 1u << BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE |       \
		1u << BPF_PROG_TYPE_TRACING | 1u << BPF_PROG_TYPE_STRUCT_OPS | 1u << BPF_PROG_TYPE_EXT | \
		1u << BPF_PROG_TYPE_LSM)

int live_init(struct live *live, struct arena *arena, struct error *error, struct held *held,
	struct kernel_btf *kernel_btf, struct object *object)
{
	*live = (struct live){.arena = arena, .error = error, .held = held, .kernel_btf = kernel_btf, .object = object};
	live->map_fds = arena_alloc_array(arena, object->map_count, sizeof(int));
	live->prog_fds = arena_alloc_array(arena, object->prog_count, sizeof(int));
	live->externs = arena_alloc_array(arena, object->extern_count, sizeof(*live->externs));
	live->fd_array = arena_alloc_array(arena, object->extern_count + 1, sizeof(int));
	live->fd_array_count = 1;
	if (!live->map_fds || !live->prog_fds || !live->externs || !live->fd_array)
		return error_no_memory(error);
	if (wanted_list(arena, error, object, &live->wanted))
		return -ENOMEM;
	/* A file that somebody names is to be good, also if nothing of this object needs it. */
	return kernel_btf->path && !kernel_btf_core(kernel_btf) ? -error->errnum : 0;
}

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
		/* Which reference is told before that there is one (check_resource_leak(), since 6.13). */
		if (!reason->line || !str_starts(reason->line, "Unreleased "))
			reason->line = line;
	} else if (str_starts(p, ": (")) {
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
static void put_source(struct text *text, const struct object *object, const struct prog_spec *prog, u64 offset)
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

/* The message for a rejected program: the C line, the instruction, the verifier's reason. */
static int explain_rejection(struct live *live, const struct bpf_prog_load_args *args, int errnum, const char *log)
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
	if (insn < image->insn_count)
		put_poison(&text, live, &image->insns[insn], prog, offset);
	error_set(live->error, errnum, "rejected by the verifier%s", words);
	if (errnum == EPERM)
		return hint_cause(live->error, attempt);
	return live->object->has_btf && !live->btf_fd
		       ? error_hint(live->error, "the kernel took none of the object's BTF")
		       : -errnum;
}

/* Loads again for the sake of the log. May succeed, if what stood in the way has gone. */
static int load_with_log(struct live *live, struct bpf_prog_load_args *args, struct verdict *verdict)
{
	int fd = -ENOSPC;

	args->log_level = 1;
	for (u64 size = LOG_FIRST; fd == -ENOSPC && size <= LOG_MAX; size *= LOG_GROWS) {
		args->log = arena_alloc(live->arena, (size_t)size);
		if (!args->log)
			break;
		args->log_size = (u32)size;
		fd = bpf_prog_load(args);
		verdict->log = *args->log ? args->log : NULL;
	}
	return fd;
}

/* usdt, one program at many places, is as libbpf loads it: for one link to all of them, where there is such a thing. */
static u32 attach_type_of(const struct hook *hook)
{
	return hook->flags & HOOK_MULTI_IF && bpf_has_uprobe_multi() ? HOOK_UPROBE_MULTI : hook->attach_type;
}

/* What the program's own file, and what it attaches to, say of it; all but its image. */
static struct bpf_prog_load_args args_of(
	const struct live *live, const struct prog_spec *prog, const struct attach_target *target)
{
	return (struct bpf_prog_load_args){
		.name = prog->name,
		.prog_type = prog->hook->prog_type,
		.expected_attach_type = attach_type_of(prog->hook) + target->member,
		.flags = prog->flags,
		.license = live->object->license,
		.kern_version = live->object->version,
		.btf_fd = live->btf_fd,
		.attach_btf_id = target->btf_id,
		.attach_btf_fd = target->btf_fd,
		.fd_array = live->fd_array_count > 1 ? live->fd_array : NULL,
	};
}

static OUT_OF_LINE int load_image(struct live *live, struct bpf_prog_load_args *args, struct verdict *verdict)
{
	int first = bpf_prog_load(args), fd = first >= 0 ? first : load_with_log(live, args, verdict);

	if (fd >= 0)
		return fd;
	/* The first attempt's errno is the program's own; with a log it may be about the log. */
	return explain_rejection(live, args, -first, verdict->log);
}

/* The i-th module's types, for core.h. */
static struct btf_view *core_module(void *context, u32 i)
{
	struct live *live = context;
	struct kernel_btf_part *part = live->kernel_btf->path ? NULL : kernel_btf_part(live->kernel_btf, i + 1);

	return part ? &part->view : NULL;
}

/* A kernel without BTF is one that has none of the types: a program may ask for them, and do without. */
static int prepare_core(struct live *live)
{
	struct core_kernel kernel = {.module = core_module, .context = live};

	if (live->core || !live->object->btf_ext.core_relo.block_count)
		return 0;
	kernel.vmlinux = kernel_btf_core(live->kernel_btf);
	if (!kernel.vmlinux && (live->kernel_btf->path || live->error->errnum != ENOENT))
		return -live->error->errnum;
	error_clear(live->error);
	live->core = core_new(live->arena, live->object, &kernel);
	return live->core ? 0 : error_no_memory(live->error);
}

/* Why a program cannot even be tried; 0 if it can. */
static int prepare(struct live *live, u32 index, struct attach_target *target)
{
	int err;

	if (!live->object->progs[index].hook)
		return error_invalid(live->error, "nobody knows this section name, so its program type is unknown");
	err = prepare_core(live);
	return err ? err : attach_target_find(live, index, target);
}

int load_program(struct live *live, u32 index, struct verdict *verdict)
{
	static struct arena scratch; /* what a program needs until it is loaded, and then the next one */
	const struct prog_spec *prog = &live->object->progs[index];
	struct attach_target target;
	int fd;

	*verdict = (struct verdict){0};
	fd = prepare(live, index, &target);
	if (!fd) {
		const struct link_input input = {live->map_fds, live->externs, live->core};
		struct bpf_prog_load_args args = args_of(live, prog, &target);

		fd = link_program(&scratch, live->error, live->object, prog, &input, &args.image);
		verdict->insn_count = args.image.insn_count;
		fd = fd ? fd : load_image(live, &args, verdict);
		arena_reset(&scratch);
	}
	if (fd < 0)
		return error_in(
			live->error, "%s: %s: program '%s'", live->object->path, prog->section_name, prog->name);
	load_bind_constants(live, fd);
	live->prog_fds[index] = held_fd(live->held, fd);
	return live->prog_fds[index] < 0 ? error_no_memory(live->error) : 0;
}
