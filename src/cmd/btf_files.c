/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * btf_files.c: which files hold the BTF of kernels. See btf_files.h.
 */
#include <linux/errno.h>
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"
#include "cmd/btf_files.h"

/* struct linux_dirent64 (man 2 getdents64). */
#define DT_DIR 4
struct entry {
	u64 ino;
	s64 off;
	u16 reclen;
	u8 type;
	char name[];
};

/* Into a list that is sorted by path. */
static int add_file(struct arena *arena, struct btf_file **list, const char *path)
{
	struct btf_file *file = arena_alloc(arena, sizeof(*file));

	if (!file || !path)
		return -ENOMEM;
	while (*list && str_order((*list)->path, (size_t)-1, path) < 0)
		list = &(*list)->next;
	*file = (struct btf_file){*list, path};
	*list = file;
	return 0;
}

/* The files in a folder, without hidden ones and folders; or else the path itself. */
static int add_files(struct arena *arena, struct btf_file **list, const char *path)
{
	int fd = sys_open(path, O_RDONLY | O_DIRECTORY), err = 0;
	u64 buf[512];
	long n;

	if (fd < 0)
		return add_file(arena, list, path);
	while (!err && (n = sys_getdents(fd, buf, sizeof(buf))) > 0)
		for (long at = 0; !err && at < n;) {
			const struct entry *entry = (const struct entry *)((const u8 *)buf + at);

			at += entry->reclen;
			if (entry->name[0] != '.' && entry->type != DT_DIR)
				err = add_file(arena, list, arena_printf(arena, "%s/%s", path, entry->name));
		}
	sys_close(fd);
	return err;
}

/* Whether a file is BTF, or a folder, and so no object. From a pipe nothing is taken. */
static bool is_btf(const char *path)
{
	u8 magic[sizeof(u16)] = {0};
	int fd = sys_open(path, O_RDONLY | O_NONBLOCK);
	long n = fd < 0 ? fd : sys_pread(fd, magic, sizeof(magic), 0);

	if (fd >= 0)
		sys_close(fd);
	return n == -EISDIR || load_u16(magic) == BTF_MAGIC;
}

int btf_files_sort_out(struct arena *arena, struct options *options, struct btf_file **end)
{
	u32 given = options->btf.count, count = given + options->object_count;

	options->object_count = 0;
	for (u32 i = 0; i < count; i++) {
		char *object = i < given ? NULL : options->objects[i - given];
		const char *path = object ? object : options->btf.values[i];
		int err;

		if (object && !is_btf(object)) {
			options->objects[options->object_count++] = object;
			continue;
		}
		err = add_files(arena, end, path);
		if (err || !*end) {
			cmd_say("%s: %s", path, err ? "no memory left (ENOMEM)" : "no file is in that folder (ENOENT)");
			return EXIT_FAILED;
		}
		while (*end)
			end = &(*end)->next;
	}
	return EXIT_DONE;
}
