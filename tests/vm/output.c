/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * output.c: becomes a command whose standard output, or whose signals, are none that a shell can make.
 *
 *	output socket COMMAND...	stdout is a socket whose other end closes a second later
 *	output unread COMMAND...	stdout is a socket that nobody reads; it goes after 20 seconds
 *	output terminal COMMAND...	stdout is a terminal that takes nothing, as after ^S; it goes after 20 seconds
 *	output reaped COMMAND...	SIGCHLD is ignored: the kernel reaps the command's children
 */
#include "base/string.h"
#include "base/sys.h"
#include "base/syscall.h"
#include "base/syscall_numbers.h"
#include "base/text.h"

#define SYS_socketpair NUMBER(53, 288, 199)
#define AF_UNIX        1
#define SOCK_STREAM    1
#define TIOCGPTN       0x80045430 /* include/uapi/asm-generic/ioctls.h */
#define TIOCSPTLCK     0x40045431

int main(int argc, char **argv, char **envp);

/* Another process keeps `other`, and nothing else of the two, for some time; `fd` becomes stdout. */
static void take(int fd, int other, int ms)
{
	struct epoll_event nothing;

	if (sys_fork() == 0) {
		sys_close(fd);
		sys_epoll_wait(sys_epoll_create(), &nothing, 1, ms);
		sys_exit(0);
	}
	sys_close(other);
	sys_dup3(fd, 1, 0);
	sys_close(fd);
}

static void make_socket(int ms)
{
	int pair[2];

	if (syscall6(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, (long)pair, 0, 0))
		sys_exit(3);
	take(pair[0], pair[1], ms);
}

static void make_terminal(void)
{
	int master, number = 0, unlocked = 0;
	char path[32];

	sys_mkdir("/dev/pts", 0755);
	sys_mount("devpts", "/dev/pts", "devpts", 0, "ptmxmode=0666");
	master = sys_open("/dev/pts/ptmx", O_RDWR | O_NOCTTY);
	if (sys_ioctl(master, TIOCSPTLCK, (unsigned long)&unlocked) ||
		sys_ioctl(master, TIOCGPTN, (unsigned long)&number))
		sys_exit(3);
	str_printf(path, sizeof(path), "/dev/pts/%d", number);
	take(sys_open(path, O_RDWR | O_NOCTTY), master, 20000);
}

/* struct sigaction begins with the handler, and is no longer than this. */
static void ignore_children(void)
{
	unsigned long action[8] = {SIG_IGN};

	if (syscall6(SYS_rt_sigaction, SIGCHLD, (long)action, 0, 8, 0, 0))
		sys_exit(3);
}

int main(int argc, char **argv, char **envp)
{
	if (argc < 3)
		return 2;
	if (str_equal(argv[1], "socket"))
		make_socket(1000);
	else if (str_equal(argv[1], "unread"))
		make_socket(20000);
	else if (str_equal(argv[1], "terminal"))
		make_terminal();
	else
		ignore_children();
	sys_execve(argv[2], argv + 2, envp);
	return 127;
}
