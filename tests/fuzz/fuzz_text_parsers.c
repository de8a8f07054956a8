/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_text_parsers.c: what is read from /proc, sysfs and the command line: lines of kallsyms, lists of CPUs, places of
 * probes, numbers; and text that is written: JSON.
 */
#include "attach/kprobe.h"
#include "base/memory.h"
#include "base/text.h"
#include "fuzz.h"
#include "kernel/cpus.h"
#include "kernel/kallsyms.h"

FUZZ_MAIN

static void parse_kallsyms(char *line)
{
	struct kallsym symbol;

	if (kallsyms_parse(line, &symbol)) {
		fuzz_string(symbol.name);
		fuzz_string(symbol.module);
		fuzz_sum += symbol.address + (u8)symbol.type;
	}
}

static void parse_cpus(struct arena *arena, struct error *error, const char *text)
{
	struct cpu_list list;

	if (!fuzz_ok(error, cpu_list_parse(arena, error, text, &list)))
		return;
	MUST(list.count);
	for (u32 i = 0; i < list.count; i++)
		MUST(list.cpus[i] <= 65535 && (!i || list.cpus[i - 1] < list.cpus[i]));
}

static void parse_numbers(const char *text)
{
	const char *at = text;
	u64 u;
	s64 s;

	if (parse_u64(&at, 0, &u))
		MUST(at > text);
	else
		MUST(at == text);
	fuzz_sum += parse_whole_u64(text, 16, &u) + parse_whole_s64(text, &s);
	MUST(str_distance(text, text, 3) == 0 || str_len(text) > 63);
}

/* Two characters, the quotes, at least; nothing that ends a line; and balanced to the last. */
static void write_json(const char *text, size_t len)
{
	char *buf = malloc(len * 6 + 3);
	struct text t = text_in(buf, len * 6 + 3);

	text_json(&t, text, len);
	MUST(!t.cut && t.len >= 2 && buf[0] == '"' && buf[t.len - 1] == '"');
	MUST(!byte_find(buf, t.len, '\n'));
	for (size_t i = 1; i + 1 < t.len; i++) {
		MUST(buf[i] != '"' && (u8)buf[i] >= 0x20);
		if (buf[i] == '\\')
			i += buf[i + 1] == 'u' ? 5 : 1;
		MUST(i + 1 < t.len);
	}
	free(buf);
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	char *line = arena_string(arena, (const char *)input.data, input.size);
	struct kprobe_target target;

	write_json((const char *)input.data, input.size);
	parse_numbers(line);
	parse_cpus(arena, error, line);
	if (fuzz_ok(error, kprobe_parse(error, line, false, &target)))
		MUST(str_len(target.function) && str_len(target.function) < sizeof(target.function));
	parse_kallsyms(line);
}
