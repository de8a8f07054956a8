/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * fuzz_decode.c: events of any bytes, by types of any kind. The input is a .BTF section and behind it an event; where
 * the one ends its own header says.
 */
#include "base/memory.h"
#include "base/text.h"
#include "events/decode.h"
#include "fuzz.h"

FUZZ_MAIN

#define TYPES_MAX 200 /* tried per input */

static void decode(struct arena *arena, struct error *error, const struct btf *btf, u32 id, struct bytes event)
{
	static char buf[1 << 16];
	struct text t = text_in(buf, sizeof(buf));
	struct decode_plan plan;

	if (!fuzz_ok(error, decode_plan_make(arena, error, btf, id, &plan)))
		return;
	MUST(plan.count && plan.count <= DECODE_STEPS_MAX && plan.size <= DECODE_SIZE_MAX);
	fuzz_string(plan.name);
	decode_json(&plan, &t, event.data, (u32)event.size);
}

void fuzz(struct arena *arena, struct error *error, struct bytes input)
{
	struct btf_header header;
	struct btf btf;
	u8 *event;
	u64 end;

	if (input.size < sizeof(header))
		return;
	memcpy(&header, input.data, sizeof(header));
	end = (u64)header.hdr_len + header.str_off + header.str_len;
	if (end > input.size || !fuzz_ok(error, btf_open(arena, error, (struct bytes){input.data, end}, &btf)))
		return;
	/* Events are aligned to 4, and end where they end. */
	event = malloc(input.size - end);
	memcpy(event, input.data + end, input.size - end);
	for (u32 id = 0; id < btf.type_count && id < TYPES_MAX; id++)
		decode(arena, error, &btf, id, (struct bytes){event, input.size - end});
	free(event);
}
