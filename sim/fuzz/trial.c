/* SPDX-License-Identifier: MIT */
/*
 * The hostile device's surroundings on the SystemC machine: an IOMMU made of the
 * guest's own account of its mappings, the watch over what is read twice, and the
 * script that gives a driver the time to let go.
 */
#include "sim/fuzz/trial.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/check/dma_map.h"
#include "sim/hostile/fetch.h"
#include "sim/hostile/hostile.h"

#define MS UINT64_C(1000000000) /* ps */
/* What an unbind has, and then whatever still waits: drivers have limits of
 * their own, of seconds. */
#define UNBIND_LIMIT (60000 * MS)
/* Of all together, boot and shutdown too, which wait for a device that does not
 * answer: more than that is a loop. */
#define RUN_LIMIT (600000 * MS)

/* Of the process: SystemC runs once in it. */
static struct surroundings {
	struct trial *trial;
	struct hostile *hostile;
	struct dma_map *map;
	bool maps;                     /* the guest tells of its mappings */
	struct hostile_fetches fetches;
	struct observer account, writes;
	const struct run_parts *parts;
	const struct guest_action *unbind;
} around;

/* ---- the IOMMU ---- */

static bool reach(void *arg, uint64_t addr, uint32_t len, bool write)
{
	const struct surroundings *s = arg;

	/* A guest that tells of no mapping has no IOMMU. */
	return !s->maps ||
	       dma_map_reach(s->map, addr, addr + len,
			     (uint32_t)s->trial->device,
			     write ? EVENT_DMA_WRITES : EVENT_DMA_READS) >=
	       addr + len;
}

static void see_account(struct observer *o, const struct event *ev)
{
	const struct dma_span *other;
	struct dma_span *span;

	(void)o;
	if (ev->index != MACHINE_RES_DMA_MAPPING)
		return;
	around.maps |= ev->device == around.trial->device;
	if ((int64_t)ev->value < 0) {
		dma_map_remove(around.map, ev->addr, -ev->value, ev->device);
		return;
	}
	span = dma_map_add(around.map, ev->addr, ev->addr + ev->value, 0,
			   &other);
	if (!span)
		return;
	span->device = ev->device;
	span->rights = ev->len;
}

/* ---- double fetches ---- */

static void see_write(struct observer *o, const struct event *ev)
{
	(void)o;
	if (ev->device == around.trial->device &&
	    hostile_fetches_wrote(&around.fetches, ev->addr, ev->len))
		platform_watch(around.parts->platform, ev->addr, ev->len);
}

static void fetched(void *arg, uint64_t addr, uint32_t size, uintptr_t code)
{
	struct platform *p = around.parts->platform;
	uintptr_t first;
	char text[120];

	if (!hostile_fetches_read(&around.fetches, addr, size, code, &first) ||
	    !reach(arg, addr, size, true))
		return;
	platform_mention(p, "read before at", first);
	platform_mention(p, "read again at", code);
	snprintf(text, sizeof(text), "%u bytes of the device's are read a "
		 "second time; it may have changed them since", size);
	platform_stop(p, RUN_GUEST_BUG, "double-fetch", text);
}

/* ---- the device ---- */

static struct pci_host *host(void *arg, size_t device, struct pci_host *slot)
{
	struct surroundings *s = arg;
	const struct hostile_config cfg = {
		.plan = &s->trial->plan, .reach = reach, .arg = s,
	};

	if (device != s->trial->device)
		return slot;
	s->hostile = hostile_create(slot, &cfg);
	return s->hostile ? hostile_host(s->hostile) : NULL;
}

static struct pci_function *front(void *arg, size_t device,
				  struct pci_function *fn)
{
	struct surroundings *s = arg;

	return device == s->trial->device ? hostile_attach(s->hostile, fn) : fn;
}

static void ready(void *arg, const struct run_parts *parts)
{
	struct surroundings *s = arg;

	s->parts = parts;
	s->account.kinds = 1ull << EV_ACCOUNT;
	s->account.see = see_account;
	event_bus_add(parts->bus, &s->account);
	s->writes.kinds = 1ull << EV_DMA_WRITE;
	s->writes.see = see_write;
	event_bus_add(parts->bus, &s->writes);
	platform_on_fetch(parts->platform, fetched, s);
}

/* ---- the script ---- */

static void unbind(void *arg)
{
	const struct surroundings *s = arg;
	struct guest_value value = {
		.given = true,
		.i = s->trial->scenario->devices[s->trial->device].bdf,
	};

	s->unbind->run(&value);
}

/* An image without such an action has its shutdown to unbind everything. */
static const struct guest_action *find_unbind(const struct scenario *s)
{
	const struct guest_action *a = s->guest->image->actions;

	for (; a && a->name; a++)
		if (!strcmp(a->name, "driver.unbind") && a->params &&
		    a->params[0].type == GUEST_PARAM_DEVICE &&
		    !a->params[1].name)
			return a;
	return NULL;
}

static void let_go(struct surroundings *s)
{
	struct platform *p = s->parts->platform;

	s->unbind = find_unbind(s->trial->scenario);
	if (s->unbind &&
	    !platform_within(p, UNBIND_LIMIT, "unbind", unbind, s))
		platform_stop(p, RUN_HANG, "unbind-never-ends",
			      "the driver does not let the device go, though it "
			      "was told to 60 s ago");
	if (platform_unfinished(p, s->unbind ? UNBIND_LIMIT : 0))
		platform_stop(p, RUN_HANG, "wait-outlives-driver",
			      "a step of the workload still waits, though its "
			      "driver was unbound");
}

static void script(void *arg, const struct run_parts *parts)
{
	struct surroundings *s = arg;
	struct platform *p = parts->platform;

	platform_within(p, s->trial->limit_ps, "workload", workload_script,
			parts->workload);
	if (s->trial->relents_early) {
		hostile_relent(s->hostile);
		platform_unfinished(p, s->trial->limit_ps);
	}
	parts->workload->stop = true;
	platform_cancel_actions(p);
	let_go(s);
	hostile_relent(s->hostile);
}

bool trial_run(struct trial *t, const char **error)
{
	const struct run_hooks hooks = {
		.arg = &around, .host = host, .front = front, .ready = ready,
		.script = script,
	};
	struct run_options options = {
		.trace = t->trace, .hooks = &hooks, .overrides = t->overrides,
		.budget_ps = RUN_LIMIT,
	};

	memset(&around, 0, sizeof(around));
	around.trial = t;
	around.map = dma_map_create();
	*error = "out of memory";
	if (!around.map)
		return false;
	t->run = run_create(t->scenario, &options, error);
	if (!t->run)
		return false;
	run_execute(t->run);
	memcpy(t->chances, hostile_chances(around.hostile), sizeof(t->chances));
	t->met = hostile_met(around.hostile);
	dma_map_destroy(around.map);
	return true;
}
