/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * owner.h: who a probe belongs to, written in its group's name. See kprobe.h for why.
 */
#ifndef ATTACH_OWNER_H
#define ATTACH_OWNER_H

#include "base/types.h"

#define OWNER_PREFIX "loader_"

/* This process's group: "loader_PIDNS_PID_START". Without /proc, PIDNS is 0: nobody will take it for a dead run's. */
void owner_group(char *buf, size_t size);

/*
 * Whether `group`, or the group of an event "GROUP/EVENT", names a run of this loader, in this pid namespace, that is
 * over. When in doubt, it is not.
 */
bool owner_is_gone(const char *group);

#endif
