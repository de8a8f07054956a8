/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * loader.c: main(): the command line, and nothing else.
 *
 * Two tables say what there is to say: the verbs, and the options with the verbs that take them.
 */
#include "base/string.h"
#include "base/sys.h"
#include "cmd/cmd.h"

#define NS_PER_SECOND 1000000000ULL
#define RING_MAX      (1u << 30) /* bytes, of each CPU's */

int main(int argc, char **argv, char **envp);

enum { RUN = 1, CHECK = 2, SHOW = 4, ALL = RUN | CHECK | SHOW };

static const struct verb {
	const char *name;
	u32 bit;
	int (*run)(struct options *options);
	const char *arguments, *summary;
} verbs[] = {
	{"run", RUN, cmd_run, "[options] OBJ... [-- CMD ARGS]",
		"load, attach, print events until ^C, --count, --duration, or CMD ends"},
	{"check", CHECK, cmd_check, "[options] OBJ...",
		"load into the kernel, report the verifier's verdict, unload; never attaches"},
	{"show", SHOW, cmd_show, "[options] OBJ...", "what the object holds: needs no privilege, makes no bpf(2) call"},
};

/* What the value of each option is, and which member of struct options takes it. */
enum option_kind { FLAG, FORMAT, COLOR, LIST, ASSIGNMENTS, NUMBER, SECONDS, PAGES };

/* name; kind; the member of struct options; the verbs that take it; its value and help, as the help shows them. */
/* clang-format off */
#define OPTIONS(ROW) \
	ROW("-o", FORMAT, format, ALL, "FORMAT", "table (default), json or, for run, raw") \
	ROW("-v", FLAG, verbose, ALL, "", "more: every kernel call, the verifier's whole log; for show, all") \
	ROW("-q", FLAG, quiet, ALL, "", "for run: no closing summary") \
	ROW("--color", COLOR, color, ALL, "WHEN", "auto (default: on terminals), always or never") \
	ROW("--only", LIST, only, RUN | CHECK, "PROG", "this program alone; may be repeated") \
	ROW("--set", ASSIGNMENTS, set, RUN | CHECK, "VAR=VALUE", "a global variable's first value, typed by BTF") \
	ROW("--event", ASSIGNMENTS, event, RUN, "MAP=STRUCT", "the type of the events in a map") \
	ROW("--btf", LIST, btf, ALL, "FILE", \
		"another kernel's types, raw or in an ELF file; for show also a folder") \
	ROW("--count", NUMBER, count, RUN, "N", "stop after N events") \
	ROW("--duration", SECONDS, duration_ns, RUN, "SECONDS", "stop after that time; may have a fraction") \
	ROW("--pages", PAGES, pages, RUN, "N", "size of each CPU's ring in pages, a power of two")
/* clang-format on */

/* The list twice over: what reads an option, and what explains it, end to end. */
#define OPTION_ROW(name, kind, member, verbs, value, help)  {name, kind, verbs, offsetof(struct options, member)},
#define OPTION_HELP(name, kind, member, verbs, value, help) value "\0" help "\0"
static const struct option {
	char name[11];
	u8 kind; /* enum option_kind */
	u8 verbs;
	u16 member;
} options_known[] = {OPTIONS(OPTION_ROW)};
static const char option_help[] = OPTIONS(OPTION_HELP);
_Static_assert(OPTION_LIST_MAX == 64, "what store() says");

static void print_options(struct text *out, u32 verb_bits)
{
	for (u32 i = 0; i < ARRAY_SIZE(options_known); i++) {
		const struct option *option = &options_known[i];

		if (option->verbs & verb_bits)
			text_printf(out, "  %-10s %-11s %s\n", option->name,
				list_entry(option_help, sizeof(option_help), 2 * i),
				list_entry(option_help, sizeof(option_help), 2 * i + 1));
	}
}

/* The help of one verb, or of all; or the version. */
static int print_help(const struct verb *verb, bool version)
{
	char buf[4096];
	struct text out = text_to(1, buf, sizeof(buf));

	if (version) {
		text_string(&out, "loader " VERSION "\n");
	} else if (verb) {
		text_printf(&out, "usage: loader %s %s\n\n%s\n\n", verb->name, verb->arguments, verb->summary);
		print_options(&out, verb->bit);
	} else {
		text_string(&out, "usage: loader VERB [options] OBJ...\n\n");
		for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
			text_printf(&out, "  %-7s %s\n", verbs[i].name, verbs[i].summary);
		text_string(&out, "\nloader VERB --help lists a verb's options; loader --version\n");
	}
	return cmd_flush(&out) ? EXIT_DONE : EXIT_FAILED;
}

static int usage_error(const struct verb *verb, const char *what, const char *word)
{
	cmd_say("%s '%s'; see 'loader %s%s--help'", what, word, verb ? verb->name : "", verb ? " " : "");
	return EXIT_USAGE;
}

/* "2", "0.5": seconds with up to nine decimals. */
static OUT_OF_LINE bool parse_seconds(const char *text, u64 *ns)
{
	u64 seconds, fraction = 0, unit = NS_PER_SECOND;

	if (!parse_u64(&text, 10, &seconds) || seconds > U64_MAX / 2 / NS_PER_SECOND)
		return false;
	if (*text == '.')
		for (text++; char_is_digit(*text); text++) {
			unit /= 10;
			fraction += (u64)(*text - '0') * unit;
		}
	*ns = seconds * NS_PER_SECOND + fraction;
	return !*text && *ns;
}

/* Which of `count` words it is, the number of an enumerator. */
static bool parse_word(const char *text, const char (*words)[7], u32 count, u32 *which)
{
	for (*which = 0; *which < count; ++*which)
		if (str_equal(text, words[*which]))
			return true;
	return false;
}

/* Stores one option's value. 0 or EXIT_USAGE. */
static OUT_OF_LINE int store(const struct option *option, const struct verb *verb, char *value, struct options *options)
{
	static const char formats[][7] = {[FORMAT_TABLE] = "table", [FORMAT_JSON] = "json", [FORMAT_RAW] = "raw"};
	static const char whens[][7] = {[COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
	void *member = (u8 *)options + option->member;
	struct option_list *list = member;
	u64 *number = member;
	const char *equals;
	bool good = true;

	switch (option->kind) {
	case FLAG:
		*(bool *)member = true;
		break;
	case FORMAT:
		good = parse_word(value, formats, verb->bit == RUN ? FORMAT_RAW + 1 : FORMAT_RAW, member);
		break;
	case COLOR:
		good = parse_word(value, whens, ARRAY_SIZE(whens), member);
		break;
	case NUMBER:
		good = parse_whole_u64(value, 10, number) && *number;
		break;
	case SECONDS:
		good = parse_seconds(value, number);
		break;
	case PAGES:
		good = parse_whole_u64(value, 10, number) && *number && !(*number & (*number - 1)) &&
		       *number <= RING_MAX / sys_page_size();
		break;
	default: /* LIST, ASSIGNMENTS */
		if (list->count == OPTION_LIST_MAX)
			return usage_error(verb, "more than 64 values for", option->name);
		list->values[list->count++] = value;
		if (option->kind == LIST)
			break;
		equals = str_find(value, '=');
		good = equals > value;
		if (good)
			value[equals - value] = '\0';
	}
	if (good)
		return 0;
	cmd_say("'%s' is no good value for option '%s'; see 'loader %s --help'", value, option->name, verb->name);
	return EXIT_USAGE;
}

/* An option at argv[*i], its value in the same word behind '=' (long options) or in the next. */
static int read_option(const struct verb *verb, char **argv, int *i, struct options *options)
{
	char *word = argv[*i];

	for (size_t o = 0; o < ARRAY_SIZE(options_known); o++) {
		const struct option *option = &options_known[o];
		size_t len = str_len(option->name);
		char *value = NULL;

		if (!(option->verbs & verb->bit) || !str_starts(word, option->name))
			continue;
		if (word[len] == '=' && word[1] == '-' && option->kind != FLAG)
			value = word + len + 1;
		else if (word[len])
			continue;
		else if (option->kind != FLAG && !(value = argv[++*i]))
			return usage_error(verb, "a value is missing after", word);
		return store(option, verb, value, options);
	}
	return usage_error(verb, "unknown option", word);
}

/* Reads what follows the verb. 0, EXIT_USAGE, or -1 if help was asked for. */
static OUT_OF_LINE int read_arguments(const struct verb *verb, char **argv, struct options *options)
{
	options->objects = argv; /* they move to the front */
	for (int i = 0; argv[i]; i++) {
		int err = 0;

		if (str_equal(argv[i], "--help"))
			return -1;
		if (str_equal(argv[i], "--")) {
			options->command = argv + i + 1;
			break;
		}
		if (argv[i][0] == '-')
			err = read_option(verb, argv, &i, options);
		else
			argv[options->object_count++] = argv[i];
		if (err)
			return err;
	}
	if (!options->object_count)
		return usage_error(verb, "no object is given to", verb->name);
	if (options->btf.count > 1 && verb->bit != SHOW)
		return usage_error(verb, "only one file can be given with", "--btf");
	if (options->command && verb->bit != RUN)
		return usage_error(verb, "no command can follow", "--");
	if (options->command && !options->command[0])
		return usage_error(verb, "a command is missing after", "--");
	return 0;
}

static int command_line(int argc, char **argv, char **envp)
{
	struct options options = {.envp = envp};
	int err;

	/* If descriptor 1 is closed, the next map would get that number, and events would be written into it. Now they
	 * find EBADF. */
	for (int fd = 0; fd <= 2; fd++)
		if (sys_fcntl(fd, F_GETFD, 0) < 0)
			sys_open("/", O_RDONLY);
	if (argc < 2)
		return usage_error(NULL, "no verb is given to", "loader");
	if (str_equal(argv[1], "--help") || str_equal(argv[1], "--version"))
		return print_help(NULL, argv[1][2] == 'v');
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++) {
		if (!str_equal(argv[1], verbs[i].name))
			continue;
		err = read_arguments(&verbs[i], argv + 2, &options);
		return err < 0 ? print_help(&verbs[i], false) : err ? err : verbs[i].run(&options);
	}
	return usage_error(NULL, "unknown verb", argv[1]);
}

int main(int argc, char **argv, char **envp)
{
	if (cmd_is_init())
		cmd_init(command_line, envp);
	return command_line(argc, argv, envp);
}
