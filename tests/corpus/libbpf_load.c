/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * libbpf_load.c: the least that a program can do to load an object through libbpf: open it, load it, let it go.
 *
 *	libbpf_load [-x] OBJECT
 *
 * Exits 0 if libbpf took the object, else 1, after one line to stderr that says why. With -x, the instructions that the
 * kernel then holds go to descriptor 3 (see dump.h). Built with TIME, and linked with ld's --wrap=syscall, it writes
 * there instead how long each bpf(2) took: a line for each, with the command's number and nanoseconds.
 *
 * It is linked statically, to run in a machine that has nothing, and so that no dynamic linking counts as loading.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "dump.h"

static char reason[512];

/*
 * What libbpf says first is the cause; the rest are consequences. But of a verifier's log, which comes in one message,
 * it is the last line that counts, before its statistics.
 */
static int keep_reason(enum libbpf_print_level level, const char *format, va_list args)
{
	static char text[1 << 16];
	char *log, *end, *line;

	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(text, sizeof(text), format, args);
	log = strstr(text, "-- BEGIN PROG LOAD LOG --\n");
	if (log && (end = strstr(log, "\nprocessed ")) != NULL) {
		*end = 0;
		line = strrchr(log, '\n');
		snprintf(reason + strlen(reason), sizeof(reason) - strlen(reason), ": %s", line + 1);
	} else if (!*reason) {
		text[strcspn(text, "\n")] = 0;
		snprintf(reason, sizeof(reason), "%s", text + (strncmp(text, "libbpf: ", 8) ? 0 : 8));
	}
	return 0;
}

static int refuse(const char *what)
{
	fprintf(stderr, "%s\n", *reason ? reason : what);
	return 1;
}

/* The kernel is asked twice: how many instructions there are, and which. */
static void dump_program(FILE *file, const struct bpf_program *prog)
{
	struct dump_header header = {0};
	struct bpf_prog_info info = {0};
	unsigned size = sizeof(info);
	void *insns = NULL;

	if (!bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size) && info.xlated_prog_len) {
		unsigned length = info.xlated_prog_len;

		insns = calloc(1, length);
		info = (struct bpf_prog_info){.xlated_prog_insns = (uintptr_t)insns, .xlated_prog_len = length};
		if (!bpf_obj_get_info_by_fd(bpf_program__fd(prog), &info, &size))
			header.insn_count = length / sizeof(struct bpf_insn);
	}
	snprintf(header.name, sizeof(header.name), "%s", bpf_program__name(prog));
	fwrite(&header, sizeof(header), 1, file);
	fwrite(insns, sizeof(struct bpf_insn), header.insn_count, file);
	free(insns);
}

static void dump_all(struct bpf_object *object)
{
	FILE *file = fdopen(3, "wb");
	struct bpf_program *prog;

	bpf_object__for_each_program(prog, object) if (bpf_program__fd(prog) >= 0) dump_program(file, prog);
	fclose(file);
}

#ifdef TIME
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);

/* libbpf calls bpf(2) through it, and not much else. */
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	struct timespec start, end;
	long result;
	int saved;

	clock_gettime(CLOCK_MONOTONIC, &start);
	result = __real_syscall(number, a, b, c, d, e, f);
	clock_gettime(CLOCK_MONOTONIC, &end);
	saved = errno;
	if (number == SYS_bpf)
		dprintf(3, "%ld %ld\n", a, (end.tv_sec - start.tv_sec) * 1000000000 + end.tv_nsec - start.tv_nsec);
	errno = saved;
	return result;
}
#endif

int main(int argc, char **argv)
{
	bool dump = argc == 3 && !strcmp(argv[1], "-x");
	struct bpf_object *object;
	int err;

	if (argc != 2 + dump)
		return fprintf(stderr, "usage: libbpf_load [-x] OBJECT\n"), 2;

	libbpf_set_print(keep_reason);
	object = bpf_object__open_file(argv[argc - 1], NULL);
	if (!object)
		return refuse(strerror(errno));
	err = bpf_object__load(object);
	if (err)
		return refuse(strerror(-err));
	if (dump)
		dump_all(object);
	bpf_object__close(object);
	return 0;
}
