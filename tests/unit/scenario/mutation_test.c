/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand broken files: good ones with bytes changed, lost, doubled, lines
 * swapped or cut off.  Whatever comes of them, the parser returns, complains or
 * does not, and (under the sanitizers) touches no memory that is not its own.
 * The seed is fixed; a hang ends in the test's time limit, and the file that
 * was read last is named by its number.
 */
#define _GNU_SOURCE /* open_memstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

#define MUTANTS 10000
#define MAX_BYTES 8192

static const char *const seeds[] = {
	"schema: 1\n"
	"name: seed\n"
	"tags: [a, \"b\"]\n"
	"matrix: {n: [1, 2], m: [x, 'y']}\n"
	"exclude: [{n: 1, m: y}]\n"
	"budget: {time: 1.5ms}\n"
	"machine:\n"
	"  guest: fake\n"
	"  cpus: ${n}\n"
	"  guest_options: {debug: true, pause: 3us}\n"
	"  devices:\n"
	"    - id: d0\n"
	"      model: fake-disk\n"
	"      slot: \"00:01.0\"\n"
	"      features: {base: all, withhold: [FAKE_F_THREE, {bit: 51}]}\n"
	"      msix: {table_size: 6}\n"
	"      image: d.img\n"
	"faults:\n"
	"  - {point: guest.fake.irq, device: d0, nth: 1, error: ENOMEM}\n"
	"  - {point: device.fake.queue, queue: 1, times: 2}\n"
	"workload:\n"
	"  - fake.work: {device: d0, amount: 3, label: \"a${m}b\"}\n"
	"  - parallel:\n"
	"      - repeat: {times: 3, steps: [{fake.idle: }]}\n"
	"  - expect: [{device: d0, requests: {completed: {min: 1}}}]\n"
	"expect:\n"
	"  - {device: d0, interrupts: {not: intx}, binds: [intx, none]}\n"
	"  - {fault: guest.fake.irq, hits: 1}\n"
	"  - {log: {contains: text}}\n",

	"schema: 1\n"
	"machine: {guest: fake, devices: []}\n"
	"cases:\n"
	"  one: {a: 1, workload: [{fake.idle: }]}\n"
	"x-note: |\n"
	"  some text\n"
	"   and more: of it\n"
	"about: >\n"
	"  folded ${a}\n"
	"  text\n",
};

/* What mutants are made with: the signs that mean something in YAML. */
static const char signs[] = "\n\n  :-?[]{},#&*!|>'\"%@`~<$.\t\r\\=+0aé\x01\xff";

static uint64_t state;

/* splitmix64 */
static uint32_t chance(uint32_t below)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((z ^ z >> 31) % below);
}

static size_t change_byte(char *text, size_t len, size_t at)
{
	text[at] = signs[chance(sizeof(signs) - 1)];
	return len;
}

static size_t lose(char *text, size_t len, size_t at)
{
	size_t n = 1 + chance(8);

	if (n > len - at)
		n = len - at;
	memmove(text + at, text + at + n, len - at - n);
	return len - n;
}

static size_t insert(char *text, size_t len, size_t at)
{
	if (len + 1 >= MAX_BYTES)
		return len;
	memmove(text + at + 1, text + at, len - at);
	text[at] = signs[chance(sizeof(signs) - 1)];
	return len + 1;
}

static size_t cut(char *text, size_t len, size_t at)
{
	(void)text;
	(void)len;
	return at + 1;
}

/* A piece of the text once more, somewhere else. */
static size_t repeat(char *text, size_t len, size_t at)
{
	size_t n = 1 + chance(60), from = chance((uint32_t)len);
	char piece[64];

	if (n > len - from)
		n = len - from;
	if (len + n >= MAX_BYTES)
		return len;
	memcpy(piece, text + from, n);
	memmove(text + at + n, text + at, len - at);
	memcpy(text + at, piece, n);
	return len + n;
}

static size_t mutate(char *text, size_t len)
{
	static size_t (*const ways[])(char *text, size_t len, size_t at) = {
		change_byte, lose, insert, cut, repeat, change_byte, insert,
		repeat,
	};

	for (uint32_t n = 1 + chance(4); n > 0 && len > 1; n--)
		len = ways[chance(8)](text, len, chance((uint32_t)len));
	return len;
}

static void load_every_cell(void)
{
	struct diag d;
	char **cells;
	size_t n = 0;

	diag_init(&d);
	cells = scenario_cells("s.yaml", &d);
	for (char **c = cells; c && *c && n < 3; c++, n++) {
		char name[300];

		if (strlen(*c) > 250)
			continue;
		snprintf(name, sizeof(name), **c ? "[%s]" : "%s", *c);
		scenario_free(fake_load_cell(NULL, name, NULL));
	}
	scenario_cells_free(cells);
	diag_free(&d);
}

TEST(mutation, ten_thousand_broken_files)
{
	char *text = malloc(MAX_BYTES);
	size_t loaded = 0;

	fake_enter();
	state = 1;
	for (int i = 0; i < MUTANTS; i++) {
		size_t len = strlen(seeds[i % 2]);
		struct scenario *s;

		memcpy(text, seeds[i % 2], len);
		len = mutate(text, len);
		fake_bytes("s.yaml", text, len);
		s = fake_load_cell(NULL, i % 2 ? "" : "[n=1]", NULL);
		TEST_ROW("mutant %d", i);
		EXPECT_TRUE(s || fake_mistakes > 0);
		loaded += s != NULL;
		scenario_free(s);
		load_every_cell();
	}
	/* Some survive; if all did, nothing was tried. */
	EXPECT_GT(loaded, 50);
	EXPECT_LT(loaded, MUTANTS - 1000);
	free(text);
	fake_leave();
}
