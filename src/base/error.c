/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * error.c: what failed, told once, by the place that knows. See error.h.
 */
#include <linux/errno.h>
#include "base/error.h"
#include "base/memory.h"
#include "base/text.h"

/* What error.h has for clang-tidy would be in the way here. */
#undef error_set
#undef error_in
#undef error_hint

int error_set(struct error *e, int errnum, const char *format, ...)
{
	struct text text;
	va_list args;

	if (e->errnum)
		return -e->errnum;
	e->errnum = errnum;
	text = text_in(e->message, sizeof(e->message));
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	return -errnum;
}

int error_in(struct error *e, const char *format, ...)
{
	char joined[sizeof(e->message)];
	struct text text = text_in(joined, sizeof(joined));
	va_list args;

	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	text_printf(&text, ": %s", e->message);
	memcpy(e->message, joined, text.len + 1);
	return -e->errnum;
}

int error_hint(struct error *e, const char *format, ...)
{
	char hint[512];
	struct text text = text_in(hint, sizeof(hint));
	struct text whole = {.buf = e->message, .size = sizeof(e->message), .fd = -1};
	va_list args;

	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	while (whole.buf[whole.len])
		whole.len++;
	text_printf(&whole, "; %s", hint);
	return -e->errnum;
}

void error_clear(struct error *e)
{
	e->errnum = 0;
	e->message[0] = '\0';
}

/* include/uapi/asm-generic/errno-base.h and errno.h; 524 is ENOTSUPP of include/linux/errno.h, which leaks out. */
/* clang-format off */
#define NAME(e) {e, #e}
static const struct {
	int errnum;
	const char *name;
} errno_names[] = {
	NAME(EPERM), NAME(ENOENT), NAME(ESRCH), NAME(EINTR), NAME(EIO), NAME(ENXIO), NAME(E2BIG), NAME(ENOEXEC),
	NAME(EBADF), NAME(ECHILD), NAME(EAGAIN), NAME(ENOMEM), NAME(EACCES), NAME(EFAULT), NAME(ENOTBLK),
	NAME(EBUSY), NAME(EEXIST), NAME(EXDEV), NAME(ENODEV), NAME(ENOTDIR), NAME(EISDIR), NAME(EINVAL),
	NAME(ENFILE), NAME(EMFILE), NAME(ENOTTY), NAME(ETXTBSY), NAME(EFBIG), NAME(ENOSPC), NAME(ESPIPE),
	NAME(EROFS), NAME(EMLINK), NAME(EPIPE), NAME(EDOM), NAME(ERANGE), NAME(EDEADLK), NAME(ENAMETOOLONG),
	NAME(ENOSYS), NAME(ENOTEMPTY), NAME(ELOOP), NAME(EPROTO), NAME(EBADMSG), NAME(EOVERFLOW), NAME(EILSEQ),
	NAME(EUCLEAN), NAME(EMSGSIZE), NAME(EOPNOTSUPP), NAME(EADDRINUSE), NAME(EADDRNOTAVAIL), NAME(ENOBUFS),
	NAME(ETIMEDOUT), NAME(EALREADY), NAME(ESTALE), NAME(ECANCELED), NAME(ENODATA), NAME(ENOKEY), {524, "ENOTSUPP"},
};
#undef NAME
/* clang-format on */

const char *errno_name(int errnum)
{
	static char digits[16];
	struct text text = text_in(digits, sizeof(digits));

	errnum = errnum < 0 ? -errnum : errnum;
	for (size_t i = 0; i < ARRAY_SIZE(errno_names); i++)
		if (errno_names[i].errnum == errnum)
			return errno_names[i].name;
	text_printf(&text, "errno %d", errnum);
	return digits;
}
