/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * init.c: the loader as the first process of a machine.
 *
 * In an initramfs the loader can be /init, alone. The kernel starts it with nothing mounted; what it would do elsewhere
 * is done by a child process, while the first process does what only it can:
 *
 *	mount	proc, sysfs, devtmpfs, tracefs, debugfs, bpffs (but what is mounted already, or not to be had)
 *	words	of the kernel's command line after "--" become the arguments
 *	reap	every orphan of the machine
 *	end	"loader: exit status N" to the kernel's log, then power off
 *
 * It never returns: a first process that ends is a kernel panic.
 */
#include <linux/errno.h>
#include <linux/reboot.h>
#include "base/string.h"
#include "base/sys.h"
#include "cmd/cmd.h"

#define ARGUMENTS_MAX 64
#define CONSOLE       "/dev/console"

/* include/linux/proc_ns.h: PROC_PID_INIT_INO, the same on every machine; a container has another. */
#define FIRST_PID_NAMESPACE "pid:[4026531836]"

bool cmd_is_init(void)
{
	char link[64] = "";

	if (sys_getpid() != 1)
		return false;
	sys_mkdir("/proc", 0755);
	if (sys_access("/proc/self"))
		sys_mount("proc", "/proc", "proc", 0, NULL);
	/* A kernel without namespaces for pids has no containers either. */
	return sys_readlink("/proc/self/ns/pid", link, sizeof(link) - 1) < 0 || str_equal(link, FIRST_PID_NAMESPACE);
}

static void mount_all(void)
{
	static const char mounts[] = "proc\0/proc\0"
				     "sysfs\0/sys\0"
				     "devtmpfs\0/dev\0"
				     "tracefs\0/sys/kernel/tracing\0"
				     "debugfs\0/sys/kernel/debug\0"
				     "bpf\0/sys/fs/bpf";
	const char *type;

	for (u32 i = 0; (type = list_entry(mounts, sizeof(mounts), i)); i += 2) {
		const char *place = list_entry(mounts, sizeof(mounts), i + 1);

		sys_mkdir(place, 0755);
		sys_mount(type, place, type, 0, NULL);
	}
}

/* Without /dev/console in the image, the kernel starts its first process with no files open. */
static void open_console(void)
{
	int fd;

	if (sys_fcntl(1, F_GETFD, 0) >= 0)
		return;
	fd = sys_open(CONSOLE, O_RDWR);
	for (int i = 0; fd >= 0 && i < 3; i++)
		if (i != fd)
			sys_dup3(fd, i, 0);
}

/* Splits the kernel's command line, in place, behind " -- ". Double quotes keep blanks, as the kernel has it. */
static int split_arguments(char *line, char **argv)
{
	static char name[] = "loader";
	const char *start = str_behind(line, " -- ");
	char *p = start ? line + (start - line) : line + str_len(line);
	int argc = 0;

	argv[argc++] = name;
	while (argc < ARGUMENTS_MAX - 1) {
		bool quoted = false;
		char *to;

		while (*p == ' ')
			p++;
		if (!*p)
			break;
		argv[argc++] = to = p;
		for (; *p && (quoted || *p != ' '); p++) {
			if (*p == '"')
				quoted = !quoted;
			else
				*to++ = *p;
		}
		p += *p != '\0';
		*to = '\0';
	}
	argv[argc] = NULL;
	return argc;
}

/* Waits for the worker to end, and for whoever else ends meanwhile. */
static int reap_until(int worker)
{
	int status = 0, pid;

	do
		pid = sys_wait(-1, &status, 0);
	while (pid != worker && (pid >= 0 || pid == -EINTR));
	return pid == worker && !(status & 0x7f) ? status >> 8 & 0xff : EXIT_FAILED;
}

static void say_status(int status)
{
	char line[64];
	struct text text = text_in(line, sizeof(line));
	int fd = sys_open("/dev/kmsg", O_WRONLY);

	text_printf(&text, "loader: exit status %d\n", status);
	if (fd >= 0)
		sys_write(fd, line, text.len);
}

void cmd_init(int (*work)(int argc, char **argv, char **envp), char **envp)
{
	static char line[4096];
	static char *argv[ARGUMENTS_MAX];
	int argc, worker, status = EXIT_FAILED;

	cmd_no_color = true; /* a console's log is no place for it, be it a terminal or not */
	mount_all();
	open_console();
	line[0] = ' '; /* "--" may be the first word */
	file_read_line("/proc/cmdline", line + 1, sizeof(line) - 1);
	argc = split_arguments(line, argv);
	worker = sys_fork();
	if (worker == 0)
		sys_exit(work(argc, argv, envp));
	if (worker > 0)
		status = reap_until(worker);
	say_status(status);
	sys_sync();
	for (;;)
		sys_reboot(LINUX_REBOOT_CMD_POWER_OFF);
}
