/* SPDX-License-Identifier: MIT */
/*
 * What a right file becomes: every part of struct scenario.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

#define LOAD(text)                                         \
	fake_enter();                                      \
	struct scenario *s = fake_load(text);              \
	EXPECT_STREQ("", fake_printed);                    \
	if (!s) {                                          \
		fake_leave();                              \
		FAIL("not loaded");                        \
	}

#define UNLOAD()          \
	scenario_free(s); \
	fake_leave()

TEST(load, defaults_of_a_file_that_says_nothing)
{
	LOAD("schema: 1\nmachine: {guest: fake}\n");
	EXPECT_STREQ("s.yaml", s->path);
	EXPECT_STREQ("", s->cell);
	EXPECT_STREQ("s", s->name);
	EXPECT_STREQ("", s->about);
	EXPECT_EQ(1, s->seed);
	EXPECT_EQ(10000000000000, s->budget_ps);
	EXPECT_STREQ("fake", s->guest->name);
	EXPECT_EQ(1, s->cpus);
	EXPECT_EQ(67108864, s->memory);
	EXPECT_STREQ("pcie-gen3-x4", s->timing);
	EXPECT_STREQ("stepwise", s->dma);
	EXPECT_FALSE(s->bounce);
	EXPECT_EQ(224, s->cpu_vectors);
	EXPECT_EQ(0, s->ndevices);
	EXPECT_EQ(0, s->nfaults);
	EXPECT_EQ(0, s->nsteps);
	EXPECT_EQ(0, s->nexpects);
	EXPECT_TRUE(s->guest_options && !s->guest_options[0].name);
	EXPECT_TRUE(s->refs && !s->refs[0]);
	EXPECT_TRUE(s->tags && !s->tags[0]);
	EXPECT_FALSE(s->known_ref);
	/* CRC-32 (zlib) of the bytes above */
	EXPECT_EQ(0x78cf43b1, s->file_crc);
	UNLOAD();
}

TEST(load, top_level)
{
	LOAD("schema: 1\n"
	     "name: a name\n"
	     "about: \"a sentence: with a colon\"\n"
	     "refs: [one, \"two\"]\n"
	     "tags: [t]\n"
	     "seed: 18446744073709551615\n"
	     "budget: {time: 1.5ms}\n"
	     "x-anything: [{goes: here}]\n"
	     "machine:\n"
	     "  guest: fake\n"
	     "  cpus: 4\n"
	     "  memory: 128MiB\n"
	     "  timing: none\n"
	     "  dma: bounce\n"
	     "  cpu_vectors: 3\n"
	     "  guest_options: {debug: true, name: n, rounds: -3,"
	     " pause: 2us, limit: 4KiB}\n");
	EXPECT_STREQ("a name", s->name);
	EXPECT_STREQ("a sentence: with a colon", s->about);
	EXPECT_STREQ("one", s->refs[0]);
	EXPECT_STREQ("two", s->refs[1]);
	EXPECT_FALSE(s->refs[2]);
	EXPECT_STREQ("t", s->tags[0]);
	EXPECT_EQ(UINT64_MAX, s->seed);
	EXPECT_EQ(1500000000, s->budget_ps);
	EXPECT_EQ(4, s->cpus);
	EXPECT_EQ(134217728, s->memory);
	EXPECT_STREQ("none", s->timing);
	EXPECT_STREQ("stepwise", s->dma);
	EXPECT_TRUE(s->bounce);
	EXPECT_EQ(3, s->cpu_vectors);
	EXPECT_STREQ("debug", s->guest_options[0].name);
	EXPECT_STREQ("1", s->guest_options[0].value);
	EXPECT_STREQ("n", s->guest_options[1].value);
	EXPECT_STREQ("-3", s->guest_options[2].value);
	EXPECT_STREQ("2000", s->guest_options[3].value); /* ns */
	EXPECT_STREQ("4096", s->guest_options[4].value);
	EXPECT_FALSE(s->guest_options[5].name);
	UNLOAD();
}

TEST(load, device)
{
	LOAD("schema: 1\n"
	     "machine:\n"
	     "  guest: fake\n"
	     "  devices:\n"
	     "    - id: d0\n"
	     "      model: fake-disk\n"
	     "      slot: \"00:1f.0\"\n"
	     "      interface: transitional\n"
	     "      features: {base: none, offer: [FAKE_F_TWO, {bit: 51}]}\n"
	     "      msix: {table_size: 6}\n"
	     "      intx: C\n"
	     "      image: d.img\n"
	     "      queues: 4\n"
	     "      latency: 3us\n"
	     "      cache: 1KiB\n"
	     "      serial: \"12\"\n"
	     "      read_only: true\n");
	const struct scn_device *d = &s->devices[0];

	EXPECT_EQ(1, s->ndevices);
	EXPECT_STREQ("d0", d->id);
	EXPECT_EQ(&fake_model, d->model);
	EXPECT_EQ(0x1f << 3, d->bdf);
	EXPECT_STREQ("d0", d->config.id);
	EXPECT_EQ(DEVICE_IF_TRANSITIONAL, d->config.interface);
	EXPECT_EQ(UINT64_C(1) << 51 | 2, d->config.features);
	EXPECT_EQ(6, d->config.msix_entries);
	EXPECT_EQ(3, d->config.intx_pin);
	EXPECT_EQ(5, d->pos.line);
	EXPECT_EQ(7, d->pos.column);
	/* in the order of the model's table */
	EXPECT_TRUE(d->config.values[0].given);
	EXPECT_STREQ("d.img", d->config.values[0].s);
	ASSERT_EQ(16, d->config.values[0].len);
	EXPECT_MEMEQ("0123456789abcdef", d->config.values[0].bytes, 16);
	EXPECT_EQ(4, d->config.values[1].i);
	EXPECT_EQ(3000000, d->config.values[2].i); /* ps */
	EXPECT_EQ(1024, d->config.values[3].i);
	EXPECT_STREQ("12", d->config.values[4].s);
	EXPECT_EQ(1, d->config.values[5].i);
	EXPECT_FALSE(d->config.values[6].given);
	EXPECT_EQ(5, d->config.values[6].i);
	UNLOAD();
}

TEST(load, device_defaults)
{
	LOAD(FAKE_MACHINE);
	const struct device_config *c = &s->devices[0].config;

	EXPECT_EQ(DEVICE_IF_MODERN, c->interface);
	EXPECT_EQ(UINT64_C(1) << 32 | 1, c->features);
	EXPECT_EQ(-1, c->msix_entries);
	EXPECT_EQ(1, c->intx_pin);
	EXPECT_EQ(1, c->values[1].i);
	EXPECT_FALSE(c->values[1].given);
	UNLOAD();
}

TEST(load, feature_bases)
{
	LOAD("schema: 1\n"
	     "machine:\n"
	     "  guest: fake\n"
	     "  devices:\n"
	     "    - {id: a, model: fake-disk, image: d.img, features: {base: all}}\n"
	     "    - {id: b, model: fake-disk, image: d.img, features: {base: none}}\n"
	     "    - {id: c, model: fake-disk, image: d.img, features: {withhold: [FAKE_F_ONE]}}\n"
	     "    - {id: d, model: fake-disk, image: d.img, intx: none, msix: {table_size: 0}}\n");
	EXPECT_EQ(UINT64_C(1) << 32 | 7, s->devices[0].config.features);
	EXPECT_EQ(0, s->devices[1].config.features);
	EXPECT_EQ(UINT64_C(1) << 32, s->devices[2].config.features);
	EXPECT_EQ(0, s->devices[3].config.intx_pin);
	EXPECT_EQ(0, s->devices[3].config.msix_entries);
	UNLOAD();
}

TEST(load, devices_without_a_slot_get_the_free_ones)
{
	LOAD("schema: 1\n"
	     "machine:\n"
	     "  guest: fake\n"
	     "  devices:\n"
	     "    - {id: a, model: fake-disk, image: d.img}\n"
	     "    - {id: b, model: fake-disk, image: d.img, slot: \"00:02.0\"}\n"
	     "    - {id: c, model: fake-disk, image: d.img}\n");
	EXPECT_EQ(1 << 3, s->devices[0].bdf);
	EXPECT_EQ(2 << 3, s->devices[1].bdf);
	EXPECT_EQ(3 << 3, s->devices[2].bdf);
	UNLOAD();
}

TEST(load, count_makes_many_of_one)
{
	LOAD("schema: 1\n"
	     "machine:\n"
	     "  guest: fake\n"
	     "  devices:\n"
	     "    - {id: a, model: fake-disk, image: d.img, slot: \"00:01.6\", count: 4, intx: B}\n"
	     "    - {id: b, model: fake-disk, image: d.img, slot: \"00:01.0\"}\n"
	     "    - {id: c, model: fake-disk, image: d.img, count: 2}\n"
	     "faults:\n"
	     "  - {point: guest.fake.irq, device: a3}\n");
	ASSERT_EQ(7, s->ndevices);
	EXPECT_STREQ("a0", s->devices[0].id);
	EXPECT_STREQ("a3", s->devices[3].config.id);
	EXPECT_STREQ("c1", s->devices[6].id);
	EXPECT_EQ(0x0e, s->devices[0].bdf);
	EXPECT_EQ(0x11, s->devices[3].bdf);
	EXPECT_EQ(0x18, s->devices[5].bdf); /* the next device, not function */
	EXPECT_EQ(0x20, s->devices[6].bdf);
	EXPECT_EQ(2, s->devices[3].config.intx_pin);
	EXPECT_STREQ("d.img", s->devices[3].config.values[0].s);
	EXPECT_EQ(3, s->faults[0].rule.device);
	EXPECT_TRUE(s->devices[0].config.multifunction);
	EXPECT_TRUE(s->devices[4].config.multifunction);
	EXPECT_FALSE(s->devices[6].config.multifunction);
	UNLOAD();
}

/* Beside the host bridge a device is one of several. */
TEST(load, function_of_the_bridges_device)
{
	LOAD("schema: 1\n"
	     "machine:\n"
	     "  guest: fake\n"
	     "  devices:\n"
	     "    - {id: a, model: fake-disk, image: d.img, slot: \"00:00.1\", count: 255}\n");
	ASSERT_EQ(255, s->ndevices);
	EXPECT_EQ(1, s->devices[0].bdf);
	EXPECT_EQ(255, s->devices[254].bdf);
	EXPECT_TRUE(s->devices[0].config.multifunction);
	UNLOAD();
}

TEST(load, faults)
{
	LOAD(FAKE_MACHINE
	     "faults:\n"
	     "  - {point: guest.fake.irq, device: d0, cpu: 0, nth: 3, error: ENOMEM}\n"
	     "  - {point: device.fake.queue, queue: 2, times: 5, interval: 2}\n"
	     "  - {point: guest.fake.alloc, probability: 10, space: 64KiB}\n"
	     "  - {point: guest.fake.alloc, nth: 2, times: 0}\n");
	const struct scn_fault *f = s->faults;

	ASSERT_EQ(4, s->nfaults);
	EXPECT_STREQ("guest.fake.irq", f[0].point);
	EXPECT_EQ(0, f[0].rule.device);
	EXPECT_EQ(0xffffffffu, f[0].rule.queue);
	EXPECT_EQ(0, f[0].rule.cpu);
	EXPECT_EQ(3, f[0].rule.nth);
	EXPECT_EQ(1, f[0].rule.times); /* since nth is given */
	EXPECT_EQ(1, f[0].rule.interval);
	EXPECT_EQ(100, f[0].rule.probability);
	EXPECT_EQ(12, f[0].rule.error);
	EXPECT_EQ(7, f[0].pos.line);
	EXPECT_EQ(0xffffffffu, f[1].rule.device);
	EXPECT_EQ(2, f[1].rule.queue);
	EXPECT_EQ(5, f[1].rule.times);
	EXPECT_EQ(2, f[1].rule.interval);
	EXPECT_EQ(0, f[1].rule.error);
	EXPECT_EQ(10, f[2].rule.probability);
	EXPECT_EQ(65536, f[2].rule.space);
	EXPECT_EQ(1, f[2].rule.nth);
	EXPECT_EQ(0, f[2].rule.times); /* no limit */
	EXPECT_EQ(0, f[3].rule.times);
	UNLOAD();
}

TEST(load, workload)
{
	LOAD(FAKE_MACHINE
	     "workload:\n"
	     "  - fake.work: {device: d0, amount: -4, check: false, label: x,"
	     " bytes: 2KiB, delay: 5us, fails: EROFS}\n"
	     "  - fake.idle:\n"
	     "  - parallel:\n"
	     "      - fake.work: {device: d0}\n"
	     "      - repeat: {times: 3, steps: [{fake.idle: }]}\n"
	     "  - expect: [{device: d0, vectors: 2}]\n");
	const struct scn_step *w = s->steps;

	ASSERT_EQ(4, s->nsteps);
	EXPECT_EQ(STEP_ACTION, w[0].kind);
	EXPECT_STREQ("fake.work", w[0].name);
	EXPECT_STREQ("fake.work", w[0].action->name);
	EXPECT_TRUE(w[0].values[0].given);
	EXPECT_EQ(8, w[0].values[0].i); /* bdf of 00:01.0 */
	EXPECT_EQ(-4, w[0].values[1].i);
	EXPECT_EQ(0, w[0].values[2].i);
	EXPECT_STREQ("x", w[0].values[3].s);
	EXPECT_EQ(2048, w[0].values[4].i);
	EXPECT_EQ(5000, w[0].values[5].i); /* ns */
	EXPECT_EQ(30, w[0].fails);
	EXPECT_EQ(7, w[0].pos.line);
	EXPECT_EQ(STEP_ACTION, w[1].kind);
	EXPECT_EQ(0, w[1].fails);
	EXPECT_EQ(STEP_PARALLEL, w[2].kind);
	ASSERT_EQ(2, w[2].nsteps);
	EXPECT_FALSE(w[2].steps[0].values[1].given);
	EXPECT_EQ(8, w[2].steps[0].values[1].i); /* the default */
	EXPECT_EQ(1, w[2].steps[0].values[2].i);
	EXPECT_FALSE(w[2].steps[0].values[3].s);
	EXPECT_EQ(STEP_REPEAT, w[2].steps[1].kind);
	EXPECT_EQ(3, w[2].steps[1].times);
	EXPECT_EQ(1, w[2].steps[1].nsteps);
	EXPECT_EQ(STEP_EXPECT, w[3].kind);
	ASSERT_EQ(1, w[3].nexpects);
	EXPECT_STREQ("vectors", w[3].expects[0].checks[0].key);
	UNLOAD();
}

TEST(load, image_above_a_mebibyte_is_mapped)
{
	size_t len = (1 << 20) + 3;
	char *big = calloc(1, len);

	fake_enter();
	big[len - 1] = 'z';
	fake_bytes("d.img", big, len);
	struct scenario *s = fake_load(FAKE_MACHINE);

	EXPECT_STREQ("", fake_printed);
	if (s) {
		EXPECT_EQ(len, s->devices[0].config.values[0].len);
		EXPECT_MEMEQ(big, s->devices[0].config.values[0].bytes, len);
	}
	free(big);
	UNLOAD();
}

/* One gzip member; the caller frees it. */
static unsigned char *gzip(const void *bytes, size_t len, size_t *out_len)
{
	z_stream z = { .next_in = (Bytef *)(uintptr_t)bytes,
		       .avail_in = (uInt)len };
	unsigned char *out;
	size_t room;

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	room = deflateBound(&z, len);
	out = malloc(room);
	z.next_out = out;
	z.avail_out = (uInt)room;
	deflate(&z, Z_FINISH);
	*out_len = room - z.avail_out;
	deflateEnd(&z);
	return out;
}

/* Is d.img, of these bytes, given to the model as that? */
static void gives(const void *file, size_t file_len, const void *given,
		  size_t len)
{
	fake_enter();
	fake_bytes("d.img", file, file_len);
	struct scenario *s = fake_load(FAKE_MACHINE);

	EXPECT_STREQ("", fake_printed);
	EXPECT_TRUE(s && s->devices[0].config.values[0].len == len &&
		    !memcmp(given, s->devices[0].config.values[0].bytes, len));
	UNLOAD();
}

TEST(load, small_gzip_is_given_inflated)
{
	unsigned char plain[3000], *file;
	size_t len, i;

	for (i = 0; i < sizeof(plain); i++)
		plain[i] = (unsigned char)(i * i >> 3);
	file = gzip(plain, sizeof(plain), &len);
	gives(file, len, plain, sizeof(plain));
	free(file);
}

TEST(load, gzip_of_more_than_a_mebibyte_stays)
{
	size_t most = 1 << 20, len;
	unsigned char *plain = calloc(1, most + 1), *file;

	file = gzip(plain, most, &len);
	gives(file, len, plain, most);
	free(file);
	file = gzip(plain, most + 1, &len);
	gives(file, len, file, len);
	free(file);
	free(plain);
}

TEST(load, damaged_gzip_stays)
{
	static const char text[] = "a text of some length, for a stream";
	unsigned char *file;
	size_t len;

	file = gzip(text, sizeof(text), &len);
	gives(file, len - 1, file, len - 1);
	file[len / 2] ^= 0x10;
	gives(file, len, file, len);
	free(file);
}

TEST(load, gzip_in_gzip_stays)
{
	static const char text[] = "twice";
	unsigned char *inner, *outer;
	size_t inner_len, len;

	inner = gzip(text, sizeof(text), &inner_len);
	outer = gzip(inner, inner_len, &len);
	gives(outer, len, outer, len);
	free(inner);
	free(outer);
}

TEST(load, empty_image_is_no_mistake_of_the_parser)
{
	fake_enter();
	fake_file("d.img", "");
	struct scenario *s = fake_load(FAKE_MACHINE);

	EXPECT_STREQ("", fake_printed);
	EXPECT_TRUE(s && s->devices[0].config.values[0].len == 0);
	UNLOAD();
}

TEST(load, files_of_other_folders_are_relative_to_the_scenario)
{
	struct diag d;
	struct catalogue *c = fake_catalogue();

	fake_enter();
	fake_file("s.yaml", FAKE_MACHINE);
	ASSERT_EQ(0, system("mkdir -p sub"));
	diag_init(&d);
	struct scenario *s = scenario_load("./sub/../s.yaml", NULL, c, &d);

	EXPECT_EQ(0, d.count);
	EXPECT_STREQ("./sub/../s.yaml", s ? s->path : "");
	diag_free(&d);
	UNLOAD();
	catalogue_destroy(c);
}

TEST(load, crlf_and_byte_order_mark)
{
	LOAD("\xef\xbb\xbfschema: 1\r\nmachine:\r\n  guest: fake\r\n  cpus: 2\r\n");
	EXPECT_EQ(2, s->cpus);
	UNLOAD();
}

TEST(load, known_only_for_its_guest)
{
	LOAD("schema: 1\nmachine: {guest: fake}\nknown: {ref: bug 7}\n");
	EXPECT_STREQ("bug 7", s->known_ref);
	scenario_free(s);
	s = fake_load("schema: 1\nmachine: {guest: fake}\n"
		      "known: {ref: bug 7, guest: other}\n");
	ASSERT_TRUE(s);
	EXPECT_FALSE(s->known_ref);
	scenario_free(s);
	s = fake_load("schema: 1\nmachine: {guest: fake}\n"
		      "known: {ref: bug 7, guest: fake}\n");
	ASSERT_TRUE(s);
	EXPECT_STREQ("bug 7", s->known_ref);
	UNLOAD();
}

TEST(load, file_that_is_not_there_or_too_large)
{
	char *big = malloc(2 << 20);

	fake_enter();
	EXPECT_FALSE(fake_load_cell(NULL, "", NULL));
	EXPECT_STREQ("s.yaml: error: cannot be read: No such file or directory"
		     " [cannot-read]\n", fake_printed);
	memset(big, ' ', 2 << 20);
	fake_bytes("s.yaml", big, 2 << 20);
	EXPECT_FALSE(fake_load_cell(NULL, "", NULL));
	EXPECT_STREQ("s.yaml: error: larger than 1 MiB; a scenario is a few"
		     " lines of text [too-large]\n", fake_printed);
	/* One byte more than the limit, and the limit itself. */
	memcpy(big, FAKE_MACHINE "x-a: ", strlen(FAKE_MACHINE) + 5);
	fake_bytes("s.yaml", big, (1 << 20) + 1);
	EXPECT_FALSE(fake_load_cell(NULL, "", NULL));
	fake_bytes("s.yaml", big, 1 << 20);
	struct scenario *s = fake_load_cell(NULL, "", NULL);

	EXPECT_TRUE(s);
	free(big);
	UNLOAD();
}

TEST(load, folder_is_no_scenario)
{
	struct diag d;

	diag_init(&d);
	fake_enter();
	EXPECT_FALSE(scenario_load(".", NULL, NULL, &d));
	ASSERT_EQ(1, d.count);
	EXPECT_STREQ("is a directory, not a scenario", d.items[0].text);
	diag_free(&d);
	fake_leave();
}

TEST(load, actions_that_are_done_to_a_device)
{
	LOAD(FAKE_MACHINE
	     "workload:\n"
	     "  - disk.turn: {device: d0, amount: 5, within: 2us, fails: ETIMEDOUT, x-why: late}\n"
	     "  - disk.stop: {device: d0}\n");
	const struct scn_step *w = s->steps;

	ASSERT_EQ(2, s->nsteps);
	EXPECT_EQ(STEP_DEVICE_ACTION, w[0].kind);
	EXPECT_STREQ("disk.turn", w[0].name);
	EXPECT_STREQ("disk.turn", w[0].device_action->name);
	EXPECT_EQ(0, w[0].device);
	EXPECT_TRUE(w[0].device_values[0].given);
	EXPECT_EQ(5, w[0].device_values[0].i);
	EXPECT_FALSE(w[0].device_values[1].given);
	EXPECT_EQ(3, w[0].device_values[2].i); /* the default */
	EXPECT_EQ(2000000, w[0].within_ps);
	EXPECT_EQ(110, w[0].fails);
	EXPECT_EQ(STEP_DEVICE_ACTION, w[1].kind);
	EXPECT_EQ(0, w[1].within_ps);
	EXPECT_EQ(0, w[1].fails);
	scenario_free(s);
	fake_leave();
}
