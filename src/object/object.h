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
 *	maps, maps/…			struct map_spec		maps_legacy.c
 *	.struct_ops, ?.struct_ops, …	struct map_spec		maps_struct_ops.c, from BTF
 *	.rel.maps, .rel.struct_ops	struct map_slot		relocations.c, maps_slots.c
 *	.rodata* .data* .bss* .kconfig	struct map_spec		data.c
 *	.rel<code>			struct reference	relocations.c, references.c
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

/* Younger than the headers this may be built with (include/uapi/linux/bpf.h: enum bpf_map_type). */
#define MAP_TYPE_ARENA 33

enum map_origin {
	MAP_FROM_BTF,     /* a variable in .maps, described by its type */
	MAP_FROM_STRUCT,  /* a struct bpf_map_def in `maps`, as before libbpf 1.0 */
	MAP_FROM_DATA,    /* a section of global variables */
	MAP_FROM_KCONFIG, /* the externs in .kconfig, which no section holds */
	MAP_FROM_OPS,     /* a variable in .struct_ops: functions for the kernel to call */
	MAP_INNER,        /* the model of what a map of maps holds; it is no map itself */
};

/* A value that the file gives to one place of a map. */
struct map_slot {
	const char *name; /* of the map or program */
	u32 at;           /* the key; MAP_FROM_OPS: which member of the struct */
	u32 index;        /* in object.maps for a map of maps, else in object.progs */
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
	bool autocreate;                        /* false for MAP_INNER and for a '?' section */
	u32 btf_key_type_id, btf_value_type_id; /* 0: unknown; MAP_FROM_OPS: key 0, value the struct */

	const struct map_spec *inner; /* a map of maps: what those are like; NULL: not said */
	struct map_slot *slots;
	u32 slot_count;
	u32 slots_offset; /* where the slots begin in the variable's bytes; 0: it has none */
	u32 data_section; /* an arena: the section with the first value of its variables, or 0 */

	/* MAP_FROM_DATA and MAP_FROM_KCONFIG: the first value, `value_size` bytes; may be changed before loading. */
	u8 *initial;
	bool read_only;   /* read-only to programs, and frozen once filled */
	bool has_globals; /* some variable is not static or hidden: user space may map it */
};

static inline bool map_holds_maps(const struct map_spec *map)
{
	return map->type == BPF_MAP_TYPE_ARRAY_OF_MAPS || map->type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

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

	/* A subprogram that nobody calls but bpf_throw(); the kernel finds it by name, in the image. Or NULL. */
	const struct prog_spec *exception_callback;

	/* From the section's name. A program with hook NULL has a section name that says nothing. */
	const struct hook *hook;
	const char *target; /* what follows the '/', or NULL */
	u32 flags;          /* of BPF_PROG_LOAD */
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
	u32 btf_id;  /* of its VAR or FUNC, or 0 */
	u32 type_id; /* the variable's type, or the function's prototype */
	/* EXTERN_KCONFIG: what its type can hold, its size, and where in the map's value we put it. */
	enum kconfig_type {
		KCONFIG_NONE,
		KCONFIG_BOOL,
		KCONFIG_CHAR,
		KCONFIG_NUMBER,
		KCONFIG_STRING,
		KCONFIG_TRISTATE, /* enum libbpf_tristate: 0 no, 1 yes, 2 module */
	} kconfig_type;
	bool is_signed;
	u64 size, offset;
};

/* A function's types once more, for programs of one type (relocate/arg_ctx.h). */
struct arg_ctx_copy {
	u32 func_id, prog_type, copy_id;
};

struct object {
	const char *path; /* as given */
	u32 size;         /* of the file, in bytes */
	char name[16];    /* the file's name up to its first '.', as libbpf names things after it */
	struct elf elf;
	/* The symbols of data, `of` their section, or of that + section_count if they are local. Empty without BTF. */
	struct names variables;

	bool has_btf;
	const char *btf_problem; /* why broken BTF, which nothing needs, counts as none; or NULL */
	struct btf btf;
	u32 *datasecs; /* [section]: the DATASEC of its name, or 0; of several sections of a name the first has it */
	struct btf_ext btf_ext; /* empty without .BTF.ext */
	struct arg_ctx_copy *arg_ctx;
	u32 arg_ctx_count;

	const char *license; /* "" if there is none */
	u32 version;         /* from `version`, or 0 */

	struct map_spec *maps;
	u32 map_count;
	u32 kconfig_map;         /* the index of .kconfig, if there is any EXTERN_KCONFIG */
	struct prog_spec *progs; /* subprograms, too, by section and offset */
	u32 prog_count;
	struct reference_list *references; /* [section index] */
	struct extern_spec *externs;       /* by name */
	u32 extern_count;
};

/*
 * Reads `file` (which must outlive `object`). `path` is for messages. -EINVAL, -ENOEXEC, -ENOMEM, -ENOTSUP, with
 * a message that begins with the path.
 */
int object_open(struct arena *arena, struct error *error, const char *path, struct bytes file, struct object *object);

/* The program or subprogram that begins exactly there, or NULL. */
const struct prog_spec *object_prog_at(const struct object *object, u32 section, u64 offset);

/* The program or subprogram whose instructions lie around that place, or NULL. */
const struct prog_spec *object_prog_around(const struct object *object, u32 section, u64 offset);

/* The entry program of that name, or NULL. */
const struct prog_spec *object_find_prog(const struct object *object, const char *name);

/* The records of one function in a table of .BTF.ext; none if next == end. */
struct record_run {
	const struct btf_ext_block *block;
	u32 next, end;
};
struct record_run object_records(const struct btf_ext_table *table, const struct prog_spec *prog);

/* The index of the map of that name, or -1. */
int object_find_map(const struct object *object, const char *name);

/* The index of the extern of that name, which ends after `len` characters or with a NUL; or -1. */
int object_find_extern(const struct object *object, const char *name, size_t len);

/* The symbol of that name among object->variables, in what they are `of`; or NULL. */
const struct elf_symbol *object_find_symbol(const struct object *object, u32 of, const char *name);

/* A global variable by name: the map it lives in, its place in the value, its type. False if there is none. */
struct variable {
	u32 map;
	u64 offset, size;
	u32 type_id; /* 0 without BTF */
};
bool object_find_variable(const struct object *object, const char *name, struct variable *variable);

#endif
