/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * unpack.c: the loader, gzipped, in an executable that unpacks itself. For boards where every kilobyte of flash counts and
 * nothing else compresses the image; it costs half a millisecond at start and the memory of what it unpacks.
 *
 *	file			memory
 *	+----------+		+----------+ 0x80000, this program: src/base, inflate, and the gzip file as data
 *	| unpack   |  mapped	| unpack   |
 *	| packed[] |  by exec	| packed[] | --inflate--> the loader's ELF file, whole, in scratch memory
 *	+----------+		+----------+		   |
 *				+----------+ 0x200000 …	   | each PT_LOAD copied to its own address, and only then made
 *				| loader   | <-------------+ executable: no page is ever both
 *				+----------+
 *
 * Then a jump to its entry with the stack as the kernel made it: arguments, environment and auxiliary vector are read
 * there, as after an exec.
 */
#include <linux/elf.h>
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

static struct image {
	const u8 *next; /* of the packed bytes */
	u8 *data;
	size_t size, filled;
} image;

static struct inflate stream;

static long read_packed(void *context, void *to, size_t size)
{
	size_t left = (size_t)(packed_end - image.next);

	(void)context;
	size = MIN(size, left);
	memcpy(to, image.next, size);
	image.next += size;
	return (long)size;
}

static int write_image(void *context, const void *data, size_t len)
{
	(void)context;
	if (!range_ok(image.filled, len, image.size))
		return -1;
	memcpy(image.data + image.filled, data, len);
	image.filled += len;
	return 0;
}

static void *map(unsigned long address, size_t size)
{
	return sys_mmap((void *)address, size, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | (address ? MAP_FIXED_NOREPLACE : 0), -1, 0);
}

/* One PT_LOAD: its pages, its bytes, its protection. False if they cannot be had. */
static bool place(const elf_segment *segment)
{
	unsigned long mask = sys_page_size() - 1, start = segment->p_vaddr & ~mask;
	size_t size = (segment->p_vaddr + segment->p_memsz - start + mask) & ~mask;
	u8 *at = map(start, size);
	int protection = (segment->p_flags & PF_R ? PROT_READ : 0) | (segment->p_flags & PF_W ? PROT_WRITE : 0) |
			 (segment->p_flags & PF_X ? PROT_EXEC : 0);

	if (sys_is_error(at) || !range_ok(segment->p_offset, segment->p_filesz, image.size))
		return false;
	memcpy(at + (segment->p_vaddr - start), image.data + segment->p_offset, segment->p_filesz);
	/* Where caches for data and instructions differ, the kernel brings them into line as a page becomes executable. */
	return !sys_mprotect(at, size, protection);
}

static bool unpack(unsigned long *entry)
{
	const elf_header *header;
	bool good = true;

	image.size = load_u32(packed_end - sizeof(u32)); /* RFC 1952: the last word is the size of it all */
	image.next = packed;
	image.data = map(0, image.size);
	stream.read = read_packed;
	stream.write = write_image;
	if (sys_is_error(image.data) || inflate_gzip(&stream))
		return false;
	header = (const elf_header *)image.data;
	for (u32 i = 0; good && i < header->e_phnum; i++) {
		const elf_segment *segment = (const elf_segment *)(image.data + header->e_phoff) + i;

		if (segment->p_type == PT_LOAD)
			good = place(segment);
	}
	*entry = header->e_entry;
	sys_munmap(image.data, image.size);
	return good;
}

int main(int argc, char **argv, char **envp);

int main(int argc, char **argv, char **envp)
{
	static const char message[] = "loader: it could not unpack itself (no memory?)\n";
	unsigned long entry;

	(void)argc;
	(void)envp;
	if (unpack(&entry))
		JUMP(argv - 1, entry); /* argc stands before argv[0], and there the kernel's stack pointer was */
	sys_write(2, message, sizeof(message) - 1);
	return 1;
}
