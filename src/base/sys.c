/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sys.c: the system calls the loader makes, one function each. See sys.h.
 */
#include "base/sys.h"
#include "base/syscall.h"
#include "base/syscall_numbers.h"

/* clang-format off */
#define call0(nr)		 syscall3(nr, 0, 0, 0)
#define call1(nr, a)		 syscall3(nr, (long)(a), 0, 0)
#define call2(nr, a, b)		 syscall3(nr, (long)(a), (long)(b), 0)
#define call3(nr, a, b, c)	 syscall3(nr, (long)(a), (long)(b), (long)(c))
#define call4(nr, a, b, c, d)	 syscall6(nr, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define call5(nr, a, b, c, d, e) syscall6(nr, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
/* clang-format on */

#define SIGSET_SIZE         8
#define AT_EMPTY_PATH       0x1000
#define AT_REMOVEDIR        0x200
#define MSG_DONTWAIT        0x40
#define LINUX_REBOOT_MAGIC1 0xfee1dead
#define LINUX_REBOOT_MAGIC2 672274793
#define EPOLL_CLOEXEC       O_CLOEXEC
#define SIGNALFD_CLOEXEC    O_CLOEXEC
#define MMAP2_UNIT          4096
#define FALLBACK_PAGE_SIZE  4096

static size_t page_size = FALLBACK_PAGE_SIZE;

size_t sys_page_size(void)
{
	return page_size;
}

void sys_set_page_size(size_t size)
{
	page_size = size;
}

long sys_read(int fd, void *buf, size_t len)
{
	return call3(SYS_read, fd, buf, len);
}

long sys_write(int fd, const void *buf, size_t len)
{
	return call3(SYS_write, fd, buf, len);
}

long sys_send(int fd, const void *buf, size_t len)
{
	return syscall6(SYS_sendto, fd, (long)buf, (long)len, MSG_DONTWAIT, 0, 0);
}

long sys_pread(int fd, void *buf, size_t len, u64 offset)
{
#if defined(__arm__)
	/* 64 bits stand in an even register and the next. */
	return syscall6(SYS_pread64, fd, (long)buf, (long)len, 0, (long)offset, (long)(offset >> 32));
#else
	return call4(SYS_pread64, fd, buf, len, offset);
#endif
}

int sys_openat(int dir, const char *path, int flags)
{
	return (int)call4(SYS_openat, dir, path, flags | O_CLOEXEC, 0);
}

int sys_open(const char *path, int flags)
{
	return sys_openat(AT_FDCWD, path, flags);
}

int sys_close(int fd)
{
	return (int)call1(SYS_close, fd);
}

void *sys_mmap(void *where, size_t len, int prot, int flags, int fd, u64 offset)
{
#if defined(__arm__)
	offset /= MMAP2_UNIT;
#endif
	return (void *)syscall6(SYS_mmap, (long)where, (long)len, prot, flags, fd, (long)offset);
}

int sys_munmap(void *where, size_t len)
{
	return (int)call2(SYS_munmap, where, len);
}

int sys_mprotect(void *where, size_t len, int prot)
{
	return (int)call3(SYS_mprotect, where, len, prot);
}

int sys_ioctl(int fd, unsigned long request, unsigned long argument)
{
	return (int)call3(SYS_ioctl, fd, request, argument);
}

int sys_fcntl(int fd, int command, unsigned long argument)
{
	return (int)call3(SYS_fcntl, fd, command, argument);
}

int sys_dup3(int from, int to, int flags)
{
	return (int)call3(SYS_dup3, from, to, flags);
}

int sys_pipe(int fds[2])
{
	return (int)call2(SYS_pipe2, fds, O_CLOEXEC);
}

int sys_flock(int fd, int operation)
{
	return (int)call2(SYS_flock, fd, operation);
}

long sys_getdents(int fd, void *buf, size_t len)
{
	return call3(SYS_getdents64, fd, buf, len);
}

long sys_readlink(const char *path, char *buf, size_t size)
{
	return call4(SYS_readlinkat, AT_FDCWD, path, buf, size);
}

int sys_access(const char *path)
{
	return (int)call3(SYS_faccessat, AT_FDCWD, path, 0);
}

int sys_statx(const char *path, u32 mask, void *statx_buf)
{
	return (int)call5(SYS_statx, AT_FDCWD, path, 0, mask, statx_buf);
}

int sys_statx_fd(int fd, u32 mask, void *statx_buf)
{
	return (int)call5(SYS_statx, fd, "", AT_EMPTY_PATH, mask, statx_buf);
}

int sys_mkdir(const char *path, unsigned int mode)
{
	return (int)call3(SYS_mkdirat, AT_FDCWD, path, mode);
}

int sys_unlink(const char *path)
{
	return (int)call3(SYS_unlinkat, AT_FDCWD, path, 0);
}

int sys_rmdir(const char *path)
{
	return (int)call3(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int sys_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)
{
	return (int)call5(SYS_mount, source, target, type, flags, data);
}

int sys_getpid(void)
{
	return (int)call0(SYS_getpid);
}

int sys_fork(void)
{
	return (int)call5(SYS_clone, CLONE_SIGCHLD, 0, 0, 0, 0);
}

int sys_execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)call3(SYS_execve, path, argv, envp);
}

int sys_wait(int pid, int *status, int options)
{
	return (int)call4(SYS_wait4, pid, status, options, 0);
}

int sys_kill(int pid, int signal)
{
	return (int)call2(SYS_kill, pid, signal);
}

int sys_setsid(void)
{
	return (int)call0(SYS_setsid);
}

void sys_exit(int status)
{
	for (;;)
		call1(SYS_exit_group, status);
}

int sys_reboot(unsigned int command)
{
	return (int)call4(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, command, 0);
}

void sys_sync(void)
{
	call0(SYS_sync);
}

int sys_sigprocmask(int how, u64 set, u64 *old)
{
	return (int)call4(SYS_rt_sigprocmask, how, &set, old, SIGSET_SIZE);
}

bool sys_signal_ignored(int signal)
{
	/* The kernel's struct sigaction (include/linux/signal_types.h): at most 32 bytes, the handler first. */
	unsigned long action[32 / sizeof(long)] = {0};

	return !call4(SYS_rt_sigaction, signal, NULL, action, SIGSET_SIZE) && action[0] == SIG_IGN;
}

int sys_signalfd(u64 set)
{
	return (int)call4(SYS_signalfd4, -1, &set, SIGSET_SIZE, SIGNALFD_CLOEXEC | O_NONBLOCK);
}

int sys_epoll_create(void)
{
	return (int)call1(SYS_epoll_create1, EPOLL_CLOEXEC);
}

int sys_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event)
{
	return (int)call4(SYS_epoll_ctl, epoll_fd, operation, fd, event);
}

int sys_epoll_wait(int epoll_fd, struct epoll_event *events, int max, int timeout_ms)
{
	return (int)syscall6(SYS_epoll_pwait, epoll_fd, (long)events, max, timeout_ms, 0, SIGSET_SIZE);
}

int sys_clock_gettime(int clock, struct sys_timespec *time)
{
	return (int)call2(SYS_clock_gettime, clock, time);
}

u64 sys_monotonic_ns(void)
{
	struct sys_timespec now = {0};

	sys_clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.sec * 1000000000 + (u64)now.nsec;
}

int sys_uname(struct new_utsname_fields *name)
{
	return (int)call1(SYS_uname, name);
}

int sys_capget(void *header, void *data)
{
	return (int)call2(SYS_capget, header, data);
}

int sys_prlimit(int resource, const struct sys_rlimit64 *set, struct sys_rlimit64 *get)
{
	return (int)call4(SYS_prlimit64, 0, resource, set, get);
}

long sys_bpf(int command, void *attr, size_t size)
{
	return call3(SYS_bpf, command, attr, size);
}

long sys_perf_event_open(void *attr, int pid, int cpu, int group_fd, unsigned long flags)
{
	return call5(SYS_perf_event_open, attr, pid, cpu, group_fd, flags);
}
