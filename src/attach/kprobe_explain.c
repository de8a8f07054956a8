/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kprobe_explain.c: why the kernel refused a probe. See kprobe_explain.h.
 */
#include <linux/errno.h>
#include "attach/kprobe_explain.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/text.h"
#include "kernel/hints.h"
#include "kernel/kallsyms.h"
#include "kernel/tracefs.h"

#define NEAR_COUNT    3
#define NEAR_DISTANCE 4 /* edits; more than that is another name */
#define BLACKLIST     "/sys/kernel/debug/kprobes/blacklist"

/* What kallsyms knows about a name. */
struct lookup {
	const char *name;
	size_t name_len;
	long exact; /* functions of exactly that name */
	struct near {
		char name[96];
		unsigned int distance;
	} near[NEAR_COUNT]; /* the nearest others, nearest first */
	u32 near_count;
};

static void keep_near(struct lookup *lookup, const char *name, unsigned int distance)
{
	u32 i;

	for (i = 0; i < lookup->near_count; i++)
		if (str_equal(lookup->near[i].name, name))
			return;
	for (i = lookup->near_count; i > 0 && lookup->near[i - 1].distance > distance; i--)
		if (i < NEAR_COUNT)
			lookup->near[i] = lookup->near[i - 1];
	if (i == NEAR_COUNT)
		return;
	str_copy(lookup->near[i].name, sizeof(lookup->near[i].name), name);
	lookup->near[i].distance = distance;
	lookup->near_count += lookup->near_count < NEAR_COUNT;
}

static int look_at(void *context, const struct kallsym *symbol)
{
	struct lookup *lookup = context;
	unsigned int limit = lookup->near_count == NEAR_COUNT ? lookup->near[NEAR_COUNT - 1].distance : NEAR_DISTANCE;

	if ((symbol->type | 0x20) != 't')
		return 0;
	if (str_equal(symbol->name, lookup->name)) {
		lookup->exact++;
	} else if (str_starts(symbol->name, lookup->name) && symbol->name[lookup->name_len] == '.') {
		/* What compilers make of a function: name.isra.0, name.constprop.0, name.part.0, name.cold. */
		keep_near(lookup, symbol->name, 0);
	} else if (limit) {
		unsigned int distance = str_distance(symbol->name, lookup->name, limit);

		/* A short name comes near everything. */
		if (distance <= limit && distance * 3 <= lookup->name_len)
			keep_near(lookup, symbol->name, distance);
	}
	return 0;
}

struct blacklist_search {
	const char *name;
};

/* A line of the blacklist: "0xffffffff81000000-0xffffffff81000010\tname". */
static int is_blacklisted(void *context, char *line)
{
	const struct blacklist_search *search = context;
	const char *tab = str_find(line, '\t');

	return tab && str_equal(tab + 1, search->name);
}

static int explain_unknown(struct error *error, const struct lookup *lookup)
{
	char names[NEAR_COUNT * 100];
	struct text text = text_in(names, sizeof(names));

	for (u32 i = 0; i < lookup->near_count; i++)
		text_printf(&text, "%s'%s'", i ? ", " : "", lookup->near[i].name);
	error_set(error, ENOENT, "this kernel has no function '%s'", lookup->name);
	return lookup->near_count ? error_hint(error, "nearest: %s", names) : -ENOENT;
}

static int explain_known(
	struct error *error, const struct kprobe_target *target, const struct lookup *lookup, int errnum)
{
	struct blacklist_search search = {lookup->name};

	if (lookup->exact > 1 && (errnum == EADDRNOTAVAIL || errnum == EINVAL))
		return error_set(error, errnum,
			"%ld functions are called '%s', and the kernel will not choose; no offset or name tells them "
			"apart",
			lookup->exact, lookup->name);
	if (file_each_line(BLACKLIST, is_blacklisted, &search) == 1)
		return error_set(error, errnum,
			"'%s' is on the kernel's list of functions that must not be probed (%s)", lookup->name,
			BLACKLIST);
	error_set(error, errnum, "the kernel refuses a %s at %s+%llu", target->is_return ? "return probe" : "probe",
		target->function, target->offset);
	return -errnum;
}

int kprobe_explain(struct error *error, const struct kprobe_target *target, int errnum, const char *command)
{
	const char *colon = str_find(target->function, ':');
	struct lookup lookup = {.name = colon ? colon + 1 : target->function};
	char words[128];

	lookup.name_len = str_len(lookup.name);
	if (errnum == EPERM || errnum == EACCES) {
		error_set(error, errnum, "the kernel allows no probe");
		return hint_cause(error, TRIED_TRACEFS);
	}
	tracefs_explain(command, words, sizeof(words));
	if (!kallsyms_each(look_at, &lookup) && !lookup.exact)
		return explain_unknown(error, &lookup);
	explain_known(error, target, &lookup, errnum);
	return words[0] ? error_hint(error, "the kernel says: %s", words) : -errnum;
}
