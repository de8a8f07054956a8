/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * loader.c: main(): the command line, and nothing else.
 */
#include "base/text.h"

int main(int argc, char **argv, char **envp);

int main(int argc, char **argv, char **envp)
{
	char buf[4096];
	struct text t = text_to(1, buf, sizeof(buf));

	(void)envp;
	text_printf(&t, "%d [%s] %-10s| %05d %llx %*u\n", argc, argv[0], "ab", -42, 0x123456789abcULL, 8, 77);
	text_flush(&t);
	return 0;
}
