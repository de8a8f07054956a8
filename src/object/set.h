/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * set.h: giving a global variable another first value, before it is loaded.
 */
#ifndef OBJECT_SET_H
#define OBJECT_SET_H

#include "object/object.h"

/*
 * Sets variable `name` of an object to `value`, as its BTF type wants it: a decimal, hexadecimal or octal
 * number within the type's range, true or false, an enumerator's name, or text for a char array. -ENOENT if there is no
 * such variable, -EINVAL, -ERANGE, -ENOMEM, with a message.
 */
int object_set(struct arena *arena, struct error *error, struct object *object, const char *name, const char *value);

#endif
