/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kprobe.h: kprobes and kretprobes through tracefs.
 *
 *	"p:GROUP/EVENT FUNC+OFF"  →  kprobe_events	the probe exists, switched off
 *	events/GROUP/EVENT/id     →  a number
 *	perf_event_open(number)   →  a descriptor	the event can be listened to
 *	SET_BPF						the program listens
 *
 * and, in reverse, the descriptor closed, "-:GROUP/EVENT" written. The descriptor first: an event that someone
 * listens to cannot be removed (EBUSY).
 *
 * kprobe_events is shared by everyone on the system, and a definition outlives the process that wrote it. So each
 * run uses a group of its own, whose name says whose it is:
 *
 *	loader_PIDNS_PID_START		inode of the pid namespace, pid in it, start time in ticks (proc(5), field 22)
 *
 * A later run removes the groups whose process is gone: same pid namespace, and no process of that pid, or
 * one that started at another time. In other namespaces a pid means something else; those groups are left alone.
 * Between definition and perf_event_open(2) a group looks like one that a dead run left, so both happen
 * under a lock on kprobe_events, and removal takes the same lock.
 */
#ifndef ATTACH_KPROBE_H
#define ATTACH_KPROBE_H

#include "kernel/held.h"
#include "base/error.h"

/* A place in the kernel. */
struct kprobe_target {
	char function[576]; /* FUNC or MODULE:FUNC: KSYM_NAME_LEN is 512 since 6.1, MODULE_NAME_LEN 64 or less */
	u64 offset;         /* in bytes, behind the function's first */
	bool is_return;
};

/* Reads "FUNC", "FUNC+OFF", "MODULE:FUNC…"; OFF in C's notation. -EINVAL with a message. */
int kprobe_parse(struct error *error, const char *text, bool is_return, struct kprobe_target *target);

/*
 * Creates the probe and has the program run on it. 0, or -errno with a message that says why: no such function (and
 * which names come near), blacklisted, ambiguous, no instruction boundary.
 */
int kprobe_attach(struct held *held, struct error *error, const struct kprobe_target *target, int prog_fd);

/* The same for system call `name`, whatever the kernel calls its entry function. */
int kprobe_attach_syscall(struct held *held, struct error *error, const char *name, bool is_return, int prog_fd);

/*
 * Removes what killed runs left; refuses if probes are switched off, and none would ever be hit. Called once, before
 * the first probe. 0, or -errno with a message.
 */
int kprobe_begin(struct arena *arena, struct error *error);

/* The misses (kprobe_profile's third column) of all probes in this run's group. */
u64 kprobe_missed(void);

#endif
