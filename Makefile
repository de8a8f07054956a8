# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make                the loader for this machine, and the eBPF objects in progs/
# make ARCH=arm64     the same for x86_64, arm64, armhf or riscv64, into build/ARCH/
# make check          all tests        make toc      all files in reading order
# make install        into $(DESTDIR)$(PREFIX)/bin
#
# clang, lld and linux-libc-dev are all it takes; nothing of the C library is used.

HOST    := $(patsubst aarch64,arm64,$(patsubst armv7l,armhf,$(shell uname -m)))
ARCH    ?= $(HOST)
CLANG   ?= clang
BUILD   := build/$(ARCH)
PREFIX  ?= /usr/local
VERSION := 0.1.0

TARGET_x86_64  := x86_64-linux-gnu -mstack-protector-guard=global -mno-sse -mskip-rax-setup
TARGET_arm64   := aarch64-linux-gnu
TARGET_armhf   := armv7a-linux-gnueabihf -mthumb
TARGET_riscv64 := riscv64-linux-gnu -march=rv64gc -mno-relax
BPF_x86_64 := x86
BPF_arm64  := arm64
BPF_armhf  := arm
BPF_riscv64 := riscv

# Reading order: each file uses only what stands before it.
FILES := \
	$(addprefix src/base/, \
		types.h syscall.h syscall_numbers.h sys.h sys.c memory.h memory.c start.c arm_eabi.c string.h string.c \
		text.h text.c arena.h arena.c arena_copy.c error.h error.c nearest.h nearest.c file.h file.c inflate.h \
		inflate.c sort.h sort.c) \
	bpf_insn.h \
	$(addprefix src/object/, \
		check.h check.c names.h names.c elf.h elf.c btf.h btf.c btf_view.h btf_source.c btf_view_parts.h \
		btf_view.c btf_names.h btf_names.c btf_find.c btf_ext.h btf_ext.c kernel_names.h kernel_names.c \
		hooks.h hooks.c object.h parts.h object.c programs.c maps.c maps_legacy.c data.c maps_struct_ops.c \
		externs.c references.c maps_slots.c relocations.c set.h set.c btf_print.h btf_print.c disasm.h \
		disasm.c) \
	$(addprefix src/relocate/, \
		core.h core_parts.h core.c core_spec.c core_match.c core_value.c core_patch.c arg_ctx.h arg_ctx.c \
		link.h link.c struct_ops.h struct_ops.c wanted.h wanted.c btf_fix.h btf_fix.c btf_cut.h btf_cut.c) \
	$(addprefix src/kernel/, \
		call.h call.c bpf.h bpf.c perf.h perf.c held.h held.c cpus.h cpus.c kallsyms.h kallsyms.c hints.h \
		hints.c tracefs.h tracefs.c kernel_btf.h kernel_btf.c kconfig.h kconfig.c load.h load_btf.c \
		load_externs.c attach_target.h struct_ops.h struct_ops.c pin.h pin.c load_maps.c attach_target.c \
		rejection.h rejection.c load_prog.c) \
	$(addprefix src/attach/, \
		attach.h owner.h owner.c kprobe.h kprobe_explain.h kprobe.c kprobe_explain.c attach.c) \
	$(addprefix src/events/, \
		perf_ring.h perf_ring.c value.h wide.h wide.c value.c decode.h decode.c decode_json.c event_type.h \
		event_type.c output.h table.h columns.c table.c output.c rings.h rings.c) \
	$(addprefix src/cmd/, \
		cells.h cells.c cmd.h common.c words.h words.c listing.h listing.c show.h show_sections.c show_maps.c \
		show_open.c show_types.c show.c btf_files.h btf_files.c portability.c check.c child.h child.c run.c \
		init.c) \
	loader.c
SOURCES := $(filter %.c,$(FILES))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
PROGS   := $(patsubst %.bpf.c,$(BUILD)/progs/%.bpf.o,$(notdir $(wildcard progs/*/*.bpf.c)))

RESOURCES := $(shell $(CLANG) -print-resource-dir)
UAPI     := -Isrc/base/uapi -isystem /usr/include
WARNINGS := -Wall -Wextra -Werror -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wimplicit-fallthrough \
	-Wcast-qual -Wwrite-strings -Wundef
CFLAGS    = --target=$(TARGET_$(ARCH)) -std=gnu11 $(OPTIMIZE) -g -ffreestanding -nostdinc \
	-isystem $(RESOURCES)/include -Isrc -I. $(UAPI) $(WARNINGS) -DVERSION='"$(VERSION)"' \
	-fstack-protector -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -fno-pic -fno-common
LDFLAGS  := --target=$(firstword $(TARGET_$(ARCH))) -fuse-ld=lld -nostdlib -static \
	-Wl,-O2,--gc-sections,--icf=all,--build-id=none,-z,noexecstack,-z,norelro,--fatal-warnings
BPFFLAGS := --target=bpf -mcpu=v2 -O2 -g -Wall -Wextra -Werror -D__TARGET_ARCH_$(BPF_$(ARCH)) -Iprogs/include $(UAPI)

# Small, but for what every event passes through. Without jump tables, without values that loops keep in registers only
# to save them elsewhere, without loads copied onto other paths and blocks moved about for speed, it is 3 KB smaller.
OPTIMIZE := -Oz -fno-jump-tables $(addprefix -mllvm -,disable-machine-licm disable-lsr enable-pre=false \
	enable-load-pre=false disable-block-placement)
HOT := $(patsubst %,$(BUILD)/src/%.o,base/memory $(addprefix events/,perf_ring value decode_json table output))
$(HOT): OPTIMIZE := -Os

MAKEFLAGS += -j$(shell nproc) --no-builtin-rules

all: $(BUILD)/loader $(BUILD)/progs/by-hand $(PROGS) $(if $(filter $(HOST),$(ARCH)),loader)

loader: $(BUILD)/loader
	@cp $< $@

$(BUILD)/loader: $(OBJECTS)
	@$(CLANG) $(LDFLAGS) $(OBJECTS) -o $@.debug && $(CLANG) $(LDFLAGS) -s $(OBJECTS) -o $@

$(BUILD)/progs/by-hand: $(BUILD)/progs/00-by-hand/by_hand.o $(filter $(BUILD)/src/base/%,$(OBJECTS))
	@mkdir -p $(@D) && $(CLANG) $(LDFLAGS) -s $^ -o $@

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D) && $(CLANG) $(CFLAGS) -MMD -MP -c $< -o $@

# The same for small boards, in an executable that unpacks itself (packed/unpack.c); with zopfli it is 3 KB smaller.
packed: $(BUILD)/loader-packed
$(BUILD)/loader.gz: $(BUILD)/loader
	@if command -v zopfli >/dev/null; then zopfli -c $<; else gzip -9nc $<; fi >$@
$(BUILD)/packed/unpack.o: $(BUILD)/loader.gz
$(BUILD)/packed/unpack.o: CFLAGS += -DPACKED='"$(BUILD)/loader.gz"'
$(BUILD)/loader-packed: $(BUILD)/packed/unpack.o $(filter $(BUILD)/src/base/%,$(OBJECTS))
	@$(CLANG) $(LDFLAGS) -Wl,--image-base=0x4000000 -s $^ -o $@

define bpf_rule
$(BUILD)/progs/$(notdir $(1:.c=.o)): $(1) Makefile
	@mkdir -p $$(@D) && $$(CLANG) $$(BPFFLAGS) -MMD -MP -c $$< -o $$@
endef
$(foreach source,$(wildcard progs/*/*.bpf.c),$(eval $(call bpf_rule,$(source))))

-include tests/tools.mk

toc:
	@for f in $(FILES); do printf '%5d  %s: %s\n' $$(wc -l <$$f) $$f "$$(sed -n '3s/^ \* [^ ]*: //p' $$f)"; done

toc-files:
	@echo $(FILES)

check: all
	@./scripts/test

unit unit-valgrind fuzz fuzz-quick:
	@$(MAKE) -s -f tests/Makefile $@

tidy:
	@printf '%s\n' $(SOURCES) | xargs -n 4 -P 2 sh -c 'clang-tidy --quiet "$$@" -- $(subst ','\'',$(CFLAGS))' tidy

install: all
	install -D -m 755 $(BUILD)/loader $(DESTDIR)$(PREFIX)/bin/loader

clean:
	rm -rf build loader

.PHONY: all packed toc toc-files check unit unit-valgrind fuzz fuzz-quick tidy install clean
-include $(wildcard $(addprefix $(BUILD)/,*.d */*.d */*/*.d))
