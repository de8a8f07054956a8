/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * without.c: run a command, by its whole path, as root without some capabilities.
 *
 * Usage: without NUMBER[,NUMBER]... COMMAND [ARG]...
 *
 * What is not in the bounding set is not among what root gets when it executes a file (capabilities(7)).
 */
#include "base/string.h"
#include "base/sys.h"
#include "base/syscall.h"

#define PR_CAPBSET_DROP 24

#if defined(__x86_64__)
#define SYS_prctl 157
#elif defined(__arm__)
#define SYS_prctl 172
#else
#define SYS_prctl 167
#endif

int main(int argc, char **argv, char **envp);

int main(int argc, char **argv, char **envp)
{
	const char *p = argc > 2 ? argv[1] : "";
	u64 capability;

	do {
		if (!parse_u64(&p, 10, &capability) ||
			syscall6(SYS_prctl, PR_CAPBSET_DROP, (long)capability, 0, 0, 0, 0))
			return 125;
	} while (*p++ == ',');
	return -sys_execve(argv[2], argv + 2, envp);
}
