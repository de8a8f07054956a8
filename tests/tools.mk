# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# What tests need that is built as the loader is, without a C library, and the tests that take long. A part of
# ../Makefile.

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

# What goes wrong once in a hundred times: accounting and killed runs, ROUNDS (10) times on every kernel.
soak: all
	@for round in $$(seq $${ROUNDS:-10}); do tests/vm/suite --only accounting --only kill || exit 1; done

# Every CO-RE record of every object of the corpus, resolved by libbpf and by us, against the types of five kernels.
core-diff: all
	@./scripts/core-diff

.PHONY: vm-tests corpus xlated bench-load bench-corpus soak core-diff
