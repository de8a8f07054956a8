/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cpus.c: which CPUs there are. See cpus.h. The format is that of lib/bitmap-str.c:bitmap_print_to_pagebuf().
 */
#include <linux/errno.h>
#include "base/file.h"
#include "base/string.h"
#include "kernel/cpus.h"

#define CPU_MAX  65535
#define FILE_MAX (1 << 20)

/* Adds each CPU in the text to `list`; with NULL it only counts. Returns the number of CPUs, or -EINVAL. */
static long each_cpu(const char *text, struct cpu_list *list)
{
	long count = 0, last = -1;

	while (char_is_digit(*text)) {
		u64 first, end;

		if (!parse_u64(&text, 10, &first))
			return -EINVAL;
		end = first;
		if (*text == '-' && (text++, !parse_u64(&text, 10, &end)))
			return -EINVAL;
		if ((s64)first <= last || end < first || end > CPU_MAX)
			return -EINVAL;
		last = (long)end;
		for (u64 cpu = first; cpu <= end; cpu++, count++)
			if (list)
				list->cpus[list->count++] = (u32)cpu;
		if (*text == ',')
			text++;
	}
	return count && (!*text || *text == '\n') ? count : -EINVAL;
}

int cpu_list_parse(struct arena *arena, struct error *error, const char *text, struct cpu_list *list)
{
	long count = each_cpu(text, NULL);

	if (count < 0)
		return error_invalid(error, "'%.40s' is no list of CPUs", text);
	list->count = 0;
	list->cpus = arena_alloc_array(arena, (size_t)count, sizeof(*list->cpus));
	if (!list->cpus)
		return error_no_memory(error);
	each_cpu(text, list);
	return 0;
}

static int read_list(struct arena *arena, struct error *error, const char *path, struct cpu_list *list)
{
	struct bytes file;
	int err = file_read(arena, error, path, FILE_MAX, &file);

	if (err)
		return err == -ENOENT ? error_hint(error, "is sysfs mounted on /sys?") : err;
	err = cpu_list_parse(arena, error, (const char *)file.data, list);
	return err ? error_in(error, "%s", path) : 0;
}

int cpus_online(struct arena *arena, struct error *error, struct cpu_list *list)
{
	return read_list(arena, error, "/sys/devices/system/cpu/online", list);
}

int cpus_possible(struct arena *arena, struct error *error, u32 *count)
{
	struct cpu_list list;
	int err = read_list(arena, error, "/sys/devices/system/cpu/possible", &list);

	if (!err)
		*count = list.cpus[list.count - 1] + 1;
	return err;
}
