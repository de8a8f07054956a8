/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kprobe_explain.c: why the kernel refused a probe. See kprobe_explain.h.
 */
#include <linux/errno.h>
#include "attach/kprobe_explain.h"
#include "base/file.h"
#include "base/nearest.h"
#include "base/string.h"
#include "kernel/kallsyms.h"
#include "kernel/tracefs.h"

#define BLACKLIST "/sys/kernel/debug/kprobes/blacklist"
#define TRACED    "available_filter_functions"

/* What kallsyms knows about a name. */
struct lookup {
	const char *name;
	long exact; /* functions of exactly that name */
	struct nearest others;
};

static int look_at(void *context, const struct kallsym *symbol)
{
	struct lookup *lookup = context;

	if (!kallsym_is_function(symbol))
		return 0;
	if (str_equal(symbol->name, lookup->name))
		lookup->exact++;
	else
		nearest_look(&lookup->others, symbol->name);
	return 0;
}

/* A line of the blacklist: "0xffffffff81000000-0xffffffff81000010\tname". */
static int is_blacklisted(void *context, char *line)
{
	const struct lookup *lookup = context;
	const char *name = str_behind(line, "\t");

	return name && str_equal(name, lookup->name);
}

/* A line of available_filter_functions: "name" or "name [module]". */
static int is_traced(void *context, char *line)
{
	const struct lookup *lookup = context;

	return str_equal(next_word(&line), lookup->name);
}

static int explain_known(struct error *error, const struct kprobe_target *target, struct lookup *lookup, int errnum)
{
	int listed;

	if (lookup->exact > 1 && (errnum == EADDRNOTAVAIL || errnum == EINVAL))
		return error_set(error, errnum, "%ld functions are called '%s', and no offset or name tells them apart",
			lookup->exact, lookup->name);
	listed = file_each_line(BLACKLIST, is_blacklisted, lookup);
	if (listed == 1)
		return error_set(
			error, errnum, "'%s' is on the list of what must not be probed (%s)", lookup->name, BLACKLIST);
	/* kernel/trace/trace_kprobe.c:within_notrace_func(). Without /proc nobody knows whether there is such a one. */
	if (errnum == EINVAL && lookup->exact && !tracefs_each_line(TRACED, is_traced, lookup))
		return error_set(
			error, errnum, "'%s' must not be traced (notrace): it is not in %s", lookup->name, TRACED);
	error_set(error, errnum, "the kernel refuses a %s at %s+%llu", target->is_return ? "return probe" : "probe",
		target->function, target->offset);
	if (listed == -ENOENT && errnum == EINVAL)
		error_hint(error, "%s could say more: mount debugfs", BLACKLIST);
	return -errnum;
}

int kprobe_explain(struct error *error, const struct kprobe_target *target, int errnum, const char *command)
{
	const char *colon = str_find(target->function, ':');
	struct lookup lookup = {.name = colon ? colon + 1 : target->function};
	char words[128];

	lookup.others.wanted = lookup.name;
	tracefs_explain(command, words, sizeof(words));
	if (!kallsyms_each(look_at, &lookup) && !lookup.exact) {
		error_set(error, ENOENT, "this kernel has no function '%s'", lookup.name);
		return nearest_hint(error, &lookup.others);
	}
	explain_known(error, target, &lookup, errnum);
	return words[0] ? error_hint(error, "the kernel says: %s", words) : -errnum;
}
