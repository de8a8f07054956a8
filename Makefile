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
	src/base/types.h src/base/syscall.h src/base/syscall_numbers.h src/base/sys.h src/base/sys.c src/base/memory.h \
	src/base/memory.c src/base/start.c src/base/arm_eabi.c src/base/string.h src/base/string.c src/base/text.h \
	src/base/text.c src/base/arena.h src/base/arena.c src/base/arena_copy.c src/base/error.h src/base/error.c \
	src/base/nearest.h src/base/nearest.c src/base/file.h src/base/file.c src/base/inflate.h src/base/inflate.c \
	src/base/sort.h src/base/sort.c \
	bpf_insn.h \
	src/object/check.h src/object/check.c src/object/names.h src/object/names.c src/object/elf.h src/object/elf.c \
	src/object/btf.h src/object/btf.c src/object/btf_view.h src/object/btf_source.c src/object/btf_view_parts.h \
	src/object/btf_view.c src/object/btf_names.h src/object/btf_names.c src/object/btf_find.c src/object/btf_ext.h \
	src/object/btf_ext.c src/object/kernel_names.h src/object/kernel_names.c src/object/hooks.h src/object/hooks.c \
	src/object/object.h src/object/parts.h src/object/object.c src/object/programs.c src/object/maps.c \
	src/object/maps_legacy.c src/object/data.c src/object/maps_struct_ops.c src/object/externs.c \
	src/object/references.c src/object/maps_slots.c src/object/relocations.c src/object/set.h src/object/set.c \
	src/object/btf_print.h src/object/btf_print.c src/object/disasm.h src/object/disasm.c \
	src/relocate/core.h src/relocate/core_parts.h src/relocate/core.c src/relocate/core_spec.c \
	src/relocate/core_match.c src/relocate/core_value.c src/relocate/core_patch.c src/relocate/arg_ctx.h \
	src/relocate/arg_ctx.c src/relocate/link.h src/relocate/link.c src/relocate/struct_ops.h \
	src/relocate/struct_ops.c src/relocate/wanted.h src/relocate/wanted.c src/relocate/btf_fix.h \
	src/relocate/btf_fix.c src/relocate/btf_cut.h src/relocate/btf_cut.c \
	src/kernel/call.h src/kernel/call.c src/kernel/bpf.h src/kernel/bpf.c src/kernel/perf.h src/kernel/perf.c \
	src/kernel/held.h src/kernel/held.c src/kernel/cpus.h src/kernel/cpus.c src/kernel/kallsyms.h \
	src/kernel/kallsyms.c src/kernel/hints.h src/kernel/hints.c src/kernel/tracefs.h src/kernel/tracefs.c \
	src/kernel/kernel_btf.h src/kernel/kernel_btf.c src/kernel/kconfig.h src/kernel/kconfig.c src/kernel/load.h \
	src/kernel/load_btf.c src/kernel/load_externs.c src/kernel/attach_target.h src/kernel/struct_ops.h \
	src/kernel/struct_ops.c src/kernel/pin.h src/kernel/pin.c src/kernel/load_maps.c src/kernel/attach_target.c \
	src/kernel/rejection.h src/kernel/rejection.c src/kernel/load_prog.c \
	src/attach/attach.h src/attach/owner.h src/attach/owner.c src/attach/kprobe.h src/attach/kprobe_explain.h \
	src/attach/kprobe.c src/attach/kprobe_explain.c src/attach/attach.c \
	src/events/perf_ring.h src/events/perf_ring.c src/events/value.h src/events/wide.h src/events/wide.c \
	src/events/value.c src/events/decode.h src/events/decode.c src/events/decode_json.c src/events/event_type.h \
	src/events/event_type.c src/events/output.h src/events/table.h src/events/columns.c src/events/table.c \
	src/events/output.c src/events/rings.h src/events/rings.c \
	src/cmd/cells.h src/cmd/cells.c src/cmd/cmd.h src/cmd/common.c src/cmd/words.h src/cmd/words.c \
	src/cmd/listing.h src/cmd/listing.c src/cmd/show.h src/cmd/show_sections.c src/cmd/show_maps.c \
	src/cmd/show_open.c src/cmd/show_types.c src/cmd/show.c src/cmd/btf_files.h src/cmd/btf_files.c \
	src/cmd/portability.c src/cmd/check.c src/cmd/child.h src/cmd/child.c src/cmd/run.c src/cmd/init.c \
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

# What the tests in virtual machines bring along: eBPF objects, and small tools built as by-hand is.
VM_TOOLS := $(patsubst tests/vm/%.c,$(BUILD)/tests/%,$(wildcard tests/vm/*.c))
VM_PROGS := $(patsubst %.c,$(BUILD)/tests/%.o,$(notdir $(wildcard tests/vm/progs/*.bpf.c)) old_maps.bpf.c)
vm-tests: all $(VM_TOOLS) $(VM_PROGS)

$(VM_TOOLS): $(BUILD)/tests/%: $(BUILD)/tests/vm/%.o $(filter $(BUILD)/src/base/%,$(OBJECTS))
	@$(CLANG) $(LDFLAGS) -s $^ -o $@
# The newest clang there is: it writes kinds of BTF that an older one does not.
$(BUILD)/tests/newer.bpf.o: CLANG := $(firstword $(foreach v,19 16,$(shell command -v clang-$(v))) $(CLANG))
vpath %.bpf.c tests/vm/progs tests/unit/fixtures
$(BUILD)/tests/%.bpf.o: %.bpf.c Makefile
	@mkdir -p $(@D) && $(CLANG) $(BPFFLAGS) -Wno-unused-parameter -MMD -MP -c $< -o $@

# Against libbpf, on objects that others made: see tests/corpus/Makefile. The spies are the loader, one call watched.
corpus xlated bench-load bench-corpus: all $(BUILD)/tests/own_dump $(BUILD)/tests/own_time $(BUILD)/tests/xlated_diff
	@$(MAKE) -s -f tests/corpus/Makefile $@
$(BUILD)/tests/own_dump: LDFLAGS += -Wl,--wrap=load_program
$(BUILD)/tests/own_time: LDFLAGS += -Wl,--wrap=sys_bpf
$(BUILD)/tests/own_dump $(BUILD)/tests/own_time: $(BUILD)/tests/%: $(BUILD)/tests/corpus/%.o $(OBJECTS)
	@$(CLANG) $(LDFLAGS) -s $^ -o $@
$(BUILD)/tests/xlated_diff: $(BUILD)/tests/corpus/xlated_diff.o \
		$(filter $(BUILD)/src/base/% %/disasm.o %/kernel_names.o,$(OBJECTS))
	@$(CLANG) $(LDFLAGS) -s $^ -o $@

toc:
	@for f in $(FILES); do printf '%5d  %s: %s\n' $$(wc -l <$$f) $$f "$$(sed -n '3s/^ \* [^ ]*: //p' $$f)"; done

toc-files:
	@echo $(FILES)

check: all
	@./scripts/test

unit unit-valgrind fuzz fuzz-quick:
	@$(MAKE) -s -f tests/Makefile $@

# What goes wrong once in a hundred times: accounting and killed runs, ROUNDS (10) times on every kernel.
soak: all
	@for round in $$(seq $${ROUNDS:-10}); do tests/vm/suite --only accounting --only kill || exit 1; done

# Every CO-RE record of every object of the corpus, resolved by libbpf and by us, against the types of five kernels.
core-diff: all
	@./scripts/core-diff

tidy:
	@printf '%s\n' $(SOURCES) | xargs -n 4 -P 2 sh -c 'clang-tidy --quiet "$$@" -- $(subst ','\'',$(CFLAGS))' tidy

install: all
	install -D -m 755 $(BUILD)/loader $(DESTDIR)$(PREFIX)/bin/loader

clean:
	rm -rf build loader

.PHONY: all packed vm-tests toc toc-files check unit unit-valgrind fuzz fuzz-quick soak corpus xlated bench-load \
	bench-corpus core-diff tidy install clean
-include $(OBJECTS:.o=.d) $(PROGS:.o=.d) $(VM_PROGS:.o=.d) $(wildcard $(BUILD)/tests/*/*.d)
