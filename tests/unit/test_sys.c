/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_sys.c: the raw system calls do what their names say, and fail with -errno. What needs a machine of its own
 * (mount, reboot, bpf, perf_event_open) is tested in virtual ones.
 */
#include <unistd.h>
#include <linux/stat.h>
#include "unit.h"
#include "base/string.h"
#include "base/sys.h"

static char dir[] = "/tmp/unit-sys-XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[100];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void files(void **state)
{
	char buf[64];
	int fd, copy;

	(void)state;
	put(in_dir("file"), "0123456789");
	assert_int_equal(sys_open(in_dir("none"), O_RDONLY), -ENOENT);
	assert_int_equal(sys_open(in_dir("file"), O_RDONLY | O_DIRECTORY), -ENOTDIR);
	fd = sys_open(in_dir("file"), O_RDWR);
	assert_true(fd >= 0);
	assert_int_equal(sys_fcntl(fd, F_GETFD, 0), 1); /* closes on exec */
	assert_int_equal(lseek(fd, 0, SEEK_END), 10);
	assert_int_equal(lseek(fd, 4, SEEK_SET), 4);
	assert_int_equal(sys_read(fd, buf, 3), 3);
	assert_memory_equal(buf, "456", 3);
	assert_int_equal(sys_write(fd, "xy", 2), 2);
	copy = sys_dup3(fd, 200, O_CLOEXEC);
	assert_int_equal(copy, 200);
	assert_int_equal(lseek(copy, 0, SEEK_SET), 0); /* they share one position */
	assert_int_equal(sys_read(fd, buf, sizeof(buf)), 10);
	assert_memory_equal(buf, "0123456xy9", 10);
	assert_int_equal(sys_flock(fd, LOCK_EX), 0);
	assert_int_equal(sys_flock(fd, LOCK_UN), 0);
	copy = sys_fcntl(fd, 1030 /* F_DUPFD_CLOEXEC */, 300);
	assert_int_equal(copy, 300);
	assert_int_equal(sys_close(200) + sys_close(300) + sys_close(fd), 0);
	assert_int_equal(sys_close(fd), -EBADF);
	assert_int_equal(sys_read(fd, buf, 1), -EBADF);
	assert_int_equal(sys_ioctl(fd, 0, 0), -EBADF);
}

static void directories(void **state)
{
	char buf[1024], found[64] = "";
	struct statx stat;
	int fd;
	long n;

	(void)state;
	assert_int_equal(sys_mkdir(in_dir("sub"), 0700), 0);
	assert_int_equal(sys_mkdir(in_dir("sub"), 0700), -EEXIST);
	put(in_dir("sub/one"), "x");
	fd = sys_open(in_dir("sub"), O_RDONLY | O_DIRECTORY);
	n = sys_getdents(fd, buf, sizeof(buf));
	assert_true(n > 0);
	for (char *p = buf; p < buf + n; p += *(u16 *)(p + 16)) /* struct linux_dirent64: d_reclen, d_name */
		if (p[19] != '.')
			strcpy(found, p + 19);
	assert_string_equal(found, "one");
	assert_int_equal(sys_close(sys_openat(fd, "one", O_RDONLY)), 0);
	assert_int_equal(sys_statx_fd(fd, STATX_TYPE, &stat), 0);
	assert_int_equal(stat.stx_mode & 0170000, 0040000);
	sys_close(fd);
	assert_int_equal(sys_statx(in_dir("sub/one"), STATX_SIZE, &stat), 0);
	assert_int_equal(stat.stx_size, 1);
	assert_int_equal(sys_statx(in_dir("none"), STATX_SIZE, &stat), -ENOENT);
	assert_int_equal(sys_access(in_dir("sub/one")), 0);
	assert_int_equal(sys_access(in_dir("none")), -ENOENT);
	assert_int_equal(sys_rmdir(in_dir("sub")), -ENOTEMPTY);
	assert_int_equal(sys_unlink(in_dir("sub/one")), 0);
	assert_int_equal(sys_rmdir(in_dir("sub")), 0);
	assert_int_equal(sys_readlink(in_dir("none"), buf, sizeof(buf)), -ENOENT);
	n = sys_readlink("/proc/self/exe", buf, sizeof(buf) - 1);
	assert_true(n > 0);
	buf[n] = '\0';
	assert_true(str_ends(buf, "/test_sys"));
}

static void memory(void **state)
{
	u8 *p;
	int fd;

	(void)state;
	p = sys_mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_false(sys_is_error(p));
	p[0] = p[8191] = 1;
	assert_int_equal(sys_munmap(p, 8192), 0);
	assert_int_equal((long)sys_mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), -EINVAL);
	assert_true(sys_is_error(sys_mmap(NULL, 4096, PROT_READ, MAP_SHARED, 999, 0)));
	/* The offset is in bytes on every machine. */
	put(in_dir("pages"), "");
	assert_int_equal(truncate(in_dir("pages"), 3 * 4096), 0);
	fd = sys_open(in_dir("pages"), O_RDWR);
	lseek(fd, 8192, SEEK_SET);
	sys_write(fd, "third", 5);
	p = sys_mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 8192);
	assert_false(sys_is_error(p));
	assert_memory_equal(p, "third", 5);
	sys_munmap(p, 4096);
	sys_close(fd);
	assert_int_equal(sys_page_size(), 4096); /* until start_c() has said otherwise */
}

static void processes(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c", "exit 7", NULL}, *const envp[] = {NULL};
	int pid, status;

	(void)state;
	assert_int_equal(sys_getpid(), getpid());
	pid = sys_fork();
	if (!pid) {
		sys_setsid();
		sys_execve(argv[0], (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)envp);
		sys_exit(1);
	}
	assert_int_equal(sys_wait(pid, &status, 0), pid);
	assert_int_equal(status, 7 << 8);
	assert_int_equal(sys_wait(pid, &status, WNOHANG), -ECHILD);
	assert_int_equal(
		sys_execve(in_dir("none"), (char *const *)(uintptr_t)argv, (char *const *)(uintptr_t)envp), -ENOENT);
	pid = sys_fork();
	while (!pid)
		sys_epoll_wait(-1, NULL, 1, 1000); /* fails at once; SIGKILL ends it */
	assert_int_equal(sys_kill(pid, SIGKILL), 0);
	assert_int_equal(sys_wait(pid, &status, 0), pid);
	assert_int_equal(status, SIGKILL);
	assert_int_equal(sys_kill(pid, 0), -ESRCH);
}

static void signals_and_events(void **state)
{
	u64 old, none;
	struct epoll_event event = {.events = EPOLLIN, .data = 0x123456789abcdefULL}, got[2];
	int epoll_fd = sys_epoll_create(), signal_fd, fds[2];
	u8 info[128];

	(void)state;
	assert_int_equal(sys_sigprocmask(SIG_BLOCK, SIGNAL_BIT(SIGTERM), &old), 0);
	signal_fd = sys_signalfd(SIGNAL_BIT(SIGTERM));
	assert_true(epoll_fd >= 0 && signal_fd >= 0);
	assert_int_equal(sys_read(signal_fd, info, sizeof(info)), -EAGAIN);
	assert_int_equal(sys_epoll_ctl(epoll_fd, EPOLL_CTL_ADD, signal_fd, &event), 0);
	assert_int_equal(sys_epoll_ctl(epoll_fd, EPOLL_CTL_ADD, signal_fd, &event), -EEXIST);
	assert_int_equal(sys_epoll_wait(epoll_fd, got, 2, 0), 0);
	sys_kill(sys_getpid(), SIGTERM);
	assert_int_equal(sys_epoll_wait(epoll_fd, got, 2, 1000), 1);
	assert_true(got[0].events == EPOLLIN && got[0].data == 0x123456789abcdefULL);
	assert_int_equal(sys_read(signal_fd, info, sizeof(info)), sizeof(info));
	assert_int_equal(*(u32 *)info, SIGTERM);
	assert_int_equal(sys_epoll_ctl(epoll_fd, EPOLL_CTL_DEL, signal_fd, &event), 0);
	assert_int_equal(sys_sigprocmask(SIG_SETMASK, old, &none), 0);
	assert_true(none & SIGNAL_BIT(SIGTERM));
	assert_int_equal(sys_pipe(fds), 0);
	assert_int_equal(sys_fcntl(fds[0], 1 /* F_GETFD */, 0), 1);
	sys_close(fds[0]);
	sys_close(fds[1]);
	sys_close(signal_fd);
	sys_close(epoll_fd);
}

static void about_the_system(void **state)
{
	struct sys_timespec now;
	struct sys_rlimit64 limit = {0};
	static struct new_utsname_fields name;
	u64 before = sys_monotonic_ns();
	struct {
		u32 version;
		int pid;
	} header = {0x20080522, 0}; /* _LINUX_CAPABILITY_VERSION_3 */
	u32 capabilities[6];

	(void)state;
	assert_int_equal(sys_clock_gettime(CLOCK_REALTIME, &now), 0);
	assert_true(now.sec > 1600000000 && now.nsec < 1000000000);
	assert_true(sys_monotonic_ns() >= before && before > 0);
	assert_int_equal(sys_clock_gettime(99, &now), -EINVAL);
	assert_int_equal(sys_uname(&name), 0);
	assert_string_equal(name.sysname, "Linux");
	assert_int_equal(sys_prlimit(RLIMIT_MEMLOCK, NULL, &limit), 0);
	assert_true(limit.max >= limit.cur && limit.max);
	assert_int_equal(sys_capget(&header, capabilities), 0);
}

int main(void)
{
	int result;

	if (!mkdtemp(dir))
		return 1;
	result = RUN(TEST(files), TEST(directories), TEST(memory), TEST(processes), TEST(signals_and_events),
		TEST(about_the_system));
	unlink(in_dir("file"));
	unlink(in_dir("pages"));
	rmdir(dir);
	return result;
}
