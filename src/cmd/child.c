/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * child.c: the command behind "--". See child.h.
 */
#include <linux/errno.h>
#include "base/string.h"
#include "base/sys.h"
#include "base/text.h"
#include "cmd/child.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static const char *search_path(char **envp)
{
	for (; *envp; envp++)
		if (str_starts(*envp, "PATH="))
			return *envp + 5;
	return DEFAULT_PATH;
}

/* execvpe(3): a name without a slash is looked for along PATH. Returns only on failure. */
static int execute(char **argv, char **envp)
{
	const char *path = search_path(envp);
	int err = -ENOENT;

	if (str_find(argv[0], '/'))
		return sys_execve(argv[0], argv, envp);
	/* A folder without a name, be it the last or the only one, is the working directory. */
	do {
		char file[4096];
		size_t len = 0;
		int tried;

		while (path[len] && path[len] != ':')
			len++;
		str_printf(file, sizeof(file), "%.*s/%s", len ? (int)len : 1, len ? path : ".", argv[0]);
		tried = sys_execve(file, argv, envp);
		if (tried != -ENOENT && tried != -ENOTDIR)
			err = tried;
		path += len;
	} while (*path++ == ':');
	return err;
}

/* In the child: waits for a word at the gate, then becomes the command; tells why if it cannot. */
NORETURN static void become(char **argv, char **envp, u64 signal_mask, int gate, int failure)
{
	char byte;
	int err;

	/* It closed without a word: the run has failed, or was killed, and nobody would see what the command does. */
	if (sys_read(gate, &byte, 1) != 1)
		sys_exit(127);
	sys_sigprocmask(SIG_SETMASK, signal_mask, NULL);
	err = execute(argv, envp);
	sys_write(failure, &err, sizeof(err));
	sys_exit(127);
}

int child_start(struct child *child, struct error *error, char **argv, char **envp, u64 signal_mask)
{
	int gate[2], failure[2], err = sys_pipe(gate);

	if (err)
		return error_set(error, -err, "pipe2(2) failed");
	err = sys_pipe(failure);
	child->pid = err ? err : sys_fork();
	if (child->pid == 0) {
		sys_close(gate[1]);
		become(argv, envp, signal_mask, gate[0], failure[1]);
	}
	if (child->pid < 0)
		return error_set(error, -child->pid, "no process can be made for '%s'", argv[0]);
	sys_close(gate[0]);
	sys_close(failure[1]);
	child->gate = gate[1];
	child->failure = failure[0];
	return 0;
}

int child_go(struct child *child, struct error *error, const char *name)
{
	int err = 0;
	long n;

	sys_write(child->gate, "", 1);
	sys_close(child->gate);
	/* execve(2) closes the other end; a failure is written before it closes. */
	n = sys_read(child->failure, &err, sizeof(err));
	sys_close(child->failure);
	if (n != sizeof(err))
		return 0;
	error_set(error, -err, "'%s' cannot be executed", name);
	return err == -ENOENT && !str_find(name, '/') ? error_hint(error, "it is nowhere in PATH") : err;
}

bool child_has_ended(struct child *child)
{
	/* -ECHILD: the kernel has reaped it, as whoever started us had SIGCHLD ignored. */
	return sys_wait(child->pid, NULL, WNOHANG) != 0;
}
