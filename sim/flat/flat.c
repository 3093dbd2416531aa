/* SPDX-License-Identifier: MIT */
/*
 * The small machine put together: its map, its slots, and the jobs that a test
 * gives to the guest's first thread (boot, actions, shutdown).
 */
#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "sim/flat/internal.h"

#define ARGS_MAX 4096u

/* ---- the machine ---- */

static bool below(uint64_t base, uint64_t size, uint64_t end)
{
	return base <= end && size <= end - base;
}

/* RAM lies clear of everything that the bridge and the doorbell decode. */
static bool config_valid(const struct flat_config *cfg)
{
	uint64_t base = cfg->ram_base, size = cfg->ram_size;

	if (!cfg->cpus || cfg->cpus > FLAT_MAX_CPUS ||
	    cfg->cpu_vectors > FLAT_MAX_VECTORS)
		return false;
	if (!size || size % FLAT_PAGE || base % FLAT_PAGE)
		return false;
	if (base < FLAT_ECAM_BASE)
		return below(base, size, FLAT_ECAM_BASE);
	return base > UINT32_MAX && below(base, size, FLAT_WINDOW64_BASE);
}

static void fill_info(struct flat_machine *fm)
{
	const struct flat_config *cfg = &fm->cfg;

	fm->info = (struct machine_info){
		.abi_version = MACHINE_ABI_VERSION,
		.size = sizeof(fm->info),
		.ram_base = cfg->ram_base,
		.ram_size = cfg->ram_size,
		.cpus = cfg->cpus,
		.msi_first_vector = FLAT_FIRST_VECTOR,
		.cpu_vectors = cfg->cpu_vectors,
		.msi_address = FLAT_MSI_BASE,
		.ecam = {FLAT_ECAM_BASE, FLAT_ECAM_SIZE},
		.window32 = {FLAT_WINDOW32_BASE, FLAT_WINDOW32_SIZE},
		.window64 = {FLAT_WINDOW64_BASE, FLAT_WINDOW64_SIZE},
		.window_io = {FLAT_IO_BASE, FLAT_IO_SIZE},
		.irq_lines = FLAT_LINES,
		.options = cfg->options ? cfg->options : fm->no_options,
		.config_ports = {FLAT_CONFIG_PORTS, 8},
	};
}

struct flat_machine *flat_create(const struct flat_config *cfg)
{
	static const struct flat_config defaults = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	if (!cfg)
		cfg = &defaults;
	if (!config_valid(cfg))
		return NULL;
	fm = calloc(1, sizeof(*fm));
	if (!fm)
		return NULL;
	fm->cfg = *cfg;
	fill_info(fm);
	if (!flat_memory_create(fm)) {
		free(fm);
		return NULL;
	}
	fm->s->job_done = true;
	return fm;
}

void flat_destroy(struct flat_machine *fm)
{
	struct flat_slot *slot;
	size_t i;

	if (!fm)
		return;
	if (fm->s->image && fm->s->image->dump_coverage)
		fm->s->image->dump_coverage();
	flat_snapshot_destroy(fm);
	for (slot = fm->s->slots; slot; slot = slot->next) {
		if (slot->fn)
			slot->fn->ops->destroy(slot->fn);
	}
	for (i = 0; i < FLAT_MAX_THREADS && fm->stacks[i]; i++)
		flat_stack_destroy(fm->stacks[i]);
	flat_memory_destroy(fm);
	free(fm->watched);
	free(fm);
}

const struct machine_calls *flat_calls(void)
{
	return &flat_call_table;
}

const struct machine_info *flat_info(const struct flat_machine *fm)
{
	return &fm->info;
}

struct machine *flat_machine_of(struct flat_machine *fm)
{
	return (struct machine *)fm;
}

const struct flat_counters *flat_counters(const struct flat_machine *fm)
{
	return &fm->s->counters;
}

void flat_on_data(struct flat_machine *fm, flat_data_fn *fn, void *arg)
{
	fm->data_fn = fn;
	fm->data_arg = arg;
}

/* ---- devices ---- */

struct pci_host *flat_slot(struct flat_machine *fm, uint32_t bdf)
{
	struct flat_slot *slot, **at = &fm->s->slots;
	uint8_t i;

	if (bdf >= FLAT_FUNCTIONS || fm->s->slot_of[bdf] || fm->snapshot)
		return NULL;
	slot = flat_alloc(fm, sizeof(*slot));
	if (!slot)
		return NULL;
	slot->host.ops = &flat_host_ops;
	slot->fm = fm;
	slot->bdf = bdf;
	for (i = 0; i < PCI_MAX_LANES; i++) {
		slot->lanes[i].slot = slot;
		slot->lanes[i].number = i;
	}
	while (*at && (*at)->bdf < bdf)
		at = &(*at)->next;
	slot->next = *at;
	*at = slot;
	fm->s->slot_of[bdf] = slot;
	return &slot->host;
}

void flat_attach(struct flat_machine *fm, struct pci_host *host,
		 struct pci_function *fn)
{
	struct flat_slot *slot = (struct flat_slot *)host;

	assert(slot->fm == fm && !slot->fn);
	slot->fn = fn;
}

void flat_unplug(struct flat_machine *fm, uint32_t bdf)
{
	struct flat_slot *slot = NULL;
	uint32_t pin;

	if (bdf < FLAT_FUNCTIONS)
		slot = fm->s->slot_of[bdf];
	if (!slot || !slot->fn || slot->gone)
		return;
	slot->host.ops->cancel(&slot->host, UINT64_MAX);
	for (pin = 1; pin <= 4; pin++)
		flat_slot_intx(slot, pin, false);
	slot->gone = true;
}

/* ---- jobs ---- */

const char *flat_code(const struct flat_machine *fm)
{
	return fm->s->code;
}

const char *flat_text(const struct flat_machine *fm)
{
	return fm->s->text;
}

int flat_run(struct flat_machine *fm, int (*job)(struct flat_machine *fm))
{
	struct flat_state *s = fm->s;

	assert(!s->current);
	if (s->end)
		return s->end;
	s->code[0] = s->text[0] = '\0';
	fm->job = job;
	flat_enter(fm, job != NULL);
	if (s->end)
		return s->end;
	return job ? s->job_result : 0;
}

int flat_usage(struct flat_machine *fm, const char *format, ...)
{
	va_list args;

	if (fm->s->end)
		return fm->s->end;
	flat_copy_text(fm->s->code, sizeof(fm->s->code), "usage");
	va_start(args, format);
	vsnprintf(fm->s->text, sizeof(fm->s->text), format, args);
	va_end(args);
	return FLAT_USAGE;
}

/* 0 or -errno; more is the image's mistake, and would look like FLAT_BUG. */
static int checked(struct flat_machine *fm, const char *what, int result)
{
	if (result > 0)
		flat_bug(fm, "bad-argument", "%s returned %d, not 0 or -errno",
			 what, result);
	return result;
}

static int boot_job(struct flat_machine *fm)
{
	return checked(fm, "boot",
		       fm->s->image->boot(flat_machine_of(fm), flat_calls(),
					  &fm->info));
}

int flat_boot(struct flat_machine *fm, const struct guest_image *image)
{
	if (fm->s->image)
		return flat_usage(fm, "a guest has been booted already");
	if (image->abi_version != MACHINE_ABI_VERSION ||
	    image->size < GUEST_IMAGE_SIZE_MIN)
		return flat_usage(fm, "guest %s is built for another machine.h",
			     image->name);
	fm->s->image = image;
	return flat_run(fm, boot_job);
}

static int action_job(struct flat_machine *fm)
{
	return checked(fm, fm->action->name, fm->action->run(fm->values));
}

const struct guest_action *flat_find_action(struct flat_machine *fm,
					    const char *name)
{
	const struct guest_image *image = fm->s->image;
	const struct guest_action *a;

	if (!image) {
		flat_usage(fm, "no guest has been booted");
		return NULL;
	}
	for (a = image->actions; a && a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	flat_usage(fm, "no action \"%s\"", name);
	return NULL;
}

int flat_action(struct flat_machine *fm, const char *name, const char *args)
{
	const struct guest_action *a = flat_find_action(fm, name);
	char store[ARGS_MAX], error[160];
	size_t n = 0;
	int result;

	if (!a)
		return FLAT_USAGE;
	while (a->params && a->params[n].name)
		n++;
	fm->values = calloc(n + 1, sizeof(*fm->values));
	if (!fm->values)
		return flat_usage(fm, "out of memory");
	if (flat_params_parse(a->params, args, fm->values, store,
			      sizeof(store), error, sizeof(error))) {
		fm->action = a;
		result = flat_run(fm, action_job);
	} else {
		result = flat_usage(fm, "%s: %s", name, error);
	}
	free(fm->values);
	fm->values = NULL;
	return result;
}

static int shutdown_job(struct flat_machine *fm)
{
	fm->s->image->shutdown();
	return 0;
}

int flat_shutdown(struct flat_machine *fm)
{
	if (!fm->s->image)
		return flat_usage(fm, "no guest has been booted");
	return flat_run(fm, shutdown_job);
}

static int call_job(struct flat_machine *fm)
{
	return fm->call_fn(fm->call_arg);
}

int flat_call(struct flat_machine *fm, int (*fn)(void *arg), void *arg)
{
	fm->call_fn = fn;
	fm->call_arg = arg;
	return flat_run(fm, call_job);
}

int flat_settle(struct flat_machine *fm)
{
	return flat_run(fm, NULL);
}
