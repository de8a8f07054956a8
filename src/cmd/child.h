/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * child.h: the command behind "--".
 *
 * It is started before the programs are attached, but held at a gate, so that its very first system call is seen:
 *
 *	child_start()	forks; the child waits at the gate
 *	child_go()	opens the gate; the child becomes the command
 *
 * If the run fails before, the gate goes with the loader, and the child ends.
 */
#ifndef CMD_CHILD_H
#define CMD_CHILD_H

#include "base/error.h"

struct child {
	int pid;
	int gate;    /* a byte lets the child go on; closed without one, it ends */
	int failure; /* readable: the errno with which execve(2) failed, or end of file */
};

/* `signal_mask` is what the command starts with. 0 or -errno with a message. */
int child_start(struct child *child, struct error *error, char **argv, char **envp, u64 signal_mask);

/* 0, or -errno with a message if the command cannot be executed. */
int child_go(struct child *child, struct error *error, const char *name);

/* Whether the child has ended; does not wait. Asked no more after a yes. */
bool child_has_ended(struct child *child);

#endif
