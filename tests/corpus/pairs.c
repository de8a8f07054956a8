/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * pairs.c: runs commands on objects, one beside the other, and tells how each ended, how long it took, how much memory
 * it needed, and whether it left anything behind.
 *
 *	pairs [-n ROUNDS] [-t SECONDS] [-b] [-r] -c COMMAND [-c COMMAND]... OBJECT...
 *
 * A COMMAND is words; the object's path takes the place of {}. A line for each object and command:
 *
 *	object  which command, from 0  exit status  median µs  least µs  least µs of processor  peak KiB  left behind
 *	rounds  of these slower  of these with more processor  first line of its stderr
 *
 * The fields are parted by tabs. The exit status is 128 and more for a signal, as in a shell, and 124 after SECONDS
 * (20).
 *
 * First each command runs once to see how it ends and what memory it needs. Then those that succeeded take turns,
 * ROUNDS (0) times, for the time: from just before the process is made until it has been waited for. The processor's
 * time counts nobody else's work. Those are made by vfork(), which costs least; the first is not, because a process
 * born by vfork() inherits its parent's peak of memory. In how many of the rounds a command took longer than the first
 * tells more than two medians do where both take nearly the same: about half of them, and it is chance.
 *
 * What a process gives back when it ends, the kernel frees later, in threads of its own: a program after an RCU grace
 * period, then the maps it used (kernel/bpf/syscall.c:bpf_map_free_deferred()), 32,768 elements for each processor one
 * by one. That is in no run's time. But it would be in the next one's way, on the other processor and with the same
 * locks, and most in that of a command which is quick to make maps of its own. So each run waits until that is over,
 * and every second round goes backwards.
 *
 * It also means that each finds the caches cold, the more so where other machines share them. With -b a run follows the
 * last one back to back, as when many objects are loaded one after the other, and the freeing is in its time.
 *
 * Every run has a bpffs of its own: pairs lives in a mount namespace of its own, and gives it a new one each time, so
 * that no run finds the maps that the last one pinned. What is left behind is counted in BPF programs and maps, once
 * the kernel had a second to let go of them.
 *
 * With -r the kernel's BTF can only be read, as before Linux 6.16: a seccomp filter refuses to map so many bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define COMMAND_MAX 4
#define WORD_MAX    32
#define RUN_MAX     1001
#define BPFFS       "/sys/fs/bpf"

#define FREEING_MAX_NS 100000000

struct run {
	int status;
	uint64_t ns, cpu_ns;
	long peak_kib;
	int left; /* programs and maps left behind */
};

/* What came of one command on one object. */
struct result {
	struct run first;
	char line[512];
	uint64_t times[RUN_MAX], least_cpu_ns;
	int rounds, slower, more_cpu; /* of these it took longer, and more of the processor, than the first command */
};

static unsigned timeout = 20;
static bool back_to_back;

/* mmap() of exactly so many bytes (set in main) is refused with EACCES. */
static struct sock_filter refuse_map[] = {
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3),
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[1])),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES),
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
};
static struct sock_fprog filter = {sizeof(refuse_map) / sizeof(refuse_map[0]), refuse_map};
static bool only_read;

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

	for (int i = 0; i < 1000; i++) {
		left = (int)in_kernel() - (int)before;
		if (left <= 0)
			return 0;
		usleep(1000);
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
	if (only_read &&
		(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)))
		_exit(127);
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

/* The same in a bpffs of its own; waits, unless it is to be `at_once`, until the kernel freed what the process had. */
static struct run run_apart(const char *command, const char *object, int err, bool at_once)
{
	char copy[4096], *words[WORD_MAX];
	unsigned before = at_once ? 0 : in_kernel();
	struct run run;

	if (mount("bpf", BPFFS, "bpf", 0, NULL))
		die("mount " BPFFS);
	snprintf(copy, sizeof(copy), "%s", command);
	split(copy, object, words);
	run = run_once(words, err);
	if (umount2(BPFFS, MNT_DETACH))
		die("umount " BPFFS);
	run.left = 0;
	if (at_once)
		return run;
	run.left = left_behind(before);
	/* A map is no longer listed when its memory begins to be freed, which takes less time than making it did. */
	usleep((useconds_t)(run.ns < FREEING_MAX_NS ? run.ns : FREEING_MAX_NS) / 1000);
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
static void look(const char *command, const char *object, struct result *result)
{
	for (int i = 0; i < 3; i++) {
		int err = memfd_create("stderr", 0);

		if (err < 0)
			die("memfd_create");
		result->first = run_apart(command, object, err, false);
		first_line(err, result->line, sizeof(result->line));
		close(err);
		if (!result->first.left)
			break;
	}
	result->times[0] = result->first.ns;
	result->least_cpu_ns = result->first.cpu_ns;
}

/* Each command once, as the `round`th time; those that failed are left out. */
static void take_turns(const char *object, char **commands, struct result *results, int count, int round)
{
	struct run runs[COMMAND_MAX];

	for (int turn = 0; turn < count; turn++) {
		int i = round % 2 ? count - 1 - turn : turn;
		struct result *result = &results[i];

		if (result->first.status)
			continue;
		runs[i] = run_apart(commands[i], object, -1, back_to_back);
		result->times[result->rounds++] = runs[i].ns;
		if (result->least_cpu_ns > runs[i].cpu_ns)
			result->least_cpu_ns = runs[i].cpu_ns;
	}
	for (int i = 1; i < count && !results[0].first.status; i++)
		if (!results[i].first.status) {
			results[i].slower += runs[i].ns > runs[0].ns;
			results[i].more_cpu += runs[i].cpu_ns > runs[0].cpu_ns;
		}
}

static void measure(const char *object, char **commands, int count, int rounds)
{
	static struct result results[COMMAND_MAX];

	memset(results, 0, sizeof(results));
	for (int i = 0; i < count; i++)
		look(commands[i], object, &results[i]);
	for (int round = 0; round < rounds; round++)
		take_turns(object, commands, results, count, round);
	for (int i = 0; i < count; i++) {
		struct result *result = &results[i];
		int timed = result->rounds ? result->rounds : 1;

		qsort(result->times, (size_t)timed, sizeof(result->times[0]), compare);
		printf("%s\t%d\t%d\t%.1f\t%.1f\t%.1f\t%ld\t%d\t%d\t%d\t%d\t%s\n", object, i, result->first.status,
			(double)result->times[timed / 2] / 1000, (double)result->times[0] / 1000,
			(double)result->least_cpu_ns / 1000, result->first.peak_kib, result->first.left, result->rounds,
			result->slower, result->more_cpu, result->line);
	}
	fflush(stdout);
}

static void refuse_to_map_btf(void)
{
	struct stat btf;

	if (stat("/sys/kernel/btf/vmlinux", &btf))
		die("/sys/kernel/btf/vmlinux");
	refuse_map[3].k = (uint32_t)btf.st_size;
	only_read = true;
}

int main(int argc, char **argv)
{
	char *commands[COMMAND_MAX];
	int option, count = 0, rounds = 0;

	while ((option = getopt(argc, argv, "n:t:brc:")) != -1) {
		if (option == 'n')
			rounds = atoi(optarg);
		else if (option == 't')
			timeout = (unsigned)atoi(optarg);
		else if (option == 'b')
			back_to_back = true;
		else if (option == 'r')
			refuse_to_map_btf();
		else if (option == 'c' && count < COMMAND_MAX)
			commands[count++] = optarg;
		else
			return 2;
	}
	if (!count || rounds < 0 || rounds > RUN_MAX) {
		fprintf(stderr,
			"usage: pairs [-n ROUNDS] [-t SECONDS] [-b] [-r] -c COMMAND [-c COMMAND]... OBJECT...\n");
		return 2;
	}
	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("a mount namespace of our own");
	signal(SIGALRM, end_child);
	for (int i = optind; i < argc; i++)
		measure(argv[i], commands, count, rounds);
	return 0;
}
