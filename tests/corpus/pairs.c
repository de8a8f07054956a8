/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pairs.c: runs commands on objects, one beside the other, and tells how each ended, how long it took, how much memory
 * it needed, and whether it left anything behind.
 *
 *	pairs [-n RUNS] [-t SECONDS] -c COMMAND [-c COMMAND]... OBJECT...
 *
 * A COMMAND is words; the object's path takes the place of {}. A line for each object and command:
 *
 *	object  which command, from 0  exit status  median µs  least µs  least µs of processor  peak KiB  left behind
 *	first line of its stderr
 *
 * The fields are parted by tabs. The exit status is 128 and more for a signal, as in a shell, and 124 after SECONDS
 * (20).
 *
 * First each command runs once to see how it ends and what memory it needs. Then those that succeeded take turns, RUNS
 * (0) times, for the time: from just before the process is made until it has been waited for. The processor's time
 * counts nobody else's work. Those are made by vfork(), which costs least; the first is not, because a process born by
 * vfork() inherits its parent's peak of memory.
 *
 * Every run has a bpffs of its own: pairs lives in a mount namespace of its own, and gives it a new one each time. What
 * is left behind is counted in BPF programs and maps, once the kernel had a second to let go of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_MAX 4
#define WORD_MAX    32
#define RUN_MAX     1001
#define BPFFS       "/sys/fs/bpf"

struct run {
	int status;
	uint64_t ns, cpu_ns;
	long peak_kib;
};

static unsigned timeout = 20;

static void die(const char *what)
{
	fprintf(stderr, "pairs: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t to_ns(struct timeval time)
{
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_usec * 1000;
}

/* How many programs and maps the kernel holds. */
static unsigned in_kernel(void)
{
	static const int commands[] = {BPF_PROG_GET_NEXT_ID, BPF_MAP_GET_NEXT_ID};
	unsigned count = 0;

	for (int i = 0; i < 2; i++) {
		union bpf_attr attr;

		memset(&attr, 0, sizeof(attr));
		while (!syscall(SYS_bpf, commands[i], &attr, 12)) {
			attr.start_id = attr.next_id;
			count++;
		}
	}
	return count;
}

/* What the kernel holds more than `before`, when that no longer changes. */
static int left_behind(unsigned before)
{
	int left = 0;

	for (int i = 0; i < 100; i++) {
		left = (int)in_kernel() - (int)before;
		if (left <= 0)
			return 0;
		usleep(10000);
	}
	return left;
}

static void split(char *command, const char *object, char **words)
{
	int count = 0;

	for (char *word = strtok(command, " "); word && count < WORD_MAX - 1; word = strtok(NULL, " "))
		words[count++] = strcmp(word, "{}") ? word : (char *)(uintptr_t)object;
	words[count] = NULL;
}

/* The child's part. After vfork() it shares our memory, so it only calls the kernel. */
static void start(char **words, int err)
{
	int null = open("/dev/null", O_RDWR);

	dup2(null, 0);
	dup2(null, 1);
	dup2(err < 0 ? null : err, 2);
	close(null);
	execv(words[0], words);
	_exit(127);
}

static pid_t child;

static void end_child(int signal)
{
	(void)signal;
	kill(child, SIGKILL);
}

/* Runs it once. With `err` >= 0 that takes its stderr, and the peak of memory is the command's own. */
static struct run run_once(char **words, int err)
{
	struct rusage usage;
	struct run run;
	int status;
	uint64_t start_ns = now();

	child = err < 0 ? vfork() : fork();
	if (!child)
		start(words, err);
	if (child < 0)
		die("fork");
	alarm(timeout);
	while (wait4(child, &status, 0, &usage) < 0)
		if (errno != EINTR)
			die("wait4");
	run.ns = now() - start_ns;
	run.status = WIFEXITED(status) ? WEXITSTATUS(status) : alarm(0) ? 128 + WTERMSIG(status) : 124;
	alarm(0);
	run.cpu_ns = to_ns(usage.ru_utime) + to_ns(usage.ru_stime);
	run.peak_kib = usage.ru_maxrss;
	return run;
}

/* The same in a bpffs of its own. */
static struct run run_apart(const char *command, const char *object, int err)
{
	char copy[4096], *words[WORD_MAX];
	struct run run;

	if (mount("bpf", BPFFS, "bpf", 0, NULL))
		die("mount " BPFFS);
	snprintf(copy, sizeof(copy), "%s", command);
	split(copy, object, words);
	run = run_once(words, err);
	if (umount2(BPFFS, MNT_DETACH))
		die("umount " BPFFS);
	return run;
}

/* The first line of what a command said, without what would disturb a table. */
static void first_line(int fd, char *line, size_t size)
{
	ssize_t length = pread(fd, line, size - 1, 0);

	line[length > 0 ? length : 0] = 0;
	line[strcspn(line, "\n")] = 0;
	for (char *c = line; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/*
 * The run that tells all but the time, though it returns that, too. Others on this machine may load programs just now:
 * what is left behind must be so thrice.
 */
static uint64_t look(const char *command, const char *object, struct run *run, int *left, char *line, size_t size)
{
	for (int i = 0; i < 3; i++) {
		int err = memfd_create("stderr", 0);
		unsigned before = in_kernel();

		if (err < 0)
			die("memfd_create");
		*run = run_apart(command, object, err);
		*left = left_behind(before);
		first_line(err, line, size);
		close(err);
		if (!*left)
			break;
	}
	return run->ns;
}

static void measure(const char *object, char **commands, int count, int runs)
{
	static uint64_t times[COMMAND_MAX][RUN_MAX];
	struct run first[COMMAND_MAX];
	char lines[COMMAND_MAX][512];
	int left[COMMAND_MAX];

	for (int i = 0; i < count; i++)
		times[i][0] = look(commands[i], object, &first[i], &left[i], lines[i], sizeof(lines[i]));
	for (int run = 0; run < runs; run++)
		for (int i = 0; i < count; i++)
			if (!first[i].status) {
				struct run again = run_apart(commands[i], object, -1);

				times[i][run] = again.ns;
				if (first[i].cpu_ns > again.cpu_ns)
					first[i].cpu_ns = again.cpu_ns;
			}
	for (int i = 0; i < count; i++) {
		int timed = first[i].status || !runs ? 1 : runs;

		qsort(times[i], (size_t)timed, sizeof(times[i][0]), compare);
		printf("%s\t%d\t%d\t%.1f\t%.1f\t%.1f\t%ld\t%d\t%s\n", object, i, first[i].status,
			(double)times[i][timed / 2] / 1000, (double)times[i][0] / 1000, (double)first[i].cpu_ns / 1000,
			first[i].peak_kib, left[i], lines[i]);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	char *commands[COMMAND_MAX];
	int option, count = 0, runs = 0;

	while ((option = getopt(argc, argv, "n:t:c:")) != -1) {
		if (option == 'n')
			runs = atoi(optarg);
		else if (option == 't')
			timeout = (unsigned)atoi(optarg);
		else if (option == 'c' && count < COMMAND_MAX)
			commands[count++] = optarg;
		else
			return 2;
	}
	if (!count || runs < 0 || runs > RUN_MAX) {
		fprintf(stderr, "usage: pairs [-n RUNS] [-t SECONDS] -c COMMAND [-c COMMAND]... OBJECT...\n");
		return 2;
	}
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("a mount namespace of our own");
	signal(SIGALRM, end_child);
	for (int i = optind; i < argc; i++)
		measure(argv[i], commands, count, runs);
	return 0;
}
