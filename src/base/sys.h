/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * sys.h: the system calls the loader makes, one function each.
 *
 * Each returns what the kernel returned: a result >= 0, or -errno. None retries, none prints, none keeps state.
 * The two that every part's purpose hangs on, bpf(2) and perf_event_open(2), are wrapped again in src/kernel/.
 */
#ifndef BASE_SYS_H
#define BASE_SYS_H

#include <asm-generic/mman-common.h>
#include "base/types.h"

/* The arm machines kept numbers of their own (arch/arm/include/uapi/asm/fcntl.h). */
#if defined(__arm__) || defined(__aarch64__)
#define O_DIRECTORY 040000
#else
#define O_DIRECTORY 0200000
#endif
#define O_RDONLY   00
#define O_WRONLY   01
#define O_RDWR     02
#define O_APPEND   02000
#define O_NOCTTY   0400
#define O_NONBLOCK 04000
#define O_CLOEXEC  02000000
#define AT_FDCWD   (-100)

#define MAP_SHARED  1
#define MAP_PRIVATE 2

#define F_GETFD 1
#define F_SETFL 4

#define LOCK_SH 1
#define LOCK_EX 2
#define LOCK_UN 8

enum { SIGHUP = 1, SIGINT = 2, SIGKILL = 9, SIGPIPE = 13, SIGTERM = 15, SIGCHLD = 17 };
enum { SIG_BLOCK = 0, SIG_UNBLOCK = 1, SIG_SETMASK = 2, SIG_IGN = 1 };
#define SIGNAL_BIT(number) (1ULL << ((number)-1))

enum { CLOCK_REALTIME = 0, CLOCK_MONOTONIC = 1 };
enum { EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CTL_MOD = 3 };
enum { EPOLLIN = 1, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 16 };
#define EPOLLET (1u << 31)
enum { RLIMIT_MEMLOCK = 8, WNOHANG = 1, CLONE_SIGCHLD = 17 };

/* include/uapi/linux/eventpoll.h: packed on x86_64 alone. */
struct epoll_event {
	u32 events;
	u64 data;
}
#if defined(__x86_64__)
__attribute__((packed))
#endif
;

struct sys_timespec {
	s64 sec;
	s64 nsec;
};

struct sys_rlimit64 {
	u64 cur, max;
};

struct new_utsname_fields {
	char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

/* mmap(2) returns a pointer or -errno in one word. */
static inline bool sys_is_error(const void *p)
{
	return (unsigned long)p > (unsigned long)-4096L;
}

long sys_read(int fd, void *buf, size_t len);
long sys_write(int fd, const void *buf, size_t len);
long sys_send(int fd, const void *buf, size_t len); /* to a socket: -EAGAIN rather than wait */
long sys_pread(int fd, void *buf, size_t len, u64 offset);
int sys_open(const char *path, int flags); /* openat(AT_FDCWD); O_CLOEXEC is added */
int sys_openat(int dir, const char *path, int flags);
int sys_close(int fd);
/* `offset` is a multiple of the page size, and below 2^31 times 4096. */
void *sys_mmap(void *where, size_t len, int prot, int flags, int fd, u64 offset);
int sys_munmap(void *where, size_t len);
int sys_mprotect(void *where, size_t len, int prot);
int sys_ioctl(int fd, unsigned long request, unsigned long argument);
int sys_fcntl(int fd, int command, unsigned long argument);
int sys_dup3(int from, int to, int flags);
int sys_pipe(int fds[2]); /* both close on exec */
int sys_flock(int fd, int operation);
long sys_getdents(int fd, void *buf, size_t len);
long sys_readlink(const char *path, char *buf, size_t size);
int sys_access(const char *path); /* 0 if it exists */
int sys_statx(const char *path, u32 mask, void *statx_buf);
int sys_statx_fd(int fd, u32 mask, void *statx_buf);
int sys_mkdir(const char *path, unsigned int mode);
int sys_unlink(const char *path);
int sys_rmdir(const char *path);
int sys_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data);

int sys_getpid(void);
int sys_fork(void); /* clone(SIGCHLD) */
int sys_execve(const char *path, char *const argv[], char *const envp[]);
int sys_wait(int pid, int *status, int options);
int sys_kill(int pid, int signal);
int sys_setsid(void);
NORETURN void sys_exit(int status);
int sys_reboot(unsigned int command);
void sys_sync(void);

/* Signal sets are u64 bit masks (SIGNAL_BIT), as all supported machines have 64 signals. */
int sys_sigprocmask(int how, u64 set, u64 *old);
bool sys_signal_ignored(int signal); /* its action is SIG_IGN: nohup(1)'s doing, for one */
int sys_signalfd(u64 set);           /* non-blocking */

int sys_epoll_create(void);
int sys_epoll_ctl(int epoll_fd, int operation, int fd, struct epoll_event *event);
int sys_epoll_wait(int epoll_fd, struct epoll_event *events, int max, int timeout_ms);

int sys_clock_gettime(int clock, struct sys_timespec *time);
u64 sys_monotonic_ns(void);
int sys_uname(struct new_utsname_fields *name);
int sys_capget(void *header, void *data);
int sys_prlimit(int resource, const struct sys_rlimit64 *set, struct sys_rlimit64 *get);

long sys_bpf(int command, void *attr, size_t size);
long sys_perf_event_open(void *attr, int pid, int cpu, int group_fd, unsigned long flags);

/* From the auxiliary vector, at start. */
size_t sys_page_size(void);
/* What start_c() found on the stack; called once, by it. */
void sys_set_page_size(size_t size);

#endif
