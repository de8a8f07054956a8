/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz.h: what all fuzz targets share.
 *
 * A target is one file with fuzz(): it hands the input to what is fuzzed, and on success walks through everything the
 * interface promises to be good, so that a broken promise is an access out of bounds, and the sanitizers see it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/file.h"
#include "base/string.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
void fuzz(struct arena *arena, struct error *error, struct bytes input);

/* Whatever was read adds up in here, so that the compiler cannot leave the reading out. */
extern volatile u64 fuzz_sum;

#define MUST(condition)           \
	do {                      \
		if (!(condition)) \
			abort();  \
	} while (0)

/* A failure has a negative errno and a message; a success has neither. Whether it is one. */
static inline bool fuzz_ok(struct error *error, int result)
{
	MUST(result == -error->errnum);
	MUST(result ? error->message[0] : 1);
	error_clear(error);
	return !result;
}

static inline void fuzz_read(const void *data, u64 size)
{
	u64 sum = 0;

	for (u64 i = 0; i < size; i++)
		sum += ((const u8 *)data)[i];
	fuzz_sum += sum;
}

/* Reads a string, of a very long one the beginning: thousands of names may lie in one that is as long as the input. */
static inline void fuzz_string(const char *s)
{
	u32 i = 0;

	while (i < 256 && s[i])
		i++;
	fuzz_sum += i;
}

/*
 * Ends the fuzzer after $FUZZ_SECONDS of processor time, however busy the machine is (-max_total_time goes by the
 * clock): at SIGUSR1 libFuzzer finishes the run it is at, and says what it has done.
 */
static inline void fuzz_limit(void)
{
	const char *seconds = getenv("FUZZ_SECONDS");
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	struct itimerspec limit = {.it_value.tv_sec = seconds ? atol(seconds) : 0};
	timer_t timer;

	if (timer_create(CLOCK_PROCESS_CPUTIME_ID, &event, &timer) || timer_settime(timer, 0, &limit, NULL))
		abort();
}

#define FUZZ_MAIN                                                 \
	volatile u64 fuzz_sum;                                    \
	int LLVMFuzzerInitialize(int *argc, char ***argv)         \
	{                                                         \
		(void)argc, (void)argv;                           \
		fuzz_limit();                                     \
		return 0;                                         \
	}                                                         \
	int LLVMFuzzerTestOneInput(const u8 *data, size_t size)   \
	{                                                         \
		struct arena arena = {0};                         \
		struct error error = {0};                         \
		fuzz(&arena, &error, (struct bytes){data, size}); \
		arena_release(&arena);                            \
		return 0;                                         \
	}

#endif
