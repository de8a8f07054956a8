/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * carve.c: finds the eBPF objects in files of any kind.
 *
 *	carve DIRECTORY FILE...
 *
 * An object may be a file of its own, but most are part of another: `bpftool gen skeleton` and Go's embed put them into
 * an executable as they are. So every place where an ELF header begins is looked at, and what is an object is written
 * to DIRECTORY/1.o, 2.o, ... For each a line is printed: its number, the offset, and the file it was found in.
 *
 *	7f 'E' 'L' 'F' 02 01 01    64-bit, little-endian, version 1
 *	e_type     ET_REL
 *	e_machine  EM_BPF; or EM_NONE, which was there before: then there must be a section "license" or "maps", too
 *
 * ELF tells no length of the whole: it is where the last of the headers, the section headers and the sections ends.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef EM_BPF
#define EM_BPF 247
#endif

static const unsigned char magic[7] = {0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT};

static bool in_bounds(uint64_t offset, uint64_t length, uint64_t size)
{
	return offset <= size && length <= size - offset;
}

/* Whether a section has a name that only BPF objects have. `shdrs` and all sections are in bounds. */
static bool has_bpf_section(const unsigned char *image, const Elf64_Ehdr *ehdr, const Elf64_Shdr *names)
{
	for (unsigned i = 1; i < ehdr->e_shnum; i++) {
		const char *strings = (const char *)image + names->sh_offset, *name;
		Elf64_Shdr shdr;

		memcpy(&shdr, image + ehdr->e_shoff + i * sizeof(shdr), sizeof(shdr));
		if (shdr.sh_name >= names->sh_size)
			return false;
		name = strings + shdr.sh_name;
		if (!memchr(name, 0, names->sh_size - shdr.sh_name))
			return false;
		if (!strcmp(name, "license") || !strcmp(name, "maps") || !strcmp(name, ".maps"))
			return true;
	}
	return false;
}

/* The length of the object that begins at `image`, or 0 if none does. */
static uint64_t object_size(const unsigned char *image, uint64_t left)
{
	Elf64_Shdr shdr, names = {0};
	Elf64_Ehdr ehdr;
	uint64_t end;

	if (left < sizeof(ehdr))
		return 0;
	memcpy(&ehdr, image, sizeof(ehdr));
	if (ehdr.e_type != ET_REL || (ehdr.e_machine != EM_BPF && ehdr.e_machine != EM_NONE))
		return 0;
	if (ehdr.e_shentsize != sizeof(shdr) || !ehdr.e_shnum || ehdr.e_shstrndx >= ehdr.e_shnum ||
		!in_bounds(ehdr.e_shoff, (uint64_t)ehdr.e_shnum * sizeof(shdr), left))
		return 0;
	end = ehdr.e_shoff + (uint64_t)ehdr.e_shnum * sizeof(shdr);
	for (unsigned i = 1; i < ehdr.e_shnum; i++) {
		memcpy(&shdr, image + ehdr.e_shoff + i * sizeof(shdr), sizeof(shdr));
		if (shdr.sh_type == SHT_NOBITS)
			continue;
		if (!in_bounds(shdr.sh_offset, shdr.sh_size, left))
			return 0;
		if (end < shdr.sh_offset + shdr.sh_size)
			end = shdr.sh_offset + shdr.sh_size;
		if (i == ehdr.e_shstrndx)
			names = shdr;
	}
	return ehdr.e_machine == EM_BPF || has_bpf_section(image, &ehdr, &names) ? end : 0;
}

static void save(const char *directory, unsigned number, const unsigned char *image, uint64_t size)
{
	char path[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%u.o", directory, number);
	file = fopen(path, "wb");
	if (!file || fwrite(image, 1, size, file) != size || fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* Carves one file; objects are numbered on from `number`. Returns the last number given. */
static unsigned carve(const char *directory, const char *path, unsigned number)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW);
	const unsigned char *image, *at;
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size < (off_t)sizeof(Elf64_Ehdr)) {
		if (fd >= 0)
			close(fd);
		return number;
	}
	image = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	if (image == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	for (uint64_t offset = 0;;) {
		uint64_t left = (uint64_t)st.st_size - offset, size;

		at = memmem(image + offset, left, magic, sizeof(magic));
		if (!at)
			break;
		offset = (uint64_t)(at - image);
		size = object_size(at, (uint64_t)st.st_size - offset);
		if (size) {
			save(directory, ++number, at, size);
			printf("%u\t%llu\t%s\n", number, (unsigned long long)offset, path);
		}
		offset += size ? size : sizeof(magic);
	}
	munmap((void *)(uintptr_t)image, (size_t)st.st_size);
	return number;
}

int main(int argc, char **argv)
{
	unsigned number = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: carve DIRECTORY FILE...\n");
		return 2;
	}
	for (int i = 2; i < argc; i++)
		number = carve(argv[1], argv[i], number);
	return 0;
}
