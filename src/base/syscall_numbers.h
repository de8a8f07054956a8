/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * syscall_numbers.h: which number each machine gives a system call.
 *
 * x86_64: arch/x86/entry/syscalls/syscall_64.tbl; arm: arch/arm/tools/syscall.tbl; arm64 and riscv64 share
 * include/uapi/asm-generic/unistd.h. Where a 32-bit machine has an older and a 64-bit variant, the latter is
 * meant: mmap is mmap2 (offset in 4096-byte units), fcntl is fcntl64, clock_gettime is clock_gettime64 (5.1).
 */
#ifndef BASE_SYSCALL_NUMBERS_H
#define BASE_SYSCALL_NUMBERS_H

#if defined(__x86_64__)
#define NUMBER(x86_64, arm, generic) x86_64
#elif defined(__arm__)
#define NUMBER(x86_64, arm, generic) arm
#else
#define NUMBER(x86_64, arm, generic) generic
#endif

/* clang-format off */
enum {
	/*				      x86_64  arm  generic */
	SYS_read		= NUMBER(	   0,	3,   63),
	SYS_write		= NUMBER(	   1,	4,   64),
	SYS_close		= NUMBER(	   3,	6,   57),
	SYS_mmap		= NUMBER(	   9, 192,  222),
	SYS_mprotect		= NUMBER(	  10, 125,  226),
	SYS_munmap		= NUMBER(	  11,  91,  215),
	SYS_rt_sigaction	= NUMBER(	  13, 174,  134),
	SYS_rt_sigprocmask	= NUMBER(	  14, 175,  135),
	SYS_ioctl		= NUMBER(	  16,  54,   29),
	SYS_pread64		= NUMBER(	  17, 180,   67),
	SYS_getpid		= NUMBER(	  39,  20,  172),
	SYS_sendto		= NUMBER(	  44, 290,  206),
	SYS_clone		= NUMBER(	  56, 120,  220),
	SYS_execve		= NUMBER(	  59,  11,  221),
	SYS_wait4		= NUMBER(	  61, 114,  260),
	SYS_kill		= NUMBER(	  62,  37,  129),
	SYS_uname		= NUMBER(	  63, 122,  160),
	SYS_fcntl		= NUMBER(	  72, 221,   25),
	SYS_flock		= NUMBER(	  73, 143,   32),
	SYS_setsid		= NUMBER(	 112,  66,  157),
	SYS_capget		= NUMBER(	 125, 184,   90),
	SYS_sync		= NUMBER(	 162,  36,   81),
	SYS_mount		= NUMBER(	 165,  21,   40),
	SYS_reboot		= NUMBER(	 169,  88,  142),
	SYS_getdents64		= NUMBER(	 217, 217,   61),
	SYS_clock_gettime	= NUMBER(	 228, 403,  113),
	SYS_exit_group		= NUMBER(	 231, 248,   94),
	SYS_epoll_ctl		= NUMBER(	 233, 251,   21),
	SYS_openat		= NUMBER(	 257, 322,   56),
	SYS_mkdirat		= NUMBER(	 258, 323,   34),
	SYS_unlinkat		= NUMBER(	 263, 328,   35),
	SYS_readlinkat		= NUMBER(	 267, 332,   78),
	SYS_faccessat		= NUMBER(	 269, 334,   48),
	SYS_epoll_pwait		= NUMBER(	 281, 346,   22),
	SYS_signalfd4		= NUMBER(	 289, 355,   74),
	SYS_epoll_create1	= NUMBER(	 291, 357,   20),
	SYS_dup3		= NUMBER(	 292, 358,   24),
	SYS_pipe2		= NUMBER(	 293, 359,   59),
	SYS_perf_event_open	= NUMBER(	 298, 364,  241),
	SYS_prlimit64		= NUMBER(	 302, 369,  261),
	SYS_bpf			= NUMBER(	 321, 386,  280),
	SYS_statx		= NUMBER(	 332, 397,  291),
};
/* clang-format on */

#endif
