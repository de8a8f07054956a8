# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# shellcheck shell=bash
#
# What the scripts here share: how they fail, where they keep what they fetched, and the one table of the
# architectures that the virtual machines come in. Sourced, never run.

# The top of the source tree, and the cache, which every work tree of a user shares. All of the cache can be
# deleted at any time; `format` is raised when what is kept in it changes, so that an old one is not misread.
# shellcheck disable=SC2034  # used by those who source this
{
    top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
    format=1
    cache=$(realpath -m "${LOADER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/loader}/$format")
}

# note TEXT..., fail TEXT...: say it on stderr, under the script's own name; `fail` ends the script as well,
# with status $fail_status (1 unless the script has set another).
note() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }
fail() { note "$*"; exit "${fail_status:-1}"; }

# value OPTION ARGUMENTS-LEFT: refuse an option that stands last on the command line without its value.
value() { [ "$2" -ge 2 ] || usage "$1 needs a value"; }

# usage [COMPLAINT]: print the calling script's own opening comment, from its "Usage:" on, as its help.
usage() {
    if [ $# -gt 0 ]; then
        note "$*"
        exec >&2
    fi
    sed -n '/^# Usage:/,/^$/s/^# \{0,1\}//p' "$0"
    exit $(( $# > 0 ? 2 : 0 ))
}

# architecture NAME: the table. Sets
#
#   debian_arch     Debian's name for it
#   flavours        Debian's builds of the kernel for it, the one we like best first: `cloud` kernels carry the same
#                   BPF as others, but few drivers, so they are small
#   default_kernel  the version that is used unless another is asked for
#   qemu            the command that runs such a machine. QEMU 7.2 needs some care, lest kernels crash in it now and
#                   then that do not crash elsewhere:
#                   thread=single: with a thread for each processor, code that the kernel modifies under way (jump
#                   labels, probes) is not always seen as it is by the others. With it 32-bit arm hangs, though.
#                   -cx16: the instruction cmpxchg16b leaves arbitrary flags behind, and an interrupt right after it
#                   makes those the real ones
#                   And -erms, -fsrm: told that `rep movsb` is fast, kernels copy by it; QEMU moves one byte at a time
#                   by it, and a read of 4 KiB takes four times as long as by what they do otherwise
#   kernel_args     what the kernel must be told to run well under emulation, on a busy machine in particular:
#                   no_timer_check: that the timer's interrupts were late does not mean that it is broken;
#                   no4lvl: probing for page tables of 4 and 5 levels now and then hangs under QEMU 7.2
#   uart            the kernel's name for its serial port
#   virtio_serial   QEMU's name for the device that holds virtio serial ports: on the PCI bus or, where the machine
#                   has such a thing, on a bus of virtio's own, which needs less of the kernel. ioeventfd=off: what the
#                   machine writes to a port is out before its next instruction.
architecture() {
    # shellcheck disable=SC2034  # used by those who source this
    case $1 in
    x86_64)
        debian_arch=amd64 flavours='cloud-amd64 amd64' default_kernel=6.1
        qemu='qemu-system-x86_64 -M pc -accel tcg,thread=single -cpu max,-cx16,-erms,-fsrm'
        uart=ttyS0 kernel_args=no_timer_check ;;
    arm64)
        debian_arch=arm64 flavours='cloud-arm64 arm64' default_kernel=6.1
        qemu='qemu-system-aarch64 -M virt -accel tcg,thread=single -cpu cortex-a57' uart=ttyAMA0 kernel_args='' ;;
    armhf)
        debian_arch=armhf flavours=armmp default_kernel=6.1
        qemu='qemu-system-arm -M virt -accel tcg -cpu cortex-a15' uart=ttyAMA0 kernel_args='' ;;
    riscv64)
        debian_arch=riscv64 flavours=riscv64 default_kernel=6.12
        qemu='qemu-system-riscv64 -M virt -accel tcg,thread=single' uart=ttyS0 kernel_args=no4lvl ;;
    *)
        usage "unknown architecture '$1' (x86_64, arm64, armhf or riscv64)" ;;
    esac
    # shellcheck disable=SC2034
    if [ "$1" = x86_64 ]; then
        virtio_serial='virtio-serial-pci,ioeventfd=off'
    else
        qemu+=' -global virtio-mmio.ioeventfd=off'
        virtio_serial='virtio-serial-device'
    fi
}
