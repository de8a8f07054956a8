/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
#include <linux/byteorder/little_endian.h>
