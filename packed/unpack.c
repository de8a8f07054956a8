/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * unpack.c: the loader, gzipped, in an executable that unpacks itself. For boards where every kilobyte of flash counts
 * and nothing else compresses the image; it costs 0.7 ms at start (x86_64, 3 GHz) and the memory of what it unpacks.
 *
 *	file			memory
 *	+----------+		+----------+ 0x4000000, this program: src/base, inflate, and the gzip file as data
 *	| unpack   |  mapped	| unpack   |
 *	| packed[] |  by exec	| packed[] | --inflate--> the loader's ELF file, whole, in scratch memory
 *	+----------+		+----------+		   |
 *				+----------+ 0x200000 …	   | each PT_LOAD copied to its own address, and only then made
 *				| loader   | <-------------+ executable: no page is ever both
 *				+----------+
 *
 * It stands far above the loader, which on armhf and riscv64 begins at 0x10000 and takes what its .bss needs.
 *
 * Then a jump to its entry with the stack as the kernel made it: arguments, environment and auxiliary vector are read
 * there, as after an exec.
 */
#include <linux/elf.h>
#include <linux/errno.h>
#include "base/inflate.h"
#include "base/memory.h"
#include "base/string.h"
#include "base/sys.h"

#if __SIZEOF_POINTER__ == 8
typedef Elf64_Ehdr elf_header;
typedef Elf64_Phdr elf_segment;
#else
typedef Elf32_Ehdr elf_header;
typedef Elf32_Phdr elf_segment;
#endif

/* The gzip file, as the Makefile places it. */
__asm__(".section .rodata.packed, \"a\"\n.globl packed, packed_end\n"
	"packed:\n.incbin \"" PACKED "\"\npacked_end:\n.previous\n");
extern const u8 packed[], packed_end[];

#if defined(__x86_64__)
#define JUMP(stack, entry) __asm__ volatile("mov %0, %%rsp\n jmp *%1" ::"r"(stack), "r"(entry), "d"(0))
#elif defined(__aarch64__)
#define JUMP(stack, entry) __asm__ volatile("mov sp, %0\n br %1" ::"r"(stack), "r"(entry))
#elif defined(__arm__)
#define JUMP(stack, entry) __asm__ volatile("mov sp, %0\n bx %1" ::"r"(stack), "r"(entry))
#elif defined(__riscv)
#define JUMP(stack, entry) __asm__ volatile("mv sp, %0\n jr %1" ::"r"(stack), "r"(entry))
#endif

static struct inflate stream;

/* All there is, and then nothing. */
static long read_packed(void *context, const u8 **from)
{
	long size = *from ? 0 : packed_end - packed;

	(void)context;
	*from = packed;
	return size;
}

/* It is in its place: the window. */
static int write_image(void *context, const void *data, size_t len)
{
	(void)context, (void)data, (void)len;
	return 0;
}

/* With its pages if all of them are about to be written (MAP_POPULATE): one fault each would take longer. */
static void *map(unsigned long address, size_t size, int flags)
{
	return sys_mmap((void *)address, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);
}

static const char no_memory[] = "not enough memory, or its addresses are taken";

/* One PT_LOAD: its pages, its bytes, its protection. NULL, or why that cannot be had. */
static const char *place(const elf_segment *segment)
{
	unsigned long mask = sys_page_size() - 1, start = segment->p_vaddr & ~mask;
	size_t size = (segment->p_vaddr + segment->p_memsz - start + mask) & ~mask;
	u8 *at = map(start, size, MAP_FIXED_NOREPLACE | (segment->p_flags & PF_W ? 0 : MAP_POPULATE));
	int protection = (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0) |
			 (segment->p_flags & PF_X ? PROT_EXEC : 0);

	if (sys_is_error(at))
		return no_memory;
	memcpy(at + (segment->p_vaddr - start), stream.window + segment->p_offset, segment->p_filesz);
	/* Where caches for data and instructions differ, the kernel brings them into line as a page may be executed. */
	switch (sys_mprotect(at, size, protection)) {
	case 0:
		return NULL;
	case -EACCES: /* mm/mprotect.c:do_mprotect_pkey(): map_deny_write_exec(), security_file_mprotect() */
	case -EPERM:  /* of a seccomp filter */
		return "it may not make memory executable here (PR_SET_MDWE, SELinux, seccomp); one that is not packed "
		       "need not";
	default:
		return no_memory;
	}
}

/* NULL, or why it cannot be. */
static const char *unpack(unsigned long *entry)
{
	const elf_header *header;
	const char *why = NULL;

	/* RFC 1952: the last word is the size of it all. */
	stream.window_size = load_u32(packed_end - sizeof(u32)) + INFLATE_SLACK;
	stream.window = map(0, stream.window_size, MAP_POPULATE);
	stream.read = read_packed;
	stream.write = write_image;
	if (sys_is_error(stream.window))
		return no_memory;
	if (inflate_gzip(&stream))
		return "its file is damaged";
	header = (const elf_header *)stream.window;
	for (u32 i = 0; !why && i < header->e_phnum; i++) {
		const elf_segment *segment = (const elf_segment *)(stream.window + header->e_phoff) + i;

		if (segment->p_type == PT_LOAD)
			why = place(segment);
	}
	*entry = header->e_entry;
	sys_munmap(stream.window, stream.window_size);
	return why;
}

int main(int argc, char **argv, char **envp);

int main(int argc, char **argv, char **envp)
{
	const char *message[] = {"loader: it cannot unpack itself: ", NULL, "\n"};
	unsigned long entry;

	(void)argc;
	(void)envp;
	message[1] = unpack(&entry);
	if (!message[1])
		JUMP(argv - 1, entry); /* argc stands before argv[0], and there the kernel's stack pointer was */
	for (u32 i = 0; i < 3; i++)
		sys_write(2, message[i], str_len(message[i]));
	return 1;
}
