/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * object.h: what an eBPF object asks for, in the loader's words.
 *
 * object_open() turns bytes into *specs*: programs, maps, references between them, externs, types. It touches
 * no kernel and needs no privilege. Everything it makes lives in the caller's arena, as long as that does.
 *
 *	section in the file		becomes			by
 *	------------------------------------------------------------------------
 *	.text, kprobe/…, xdp, …		struct prog_spec	programs.c
 *	.maps				struct map_spec		maps.c, from BTF
 *	maps				struct map_spec		maps_legacy.c
 *	.rodata* .data* .bss* .kconfig	struct map_spec		data.c
 *	.rel<code>			struct reference	references.c
 *	undefined symbols		struct extern_spec	externs.c
 *	license, version		object.license, …	object.c
 *	.BTF, .BTF.ext			object.btf, btf_ext	btf.c, btf_ext.c
 */
#ifndef OBJECT_OBJECT_H
#define OBJECT_OBJECT_H

#include <linux/bpf.h>
#include "object/btf.h"
#include "object/btf_ext.h"
#include "object/elf.h"
#include "object/hooks.h"

#define SIZE_MAX_OBJECT (256u << 20) /* no larger file is read */

enum map_origin {
	MAP_FROM_BTF,     /* a variable in .maps, described by its type */
	MAP_FROM_STRUCT,  /* a struct bpf_map_def in `maps`, as before libbpf 1.0 */
	MAP_FROM_DATA,    /* a section of global variables */
	MAP_FROM_KCONFIG, /* the externs in .kconfig, which no section holds */
};

struct map_spec {
	const char *name; /* the variable's, or the section's */
	enum map_origin origin;
	u32 section;      /* where it stands in the file, 0 for .kconfig … */
	u64 offset, size; /* … and which bytes of that section are it */

	u32 type; /* BPF_MAP_TYPE_* */
	u32 key_size, value_size, max_entries;
	u32 map_flags;
	u32 numa_node;
	u64 map_extra;
	bool pin_by_name;
	u32 btf_key_type_id, btf_value_type_id; /* 0: unknown */

	/* MAP_FROM_DATA and MAP_FROM_KCONFIG: the first value, `value_size` bytes; may be changed before loading. */
	u8 *initial;
	bool read_only;   /* read-only to programs, and frozen once filled */
	bool has_globals; /* some variable is not static: user space may map it */
};

struct prog_spec {
	const char *name;         /* the function's symbol */
	const char *section_name; /* without the '?' */
	u32 section;
	u64 offset;             /* of its first instruction, in the section, in bytes */
	struct bpf_insn *insns; /* as the file has them; never changed, copied by the relocator */
	u32 insn_count;
	u32 symbol;
	bool is_subprogram; /* lives in .text: called by others, never loaded alone */
	bool is_hidden;     /* static, or hidden by visibility: not verified in isolation */
	bool autoload;      /* false for a '?' section */

	/* From the section's name. A program with hook NULL has a section name that says nothing. */
	const struct hook *hook;
	const char *target; /* what follows the '/', or NULL */
};

enum reference_kind {
	REFERENCE_MAP,      /* ld_imm64: the descriptor of map `map` */
	REFERENCE_DATA,     /* ld_imm64: address `offset` bytes into the value of map `map` */
	REFERENCE_CALL,     /* call: the function at `offset` in `section` */
	REFERENCE_FUNCTION, /* ld_imm64: the address of the function at `offset` in `section` */
	REFERENCE_EXTERN,   /* ld_imm64 or call: extern `external` */
};

/* One relocation against an instruction, its symbol looked up. */
struct reference {
	u64 insn_offset; /* of the instruction, in bytes, in the code section it belongs to */
	enum reference_kind kind;
	u32 symbol;
	u32 map;      /* index into object.maps */
	u32 external; /* index into object.externs */
	u32 section;
	u64 offset;
};

/* The references of one code section, in the order of their instructions. */
struct reference_list {
	struct reference *refs;
	u32 count;
};

enum extern_kind {
	EXTERN_KCONFIG, /* a variable in .kconfig, filled in by the loader */
	EXTERN_KSYM,    /* a kernel symbol's address */
	EXTERN_KFUNC,   /* a kernel function to call */
	EXTERN_UNKNOWN, /* no BTF says what it is */
};

struct extern_spec {
	const char *name;
	enum extern_kind kind;
	bool is_weak;
	u32 symbol;
	u32 btf_id;  /* of its VAR or FUNC, or 0 */
	u32 type_id; /* EXTERN_KCONFIG: the variable's type */
	u64 size;    /* EXTERN_KCONFIG: its size */
	u64 offset;  /* EXTERN_KCONFIG: in the map's value, chosen by us */
};

struct object {
	const char *path; /* as given */
	char name[16];    /* the file's name up to its first '.', as libbpf names things after it */
	struct elf elf;

	bool has_btf;
	struct btf btf;
	struct btf_ext btf_ext; /* empty without .BTF.ext */

	const char *license; /* "" if there is none */
	u32 version;         /* from `version`, or 0 */

	struct map_spec *maps;
	u32 map_count;
	struct prog_spec *progs; /* subprograms, too, by section and offset */
	u32 prog_count;
	struct reference_list *references; /* [section index] */
	struct extern_spec *externs;
	u32 extern_count;
};

/*
 * Reads `file` (which must outlive `object`). `path` is for messages. -EINVAL, -ENOEXEC, -ENOMEM, -ENOTSUP, with
 * a message that begins with the path.
 */
int object_open(struct arena *arena, struct error *error, const char *path, struct bytes file, struct object *object);

/* The program or subprogram that begins exactly there, or NULL. */
const struct prog_spec *object_prog_at(const struct object *object, u32 section, u64 offset);

/* The entry program of that name, or NULL. */
const struct prog_spec *object_find_prog(const struct object *object, const char *name);

/* The index of the map of that name, or -1. */
int object_find_map(const struct object *object, const char *name);

/* A global variable by name: the map it lives in, its place in the value, its type. False if there is none. */
struct variable {
	u32 map;
	u64 offset, size;
	u32 type_id; /* 0 without BTF */
};
bool object_find_variable(const struct object *object, const char *name, struct variable *variable);

#endif
