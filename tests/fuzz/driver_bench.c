/* SPDX-License-Identifier: MIT */
/*
 * The bench: boot, work, and whatever came of that, an end.
 *
 * What a device that lies may do to a driver: fail its probe, fail its requests,
 * let it wait.  What it may not: make it touch memory that is not its own, break a
 * rule of the kernel, spin, read twice what it has checked once, keep anything
 * after its end, or wait on when the device is honest again and the driver is
 * told to let go.
 */
#include "tests/fuzz/driver_bench.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/hostile/fetch.h"
#include "tests/fuzz/target.h"

#define MAX_PROPERTIES 32
#define MS UINT64_C(1000000)      /* ns */
#define STEP_LIMIT (200 * MS)     /* an action; honest ones take far less */
#define HONEST_LIMIT (2000 * MS)  /* what an honest device has for the rest */
#define UNBIND_LIMIT (60000 * MS) /* the driver's own limits are 5 s each */
#define CALLS 1000000             /* machine calls of one action: it spins */

static struct {
	const struct bench_driver *driver;
	const struct device_model *model;
	struct flat_machine *fm;
	struct flat_image *image;
	struct hostile *hostile;
	struct pci_function *inner;
	struct hostile_plan plan;
	uint8_t header[BENCH_HEADER];
	struct hostile_fetches fetches;
	uint32_t chances[HOSTILE_KINDS]; /* of a good run */
	struct machine_option options[2];
} bench;

const struct device_model *bench_model(const char *name)
{
	size_t i;

	for (i = 0; device_catalogue[i]; i++)
		if (!strcmp(device_catalogue[i]->name, name))
			return device_catalogue[i];
	return NULL;
}

struct device_value *bench_value(const struct device_model *model,
				 struct device_value *values, const char *name)
{
	size_t i;

	for (i = 0; strcmp(model->properties[i].name, name); i++)
		;
	values[i].given = true;
	return &values[i];
}

uint64_t bench_features(const struct device_model *model)
{
	const struct device_feature *f;
	uint64_t bits = 0;

	for (f = model->features; f->name; f++)
		if (f->deflt)
			bits |= UINT64_C(1) << f->bit;
	return bits;
}

/* ---- the device ---- */

static bool reach(void *arg, uint64_t addr, uint32_t len, bool write)
{
	(void)arg;
	return flat_reaches(bench.fm, BENCH_BDF, addr, len, write);
}

static void wrote(void *arg, uint64_t addr, uint32_t len)
{
	(void)arg;
	if (hostile_fetches_wrote(&bench.fetches, addr, len))
		flat_watch(bench.fm, addr, len);
}

static void fetched(void *arg, uint64_t addr, uint32_t size, const void *code)
{
	uintptr_t first;

	(void)arg;
	if (hostile_fetches_read(&bench.fetches, addr, size, (uintptr_t)code,
				 &first) &&
	    flat_reaches(bench.fm, BENCH_BDF, addr, size, true))
		hostile_fetches_report(&bench.fetches, addr, size, first,
				       (uintptr_t)code);
}

static struct pci_function *make_device(void *arg, struct pci_host *slot,
					uint32_t bdf)
{
	const struct hostile_config cfg = {
		.plan = &bench.plan, .reach = reach, .wrote = wrote,
	};
	struct device_value values[MAX_PROPERTIES] = { { 0 } };
	struct device_config device = {
		.id = "dev0", .interface = DEVICE_IF_MODERN,
		.msix_entries = -1, .intx_pin = 1, .values = values,
		.features = bench_features(bench.model),
	};
	struct device_error err = { 0 };
	size_t i;

	(void)arg;
	(void)bdf;
	for (i = 0; bench.model->properties &&
		    bench.model->properties[i].name; i++)
		values[i].i = bench.model->properties[i].deflt;
	bench.driver->configure(bench.header, &device, values);
	bench.hostile = hostile_create(slot, &cfg);
	if (!bench.hostile)
		abort();
	bench.inner = bench.model->create(&device, hostile_host(bench.hostile),
					  &err);
	if (!bench.inner) {
		fprintf(stderr, "no device: %s: %s\n",
			err.property ? err.property : "-", err.text);
		abort();
	}
	return hostile_attach(bench.hostile, bench.inner);
}

/* ---- a run ---- */

/* The plan in words, then the finding. */
static void __attribute__((noreturn, format(printf, 1, 2)))
found(const char *format, ...)
{
	char text[200], what[900];
	va_list args;
	size_t i;

	for (i = 0; i < bench.plan.count; i++) {
		hostile_step_text(&bench.plan.steps[i], text, sizeof(text));
		fprintf(stderr, "step %zu: %s%s\n", i + 1, text,
			hostile_met(bench.hostile) >> i & 1 ? "" :
							      " (not reached)");
	}
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	fuzz_found("%s", what);
}

/* What no device may bring about. */
static void check_machine(int result, const char *where)
{
	if (result == FLAT_BUG || result == FLAT_HANG || result == FLAT_BUDGET)
		found("%s: %s: %s", where, flat_code(bench.fm),
			   flat_text(bench.fm));
	if (result == FLAT_USAGE) {
		fprintf(stderr, "%s: %s\n", where, flat_text(bench.fm));
		exit(2);
	}
}

static void check_fetches(void)
{
	const struct hostile_fetches *f = &bench.fetches;
	const struct flat_image *img = bench.image;

	if (f->found)
		found("double-fetch: %u bytes at 0x%llx that the device may change are read at %s+0x%llx and again at +0x%llx",
			   f->size, (unsigned long long)f->addr,
			   img->guest->name,
			   (unsigned long long)flat_image_offset(img, f->first),
			   (unsigned long long)flat_image_offset(img,
								 f->second));
}

static void device_action(const struct bench_step *step)
{
	struct device_value value = { .given = true, .i = step->pages };
	const struct device_action *a = device_model_actions(bench.model);

	for (; a && a->name; a++)
		if (!strcmp(a->name, step->name))
			a->start(bench.inner, &value);
	check_machine(flat_settle(bench.fm), step->name);
}

static void run_steps(const struct bench_step *steps)
{
	for (; steps->name; steps++) {
		if (steps->pass_ms)
			check_machine(flat_pass(bench.fm, steps->pass_ms * MS),
				      steps->name);
		else if (steps->of_device)
			device_action(steps);
		else
			check_machine(flat_action_within(bench.fm, steps->name,
							 steps->args,
							 STEP_LIMIT),
				      steps->name);
	}
}

static void unbind(void)
{
	int result = flat_action_within(bench.fm, "driver.unbind",
					"device=00:01.0", UNBIND_LIMIT);

	check_machine(result, "driver.unbind");
	if (result == FLAT_PENDING)
		found("hang: driver.unbind does not end");
	if (flat_pending(bench.fm, UNBIND_LIMIT))
		found("hang: an action does not end though its driver is unbound");
}

static void end_guest(void)
{
	char leaks[600];

	check_machine(flat_shutdown(bench.fm), "shutdown");
	if (flat_leaks(bench.fm, leaks, sizeof(leaks)))
		found("leak: %s", leaks);
	check_fetches();
}

static void whole_run(void)
{
	hostile_fetches_clear(&bench.fetches);
	/* By copy: what is written into a buffer after it was unmapped shows. */
	bench.options[0].value = bench.header[0] & 0x40 ? "bounce" : "direct";
	flat_restore(bench.fm, make_device, NULL);
	check_machine(flat_boot(bench.fm, bench.image->guest), "boot");
	run_steps(bench.driver->steps);
	/* Half of the devices lie to the very end. */
	if (bench.header[0] & 0x80) {
		hostile_relent(bench.hostile);
		flat_pending(bench.fm, HONEST_LIMIT);
	}
	unbind();
	hostile_relent(bench.hostile);
	check_machine(flat_action_within(bench.fm, "driver.bind",
					 "device=00:01.0", HONEST_LIMIT),
		      "driver.bind");
	run_steps(bench.driver->again);
	end_guest();
}

/* ---- the bench itself ---- */

static void open_bench(const struct bench_driver *d)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	char error[200] = "";

	bench.driver = d;
	bench.model = bench_model(d->model);
	bench.image = flat_image_open(RINGSIDE_GUEST_DIR "/" FUZZ_GUEST ".so",
				      error, sizeof(error));
	cfg.ram_size = d->ram_size;
	cfg.budget = CALLS;
	bench.options[0] = (struct machine_option){ "dma", "direct" };
	cfg.options = bench.options;
	bench.fm = flat_create(&cfg);
	if (!bench.image || !bench.fm || !bench.model) {
		fprintf(stderr, "no bench: %s\n", error);
		exit(2);
	}
	flat_slot(bench.fm, BENCH_BDF);
	flat_on_fetch(bench.fm, fetched, NULL);
	if (!flat_snapshot(bench.fm, bench.image))
		exit(2);
	/* A good run says how many chances there are. */
	whole_run();
	memcpy(bench.chances, hostile_chances(bench.hostile),
	       sizeof(bench.chances));
}

void bench_run(const struct bench_driver *d, const uint8_t *data, size_t size)
{
	if (!bench.fm)
		open_bench(d);
	if (size < BENCH_HEADER)
		return;
	memcpy(bench.header, data, BENCH_HEADER);
	hostile_plan_decode(&bench.plan, data + BENCH_HEADER,
			    size - BENCH_HEADER);
	whole_run();
}

size_t bench_fresh(const struct bench_driver *d, uint64_t seed, uint64_t run,
		   uint8_t *data)
{
	uint64_t state = fuzz_begin(seed, run);
	uint32_t header = (uint32_t)fuzz_next(&state);
	struct hostile_plan plan;

	if (!bench.fm)
		open_bench(d);
	/* Most machines are ordinary ones. */
	if (header >> 30)
		header &= 0xc0;
	memcpy(data, &header, BENCH_HEADER);
	hostile_plan_draw(&plan, seed, run, bench.chances);
	return BENCH_HEADER + hostile_plan_encode(&plan, data + BENCH_HEADER);
}
