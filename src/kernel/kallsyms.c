/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kallsyms.c: the kernel's functions by name. See kallsyms.h.
 */
#include <linux/errno.h>
#include "base/file.h"
#include "base/string.h"
#include "base/text.h"
#include "kernel/call.h"
#include "kernel/kallsyms.h"

/* arch/<machine>/include/asm/syscall_wrapper.h. 32-bit ARM has none, and its functions are plain sys_execve. */
#define PLAIN "sys_"
#if defined(__x86_64__)
#define WRAPPER "__x64_sys_"
#elif defined(__aarch64__)
#define WRAPPER "__arm64_sys_"
#elif defined(__riscv)
#define WRAPPER "__riscv_sys_"
#else
#define WRAPPER PLAIN
#endif

bool kallsyms_parse(char *line, struct kallsym *symbol)
{
	const char *p = line;
	char *name;
	const char *tab;

	if (!parse_u64(&p, 16, &symbol->address) || p[0] != ' ' || !p[1] || p[2] != ' ')
		return false;
	symbol->type = p[1];
	name = line + (p - line) + 3;
	tab = str_find(name, '\t');
	if (tab)
		name[tab - name] = '\0';
	symbol->module = tab ? tab + 1 : "";
	symbol->name = name;
	return *name != '\0';
}

bool kallsym_is_function(const struct kallsym *symbol)
{
	char type = symbol->type | 0x20;

	return type == 't' || type == 'w';
}

size_t kallsym_name_len(const struct kallsym *symbol)
{
	const char *dot = symbol->type == 'd' ? str_find(symbol->name, '.') : NULL;

	while (dot && !str_starts(dot, ".llvm."))
		dot = str_find(dot + 1, '.');
	return dot ? (size_t)(dot - symbol->name) : str_len(symbol->name);
}

struct each {
	int (*visit)(void *context, const struct kallsym *symbol);
	void *context;
};

static int visit_line(void *context, char *line)
{
	struct each *each = context;
	struct kallsym symbol;

	return kallsyms_parse(line, &symbol) ? each->visit(each->context, &symbol) : 0;
}

int kallsyms_each(int (*visit)(void *context, const struct kallsym *symbol), void *context)
{
	struct each each = {visit, context};

	return (int)kernel_report(file_each_line("/proc/kallsyms", visit_line, &each), "read(\"/proc/kallsyms\")");
}

struct counter {
	const char *name;
	long kernels, modules;
};

static int count_symbol(void *context, const struct kallsym *symbol)
{
	struct counter *counter = context;

	if (kallsym_is_function(symbol) && str_equal(symbol->name, counter->name))
		++*(*symbol->module ? &counter->modules : &counter->kernels);
	return 0;
}

long kallsyms_count(const char *name)
{
	struct counter counter = {.name = name};
	int err = kallsyms_each(count_symbol, &counter);

	return err ? err : counter.kernels ? counter.kernels : counter.modules;
}

bool syscall_function(u32 choice, const char *name, char *buf, size_t size)
{
	static const char *const prefixes[] = {WRAPPER, "__se_sys_", PLAIN};

	if (choice >= ARRAY_SIZE(prefixes))
		return false;
	str_printf(buf, size, "%s%s", prefixes[choice], name);
	return true;
}

#ifdef __riscv
static int find_symbol(void *context, const struct kallsym *symbol)
{
	return str_equal(symbol->name, context);
}

bool kernel_has_syscall_wrapper(void)
{
	static char name[] = WRAPPER "bpf";

	return kallsyms_each(find_symbol, name) == 1;
}
#else
bool kernel_has_syscall_wrapper(void)
{
	return !str_equal(WRAPPER, PLAIN);
}
#endif
