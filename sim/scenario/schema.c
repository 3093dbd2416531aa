/* SPDX-License-Identifier: MIT */
/*
 * The tables of schema.h: every key that a scenario file may hold, except those
 * that a device model (its properties), a guest image (its options and actions)
 * or expect_keys.c knows.
 */
#include "sim/scenario/schema.h"

#include "models/pci/device_model.h"

static const char *const dma_words[] = {
	"stepwise", "batched", "bounce", NULL
};
static const char *const transport_words[] = { "pci", "mmio", NULL };
static const char *const interface_words[] = {
	"modern", "transitional", "legacy", NULL
};
static const char *const base_words[] = { "default", "all", "none", NULL };
const char *const schema_caps_words[] = {
	"plain", "repeated", "foreign", "long", "shared", "shared-twice",
	"shared-outside", "common-in-no-bar", "common-outside", "common-wraps",
	"common-short", "no-notify", "loop-behind",
	"loop-first", "pointer-low", "pointer-odd", "end-nowhere", "unlisted",
	"msix-in-no-bar", "msix-outside", NULL
};
_Static_assert(sizeof(schema_caps_words) / sizeof(schema_caps_words[0]) ==
	       DEVICE_CAPS_SHAPES + 1, "a word for each shape");
static const char *const intx_words[] = { "none", "A", "B", "C", "D", NULL };

#define MAP(id, table, count_, about_, others_)                              \
	const struct schema_map schema_##id = {                              \
		.name = #id, .about = about_, .keys = table,                 \
		.count = count_, .others = others_,                          \
	}

static const struct schema_key budget_keys[] = {
	[BUDGET_TIME] = { .name = "time", .type = SCHEMA_TIME, .deflt = "10s",
		.min = 1000, .max = INT64_MAX,
		.about = "simulated time; passing it fails the run" },
	[BUDGET_KEYS] = { .name = NULL },
};
MAP(budget, budget_keys, BUDGET_KEYS, "What a run may use up.", NULL);

static const struct schema_key features_keys[] = {
	[FEATURES_BASE] = { .name = "base", .type = SCHEMA_WORD,
		.deflt = "default", .words = base_words,
		.about = "what the list starts from: the model's default, all that it knows, or none" },
	[FEATURES_OFFER] = { .name = "offer", .type = SCHEMA_FEATURES,
		.about = "features to add, by name or {bit: N}" },
	[FEATURES_WITHHOLD] = { .name = "withhold", .type = SCHEMA_FEATURES,
		.about = "features to take away, by name or {bit: N}" },
	[FEATURES_KEYS] = { .name = NULL },
};
MAP(features, features_keys, FEATURES_KEYS,
    "The feature bits that a device offers.", NULL);

static const struct schema_key msix_keys[] = {
	[MSIX_TABLE_SIZE] = { .name = "table_size", .type = SCHEMA_INT,
		.min = 0, .max = 2048,
		.about = "entries of the MSI-X table; 0: no MSI-X capability; without it: the model's default" },
	[MSIX_KEYS] = { .name = NULL },
};
MAP(msix, msix_keys, MSIX_KEYS, "A device's MSI-X capability.", NULL);

static const struct schema_key device_keys[] = {
	[DEVICE_ID] = { .name = "id", .type = SCHEMA_STRING, .required = true,
		.about = "the name by which the rest of the file calls the device" },
	[DEVICE_MODEL] = { .name = "model", .type = SCHEMA_STRING,
		.required = true,
		.about = "a model's name, or ./path.so" },
	[DEVICE_SLOT] = { .name = "slot", .type = SCHEMA_STRING,
		.about = "bus:device.function, as \"00:01.0\"; without it: the next free device of bus 0" },
	[DEVICE_COUNT] = { .name = "count", .type = SCHEMA_INT, .min = 1,
		.max = 255,
		.about = "so many devices of this kind, `id` and a number from 0 (disk0, disk1); with `slot` in consecutive functions from there, without it each in a device of its own" },
	[DEVICE_TRANSPORT] = { .name = "transport", .type = SCHEMA_WORD,
		.deflt = "pci", .words = transport_words,
		.about = "how the driver reaches the device" },
	[DEVICE_INTERFACE] = { .name = "interface", .type = SCHEMA_WORD,
		.deflt = "modern", .words = interface_words,
		.about = "the virtio interface that the device has" },
	[DEVICE_FEATURES] = { .name = "features", .type = SCHEMA_MAP,
		.map = &schema_features,
		.about = "the feature bits that the device offers" },
	[DEVICE_MSIX] = { .name = "msix", .type = SCHEMA_MAP,
		.map = &schema_msix, .about = "the MSI-X capability" },
	[DEVICE_INTX] = { .name = "intx", .type = SCHEMA_WORD, .deflt = "A",
		.words = intx_words, .about = "the interrupt pin" },
	[DEVICE_CAPABILITIES] = { .name = "capabilities", .type = SCHEMA_WORD,
		.deflt = "plain", .words = schema_caps_words,
		.about = "how a virtio device shows its capability list" },
	[DEVICE_KEYS] = { .name = NULL },
};
MAP(device, device_keys, DEVICE_KEYS, "A device of the machine.",
    "the device's model (`ringside list devices`)");

static const struct schema_key machine_keys[] = {
	[MACHINE_GUEST] = { .name = "guest", .type = SCHEMA_STRING,
		.deflt = "reference",
		.about = "the guest image's name, or ./path.so" },
	[MACHINE_GUEST_OPTIONS] = { .name = "guest_options",
		.type = SCHEMA_OPEN,
		.about = "options of the image (`ringside list guests`)" },
	[MACHINE_CPUS] = { .name = "cpus", .type = SCHEMA_INT, .deflt = "1",
		.min = 1, .max = 8, .about = "virtual CPUs" },
	[MACHINE_MEMORY] = { .name = "memory", .type = SCHEMA_SIZE,
		.deflt = "64MiB", .min = INT64_C(1) << 20,
		.max = INT64_C(1792) << 20, .about = "guest RAM" },
	[MACHINE_TIMING] = { .name = "timing", .type = SCHEMA_STRING,
		.deflt = "pcie-gen3-x4",
		.about = "a timing profile (`ringside list timings`)" },
	[MACHINE_DMA] = { .name = "dma", .type = SCHEMA_WORD,
		.deflt = "stepwise", .words = dma_words,
		.about = "stepwise: a wait for each DMA read; batched: one for a batch; bounce: stepwise, and buffers are copied at map and unmap" },
	[MACHINE_CPU_VECTORS] = { .name = "cpu_vectors", .type = SCHEMA_INT,
		.deflt = "224", .min = 0, .max = 224,
		.about = "interrupt vectors of each CPU that MSI and MSI-X may use" },
	[MACHINE_DEVICES] = { .name = "devices", .type = SCHEMA_MAPS,
		.map = &schema_device, .about = "what is plugged in" },
	[MACHINE_KEYS] = { .name = NULL },
};
MAP(machine, machine_keys, MACHINE_KEYS, "The machine and its guest.", NULL);

static const struct schema_key fault_keys[] = {
	[FAULT_POINT] = { .name = "point", .type = SCHEMA_STRING,
		.required = true,
		.about = "a fault point (`ringside list faults`)" },
	[FAULT_DEVICE] = { .name = "device", .type = SCHEMA_STRING,
		.about = "only calls for this device" },
	[FAULT_QUEUE] = { .name = "queue", .type = SCHEMA_INT, .min = 0,
		.max = 65534, .about = "only calls for this queue" },
	[FAULT_INDEX] = { .name = "index", .type = SCHEMA_INT, .min = 0,
		.max = UINT32_MAX - 1,
		.about = "only calls with this index: an offset, a number of bytes, as the point's line says" },
	[FAULT_CPU] = { .name = "cpu", .type = SCHEMA_INT, .min = 0,
		.max = 63, .about = "only calls on this CPU" },
	[FAULT_NTH] = { .name = "nth", .type = SCHEMA_INT, .deflt = "1",
		.min = 1, .max = INT64_MAX,
		.about = "the first call that fails, from 1, after narrowing" },
	[FAULT_TIMES] = { .name = "times", .type = SCHEMA_INT, .min = 0,
		.max = INT64_MAX,
		.about = "how many calls fail, 0: no limit; without it: 1 where `nth` is given, else no limit" },
	[FAULT_INTERVAL] = { .name = "interval", .type = SCHEMA_INT,
		.deflt = "1", .min = 1, .max = INT64_MAX,
		.about = "from `nth` on, only every n-th call fails" },
	[FAULT_PROBABILITY] = { .name = "probability", .type = SCHEMA_INT,
		.deflt = "100", .min = 1, .max = 100,
		.about = "percent, seeded" },
	[FAULT_SPACE] = { .name = "space", .type = SCHEMA_SIZE,
		.deflt = "0", .min = 0, .max = INT64_MAX,
		.about = "so much is let through first, in units of the point (bytes)" },
	[FAULT_AFTER] = { .name = "after", .type = SCHEMA_TIME, .min = 0,
		.max = INT64_MAX,
		.about = "only calls so much simulated time after power-on, or after `from`" },
	[FAULT_FROM] = { .name = "from", .type = SCHEMA_STRING,
		.about = "only calls after this event, in the words of `order`" },
	[FAULT_UNTIL] = { .name = "until", .type = SCHEMA_STRING,
		.about = "only calls before this event, in the words of `order`; `from` may come again" },
	[FAULT_ERROR] = { .name = "error", .type = SCHEMA_ERRNO,
		.about = "the error; without it: the point's first" },
	[FAULT_EFFECT] = { .name = "effect", .type = SCHEMA_STRING,
		.about = "what happens, where the point has several effects; without it: the point's first" },
	[FAULT_TAKES] = { .name = "takes", .type = SCHEMA_TIME, .min = 1,
		.max = INT64_MAX,
		.about = "how long, where the effect is one of time (timeout, slow, delayed, duplicated, stuck); without it: as the point says" },
	[FAULT_KEYS] = { .name = NULL },
};
MAP(fault, fault_keys, FAULT_KEYS, "A fault to inject.", NULL);

static const struct schema_key known_keys[] = {
	[KNOWN_REF] = { .name = "ref", .type = SCHEMA_STRING,
		.required = true, .about = "where the failure is described" },
	[KNOWN_GUEST] = { .name = "guest", .type = SCHEMA_STRING,
		.about = "only with this guest, or with all of this family (linux)" },
	[KNOWN_KEYS] = { .name = NULL },
};
MAP(known, known_keys, KNOWN_KEYS,
    "A failure that is expected; passing is then an error.", NULL);

static const struct schema_key waive_keys[] = {
	[WAIVE_CLAUSE] = { .name = "clause", .type = SCHEMA_STRING,
		.required = true,
		.about = "its id, as in docs/clauses.md" },
	[WAIVE_DEVICE] = { .name = "device", .type = SCHEMA_STRING,
		.about = "only by or to this device; without it: all" },
	[WAIVE_GUEST] = { .name = "guest", .type = SCHEMA_STRING,
		.about = "only with this guest, or with all of this family (linux)" },
	[WAIVE_REASON] = { .name = "reason", .type = SCHEMA_STRING,
		.required = true, .about = "why it is let pass" },
	[WAIVE_KEYS] = { .name = NULL },
};
MAP(waive, waive_keys, WAIVE_KEYS,
    "A clause of the specification that may be broken.", NULL);

static const struct schema_key repeat_keys[] = {
	[REPEAT_TIMES] = { .name = "times", .type = SCHEMA_INT,
		.required = true, .min = 1, .max = 1000000,
		.about = "how often" },
	[REPEAT_STEPS] = { .name = "steps", .type = SCHEMA_STEPS,
		.required = true, .about = "what" },
	[REPEAT_KEYS] = { .name = NULL },
};
MAP(repeat, repeat_keys, REPEAT_KEYS, "Steps done several times.", NULL);

static const struct schema_key root_keys[] = {
	[ROOT_SCHEMA] = { .name = "schema", .type = SCHEMA_INT,
		.required = true, .min = 1, .max = 1,
		.about = "the number of this format" },
	[ROOT_NAME] = { .name = "name", .type = SCHEMA_STRING,
		.about = "without it: the file's name" },
	[ROOT_ABOUT] = { .name = "about", .type = SCHEMA_STRING,
		.about = "one sentence: what is tried, what should come of it" },
	[ROOT_REFS] = { .name = "refs", .type = SCHEMA_STRINGS,
		.about = "where the matter is described" },
	[ROOT_TAGS] = { .name = "tags", .type = SCHEMA_STRINGS,
		.about = "words to select files by" },
	[ROOT_DEFAULTS] = { .name = "defaults", .type = SCHEMA_STRING,
		.about = "a file that holds what this one does not say; maps merge, lists replace" },
	[ROOT_MATRIX] = { .name = "matrix", .type = SCHEMA_OPEN,
		.about = "lists of values by name; each combination is a run" },
	[ROOT_CASES] = { .name = "cases", .type = SCHEMA_OPEN,
		.about = "rows of values by the row's name; each row is a run" },
	[ROOT_EXCLUDE] = { .name = "exclude", .type = SCHEMA_OPEN,
		.about = "a list of combinations that are left out" },
	[ROOT_SEED] = { .name = "seed", .type = SCHEMA_UINT64, .deflt = "1",
		.about = "of all that is random" },
	[ROOT_BUDGET] = { .name = "budget", .type = SCHEMA_MAP,
		.map = &schema_budget, .about = "what a run may use up" },
	[ROOT_MACHINE] = { .name = "machine", .type = SCHEMA_MAP,
		.required = true, .map = &schema_machine,
		.about = "the machine and its guest" },
	[ROOT_FAULTS] = { .name = "faults", .type = SCHEMA_MAPS,
		.map = &schema_fault, .about = "what is made to fail" },
	[ROOT_WORKLOAD] = { .name = "workload", .type = SCHEMA_STEPS,
		.about = "what the guest is asked to do, in order" },
	[ROOT_EXPECT] = { .name = "expect", .type = SCHEMA_EXPECTS,
		.about = "the state at the end" },
	[ROOT_KNOWN] = { .name = "known", .type = SCHEMA_MAP,
		.map = &schema_known, .about = "an expected failure" },
	[ROOT_WAIVE] = { .name = "waive", .type = SCHEMA_MAPS,
		.map = &schema_waive,
		.about = "clauses of the specification that may be broken" },
	[ROOT_KEYS] = { .name = NULL },
};
const struct schema_map schema_root = {
	.name = "the file", .about = "A scenario file.", .keys = root_keys,
	.count = ROOT_KEYS,
};

_Static_assert(ROOT_KEYS <= SCHEMA_MAX_KEYS, "values[] must hold all keys");
