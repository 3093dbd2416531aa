/* SPDX-License-Identifier: MIT */
/*
 * Ten thousand broken files: good ones with bytes changed, lost, doubled, lines
 * swapped or cut off.  Whatever comes of them, the parser returns, complains or
 * does not, and (under the sanitizers) touches no memory that is not its own.
 * The seed is fixed; a hang ends in the test's time limit, and the file that
 * was read last is named by its number.  And good ones in which one value is of
 * another kind, or one key is not there, each in turn.
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

	"schema: 1\n"
	"refs: [here]\n"
	"seed: 7\n"
	"known: {ref: there, guest: fake}\n"
	"waive:\n"
	"  - {clause: SQ-ANOT-D2, device: d0, guest: fake, reason: none}\n"
	"machine:\n"
	"  guest: fake\n"
	"  memory: 1MiB\n"
	"  timing: pci-33\n"
	"  dma: batched\n"
	"  cpu_vectors: 3\n"
	"  devices:\n"
	"    - {id: d, count: 2, model: fake-disk, transport: pci, interface: modern, intx: B, capabilities: plain, image: d.img}\n"
	"faults:\n"
	"  - {point: guest.fake.irq, device: d0, cpu: 0, index: 2, nth: 1, times: 2, interval: 3, probability: 50, space: 1KiB, after: 1us}\n"
	"  - {point: guest.fake.irq, from: \"d0/status\", until: \"d0/status\", error: ENOMEM}\n"
	"workload:\n"
	"  - fake.work: {device: d0, amount: 3}\n",
};

#define SEEDS (sizeof(seeds) / sizeof(seeds[0]))

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
		struct scenario *s;
		char name[300];

		if (strlen(*c) > 250)
			continue;
		snprintf(name, sizeof(name), **c ? "[%s]" : "%s", *c);
		s = fake_load_cell(NULL, name, NULL);
		EXPECT_TRUE(s || fake_mistakes > 0);
		scenario_free(s);
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
		const char *seed = seeds[(size_t)i % SEEDS];
		size_t len = strlen(seed);
		struct scenario *s;

		memcpy(text, seed, len);
		len = mutate(text, len);
		fake_bytes("s.yaml", text, len);
		s = fake_load_cell(NULL, (size_t)i % SEEDS ? "" : "[n=1]", NULL);
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

/* ---- one key at a time ---- */

struct pair {
	size_t key, value, end; /* where they begin, and where the value ends */
};

/* The first pair of a key and a scalar behind `from`, on one line. */
static bool next_pair(const char *text, size_t from, struct pair *p)
{
	const char *colon = strstr(text + from, ": ");

	if (!colon)
		return false;
	p->value = (size_t)(colon - text) + 2;
	p->end = p->value + strcspn(text + p->value, ",}]\n");
	p->key = (size_t)(colon - text);
	while (p->key && !strchr(" {[,\n", text[p->key - 1]))
		p->key--;
	return true;
}

/* text[from..to) gives way to `by`. */
static void load_with(const char *text, size_t from, size_t to, const char *by)
{
	char *broken = malloc(MAX_BYTES);
	int len;

	len = snprintf(broken, MAX_BYTES, "%.*s%s%s", (int)from, text, by,
		       text + to);
	fake_bytes("s.yaml", broken, (size_t)len);
	TEST_ROW("%s", broken);
	load_every_cell();
	free(broken);
}

/* What is wrong with them already would hide what is made wrong. */
TEST(mutation, the_good_files_are_good)
{
	static const char *const cells[SEEDS] = { "[n=1,m=x]", "[one]", "" };
	struct scenario *s;
	size_t i;

	fake_enter();
	for (i = 0; i < SEEDS; i++) {
		fake_bytes("s.yaml", seeds[i], strlen(seeds[i]));
		s = fake_load_cell(NULL, cells[i], NULL);
		TEST_ROW("%s", fake_printed);
		EXPECT_TRUE(s != NULL);
		scenario_free(s);
	}
	fake_leave();
}

TEST(mutation, each_value_of_another_kind_and_each_key_missing)
{
	static const char *const others[] = {
		"", "[]", "{}", "7", "-1", "x", "\"q\"", "null", "true",
		"[1, {a: b}]", "{a: {b: c}}", "99999999999999999999"
	};
	struct pair p;
	size_t i, k, from, pairs = 0;

	fake_enter();
	for (i = 0; i < SEEDS; i++)
		for (from = 0; next_pair(seeds[i], from, &p); from = p.value) {
			pairs++;
			load_with(seeds[i], p.key, p.end, "");
			for (k = 0; k < sizeof(others) / sizeof(others[0]); k++)
				load_with(seeds[i], p.value, p.end, others[k]);
		}
	EXPECT_GT(pairs, 60);
	fake_leave();
}
