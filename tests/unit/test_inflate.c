/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * test_inflate.c: what gzip packs comes out as it was, whatever it is and however it comes in; what is broken is
 * told apart from what is not.
 */
#include <unistd.h>
#include "unit.h"
#include "base/inflate.h"

/* A pipe of two files in memory. */
struct pipe {
	const u8 *in;
	size_t in_len, piece; /* bytes a read gives at most; 0: any number */
	u8 *out;
	size_t out_len, out_size;
	int read_error, write_result;
	size_t window_size; /* 0: the smallest there may be */
	u32 writes;
	u8 *copy;
};

/* Each piece stands in memory of its own, which is gone with the next. */
static long pipe_read(void *context, const u8 **from)
{
	struct pipe *p = context;
	size_t n = p->in_len;

	if (p->piece && p->piece < n)
		n = p->piece;
	free(p->copy);
	*from = p->copy = exact_copy(p->in, n);
	if (!n && p->read_error)
		return p->read_error;
	p->in += n;
	p->in_len -= n;
	return (long)n;
}

static int pipe_write(void *context, const void *data, size_t len)
{
	struct pipe *p = context;

	if (p->write_result)
		return p->write_result;
	assert_true(len <= p->out_size - p->out_len);
	memcpy(p->out + p->out_len, data, len);
	p->out_len += len;
	p->writes++;
	return 0;
}

static int unpack(struct pipe *p)
{
	static struct inflate stream;
	int result;

	memset(&stream, 0x55, sizeof(stream));
	stream.read = pipe_read;
	stream.write = pipe_write;
	stream.context = p;
	stream.window_size = p->window_size ? p->window_size : INFLATE_WINDOW;
	stream.window = malloc(stream.window_size);
	memset(stream.window, 0x55, stream.window_size);
	result = inflate_gzip(&stream);
	free(stream.window);
	free(p->copy);
	p->copy = NULL;
	return result;
}

static char path[] = "/tmp/unit-inflate-XXXXXX";

/* `data` as `gzip OPTIONS` packs it. */
static struct bytes pack(const u8 *data, size_t len, const char *options)
{
	struct bytes packed = {0};
	char command[200], out[64];
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, len, file), len);
	fclose(file);
	sprintf(out, "%s.gz", path);
	sprintf(command, "gzip -kf %s %s", options, path);
	if (system(command))
		fail_msg("\"%s\" failed", command);
	packed = read_whole(out);
	unlink(out);
	return packed;
}

static void assert_unpacks(struct bytes packed, const u8 *data, size_t len, size_t piece, size_t window_size)
{
	struct pipe p = {.in = packed.data, .in_len = packed.size, .piece = piece, .out_size = len};

	p.out = malloc(len + 1);
	p.window_size = window_size;
	assert_int_equal(unpack(&p), 0);
	assert_int_equal(p.out_len, len);
	assert_memory_equal(p.out, data, len);
	if (window_size >= len + INFLATE_SLACK)
		assert_int_equal(p.writes, len > 0);
	free(p.out);
}

/*
 * Data of several natures: 0 noise, 1 one byte, 2 words, 3 few letters, 4 something that comes back from far, 5 from 1
 * to 9 bytes back, 6 each byte half as often as the one before, so that it has a code one bit longer.
 */
static void make(u8 *data, size_t len, int nature)
{
	static const char *const words[] = {"CONFIG_", "EXT4", "=y\n", "# ", " is not set\n", "NET", "_FS", "SMP"};
	u32 random = 12345;
	size_t at = 0;

	while (at < len) {
		random = random * 1664525 + 1013904223;
		if (nature == 2) {
			const char *word = words[random >> 29];

			for (; *word && at < len; word++)
				data[at++] = (u8)*word;
		} else {
			data[at] = nature == 0   ? (u8)(random >> 24)
				   : nature == 1 ? 'a'
				   : nature == 3 ? (u8)('a' + (random >> 30))
				   : nature == 5 ? (u8)(at < 9 ? at : data[at - 1 - at / 1000 % 9])
				   : nature == 6 ? (u8)__builtin_clz(random | 1)
				   : at < 32768  ? (u8)(random >> 24)
						 : data[at - 32768];
			at++;
		}
	}
}

static void what_gzip_packs(void **state)
{
	static const size_t sizes[] = {0, 1, 2, 3, 257, 258, 259, 1000, 32767, 32768, 32769, 65536, 100000, 300000};
	u8 *data = malloc(300000);

	(void)state;
	for (int nature = 0; nature < 7; nature++)
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++)
			for (int level = 1; level < 10; level += 4) {
				char option[8];
				struct bytes packed;

				sprintf(option, "-%d", level);
				make(data, sizes[i], nature);
				packed = pack(data, sizes[i], option);
				assert_unpacks(packed, data, sizes[i], level == 5 ? 1 : level == 1 ? 1000 : 0, 0);
				assert_unpacks(packed, data, sizes[i], 0, MAX(sizes[i], 65536) + INFLATE_SLACK);
				bytes_free(packed);
			}
	free(data);
}

/* Written down bit by bit: a name, a comment, extra bytes and a CRC of the header; "ab" stored, in two blocks. */
static void header_and_stored(void **state)
{
	static const u8 packed[] = {0x1f, 0x8b, 8, 0x1e, 0, 0, 0, 0, 0, 3, 3, 0, 'x', 'y', 0, 'n', 'a', 'm', 'e', 0,
		'c', 0, 0xaa, 0xbb, 0, 1, 0, 0xfe, 0xff, 'a', 1, 1, 0, 0xfe, 0xff, 'b', 0x6d, 0x48, 0x83, 0x9e, 2, 0, 0,
		0, 'm', 'o', 'r', 'e'};

	(void)state;
	assert_unpacks((struct bytes){packed, sizeof(packed)}, (const u8 *)"ab", 2, 0, 0);
}

/* Cut anywhere, or with one bit turned: never out of bounds, never good unless the bit says nothing. */
static void broken(void **state)
{
	u8 data[3000], *copy, out[1 << 16];
	struct bytes packed;
	u32 good = 0;

	(void)state;
	make(data, sizeof(data), 2);
	packed = pack(data, sizeof(data), "-n9");
	copy = exact_copy(packed.data, packed.size);
	for (size_t cut = 0; cut < packed.size; cut++) {
		u8 *part = exact_copy(copy, cut);
		struct pipe p = {.in = part, .in_len = cut, .out = out, .out_size = sizeof(out)};

		assert_int_equal(unpack(&p), -EINVAL);
		free(part);
	}
	for (size_t bit = 0; bit < packed.size * 8; bit++) {
		struct pipe p = {.in = copy, .in_len = packed.size, .out = out, .out_size = sizeof(out)};
		int result;

		copy[bit / 8] ^= (u8)(1 << bit % 8);
		result = unpack(&p);
		assert_true(result == 0 || result == -EINVAL);
		if (!result) {
			good++;
			assert_true(p.out_len == sizeof(data) && !memcmp(out, data, sizeof(data)));
		}
		copy[bit / 8] ^= (u8)(1 << bit % 8);
	}
	/* Time, system, flags that nobody defines or that name what is not the data: at most 10 bytes of header. */
	assert_in_range(good, 1, 80);
	free(copy);
	bytes_free(packed);
}

/*
 * Each is refused where it goes wrong, not at the end of what there is: what is
 * read ahead is at most seven bytes.
 */
static void refused(void **state)
{
	static const struct {
		const char *what;
		u8 len, block[12];
	} cases[] = {
		{"a fourth type of block", 1, {7}},
		{"a stored length that is not its complement", 5, {1, 1, 0, 1, 0}},
		{"a distance before the beginning", 2, {0x03, 0x02}},
		{"distance 30", 2, {0x03, 0x3e}},
		{"symbol 286, and what would be bits of its length", 3, {0x1b, 0x03}},
		{"more codes than one bit can tell apart", 4, {0x05, 0, 0x92, 0x04}},
		{"a repeat of nothing", 4, {0x05, 0, 0x12, 0}},
		{"a repeat beyond the last length", 6, {0x05, 0, 0x80, 0xc0, 0xdf, 0x1f}},
		{"a code that no symbol has", 6, {0x05, 0, 0x80, 0xe0, 0xff, 0x0f}},
		{"lengths of 287 symbols", 2, {0xf5, 0}},
		{"lengths of 31 distances", 2, {0x05, 0x1e}},
		{"codes of lengths: 01 alone", 4, {0x05, 0, 0, 0x08}},
		{"codes of symbols: 01 alone", 12,
			{0x05, 0xc0, 0x81, 0x00, 0x00, 0x00, 0x00, 0x80, 0x20, 0x7f, 0xeb, 0x03}},
		{"codes of distances: 01 alone", 12,
			{0x05, 0xc0, 0x81, 0x00, 0x00, 0x00, 0x00, 0x80, 0x20, 0x7f, 0xeb, 0x06}},
		/* These two may be so, until one is used. */
		{"no code of any distance", 12,
			{0x0d, 0xc0, 0x81, 0x08, 0x00, 0x00, 0x00, 0x00, 0x20, 0x7f, 0xeb, 0x2f}},
		{"codes of distances: 0 alone", 12,
			{0x0d, 0xc0, 0x81, 0x08, 0x00, 0x00, 0x00, 0x00, 0x20, 0x7f, 0xeb, 0x7f}},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		u8 packed[1000] = {0x1f, 0x8b, 8}, out[64];
		struct pipe p = {.in = packed, .in_len = sizeof(packed), .piece = 1, .out = out, .out_size = 64};

		memcpy(packed + 10, cases[i].block, cases[i].len);
		if (unpack(&p) != -EINVAL || p.in < packed + 10 + cases[i].len || p.in > packed + 17 + cases[i].len)
			fail_msg("%s: %zu bytes read, expected %u", cases[i].what, (size_t)(p.in - packed - 10),
				cases[i].len);
	}
}

static void errors_of_others(void **state)
{
	u8 *data = malloc(100000), *out = malloc(100000);
	struct bytes packed;
	struct pipe p = {.out = out, .out_size = 100000, .write_result = 7};

	(void)state;
	make(data, 100000, 2);
	packed = pack(data, 100000, "-9");
	p.in = packed.data;
	p.in_len = packed.size;
	assert_int_equal(unpack(&p), 7);
	p = (struct pipe){.in = packed.data, .in_len = 100, .out = out, .out_size = 100000, .read_error = -EIO};
	assert_int_equal(unpack(&p), -EIO);
	bytes_free(packed);
	free(data);
	free(out);
}

int main(void)
{
	int failed;

	close(mkstemp(path));
	failed = RUN(
		TEST(what_gzip_packs), TEST(header_and_stored), TEST(broken), TEST(refused), TEST(errors_of_others));
	unlink(path);
	return failed;
}
