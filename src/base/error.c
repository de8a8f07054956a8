/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * error.c: what failed, told once, by the place that knows. See error.h.
 */
#include <linux/errno.h>
#include "base/error.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/text.h"

/* What error.h has for clang-tidy would be in the way here. */
#undef error_set
#undef error_invalid
#undef error_in
#undef error_hint
#undef error_no_memory

static int set(struct error *e, int errnum, const char *format, va_list args)
{
	struct text text;

	if (e->errnum)
		return -e->errnum;
	e->errnum = errnum;
	text = text_in(e->message, sizeof(e->message));
	text_vprintf(&text, format, args);
	return -errnum;
}

int error_set(struct error *e, int errnum, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	errnum = set(e, errnum, format, args);
	va_end(args);
	return errnum;
}

int error_invalid(struct error *e, const char *format, ...)
{
	va_list args;
	int err;

	va_start(args, format);
	err = set(e, EINVAL, format, args);
	va_end(args);
	return err;
}

int error_no_memory(struct error *e)
{
	return error_set(e, ENOMEM, "no memory left");
}

int error_in(struct error *e, const char *format, ...)
{
	static char joined[sizeof(e->message)];
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
	size_t len = str_len(e->message);
	struct text end = text_in(e->message + len, sizeof(e->message) - len);
	va_list args;

	text_string(&end, "; ");
	va_start(args, format);
	text_vprintf(&end, format, args);
	va_end(args);
	return -e->errnum;
}

void error_clear(struct error *e)
{
	e->errnum = 0;
	e->message[0] = '\0';
}

/* include/uapi/asm-generic/errno-base.h and errno.h. */
/* clang-format off */
#define ERRNOS(X)                                                                                              \
	X(EPERM) X(ENOENT) X(ESRCH) X(EINTR) X(EIO) X(ENXIO) X(E2BIG) X(ENOEXEC) X(EBADF) X(ECHILD) X(EAGAIN)     \
	X(ENOMEM) X(EACCES) X(EFAULT) X(ENOTBLK) X(EBUSY) X(EEXIST) X(EXDEV) X(ENODEV) X(ENOTDIR) X(EISDIR)       \
	X(EINVAL) X(ENFILE) X(EMFILE) X(ENOTTY) X(ETXTBSY) X(EFBIG) X(ENOSPC) X(ESPIPE) X(EROFS) X(EMLINK)        \
	X(EPIPE) X(EDOM) X(ERANGE) X(EDEADLK) X(ENAMETOOLONG) X(ENOSYS) X(ENOTEMPTY) X(ELOOP) X(EPROTO)           \
	X(EBADMSG) X(EOVERFLOW) X(EILSEQ) X(EUCLEAN) X(EMSGSIZE) X(EOPNOTSUPP) X(EADDRINUSE) X(EADDRNOTAVAIL)     \
	X(ENOBUFS) X(ETIMEDOUT) X(EALREADY) X(ESTALE) X(ECANCELED) X(ENODATA) X(ENOKEY) X(ENOTSUPP)
/* clang-format on */

/* The list twice over: as numbers, and as names that lie end to end. */
#define ERRNO_NUMBER(e) e,
#define ERRNO_NAME(e)   #e "\0"
static const u16 errno_numbers[] = {ERRNOS(ERRNO_NUMBER)};
static const char errno_names[] = ERRNOS(ERRNO_NAME);

const char *errno_name(int errnum)
{
	static char digits[16];

	errnum = errnum < 0 ? -errnum : errnum;
	for (u32 i = 0; i < ARRAY_SIZE(errno_numbers); i++)
		if (errno_numbers[i] == errnum)
			return list_entry(errno_names, sizeof(errno_names), i);
	str_printf(digits, sizeof(digits), "errno %d", errnum);
	return digits;
}
