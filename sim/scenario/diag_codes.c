/* SPDX-License-Identifier: MIT */
/*
 * The table of diagnostic codes: of mistakes in a file, of what a run showed, and,
 * in diag_codes_guest.inc, of a guest's bugs.  See diag_codes.h.
 */
#include <string.h>

#include "sim/scenario/diag_codes.h"

#define FILE_CODE(c, b) .code = c, .blame = DIAG_BLAME_FILE, .brief = b
#define RUN_CODE(c, b) .code = c, .blame = DIAG_BLAME_RUN, .brief = b
#define GUEST_CODE(c, b) .code = c, .blame = DIAG_BLAME_GUEST, .brief = b

const struct diag_code diag_codes[] = {
	/* ---- mistakes in a scenario or on the command line ---- */
	{ FILE_CODE("syntax",
		"the file is not YAML"),
	  .text = "The text cannot be read as YAML. The caret is where the reader "
		  "stopped; for a bracket or quote that is never closed it is at "
		  "the opening one.",
	  .example = "faults: [{point: guest.irq.request}" },
	{ FILE_CODE("not-utf8",
		"a byte that is not UTF-8"),
	  .text = "Scenario files are UTF-8. Often a name was saved in Latin-1, "
		  "or the file is not text at all." },
	{ FILE_CODE("control-character",
		"a character that cannot be seen"),
	  .text = "Control characters, NUL bytes and Unicode line separators are "
		  "refused: editors do not show them, and they move lines and "
		  "columns." },
	{ FILE_CODE("tab",
		"a tab in the indentation"),
	  .text = "YAML indents with spaces only." },
	{ FILE_CODE("blank-lines",
		"hundreds of blank lines in a row"),
	  .text = "Such a file takes very long to read, and nobody wrote it on "
		  "purpose." },
	{ FILE_CODE("directive",
		"a line that begins with %"),
	  .text = "YAML directives (%YAML, %TAG) are not part of scenario files. "
		  "Leave the line out; inside a text indent it.",
	  .example = "%YAML 1.2" },
	{ FILE_CODE("anchor",
		"an anchor (&name)"),
	  .text = "Anchors and aliases are not part of scenario files: what a "
		  "line means would depend on another. Use matrix: and ${name}, "
		  "or defaults:.",
	  .example = "cpus: &n 4" },
	{ FILE_CODE("alias",
		"an alias (*name)"),
	  .text = "See anchor. A text that begins with * belongs in quotes.",
	  .example = "cpus: *n" },
	{ FILE_CODE("merge-key",
		"a merge key (<<)"),
	  .text = "Merge keys are not part of scenario files. What several files "
		  "share goes into one that they name by defaults:.",
	  .example = "<<: {cpus: 4}" },
	{ FILE_CODE("tag",
		"a YAML tag (!name)"),
	  .text = "Tags are not part of scenario files; types come from the keys. "
		  "A text that begins with ! belongs in quotes.",
	  .example = "cpus: !!int 4" },
	{ FILE_CODE("second-document",
		"a second document in one file"),
	  .text = "A line of three dashes begins another document; a file holds "
		  "one scenario." },
	{ FILE_CODE("empty-file",
		"a file without content"),
	  .text = "There is nothing but blank lines and comments in the file." },
	{ FILE_CODE("too-large",
		"a file of more than 1 MiB"),
	  .text = "Scenarios are a few dozen lines; perhaps a disk image was "
		  "named instead." },
	{ FILE_CODE("too-deep",
		"nested too deeply"),
	  .text = "Maps and lists may nest 32 levels, workload steps 8." },
	{ FILE_CODE("too-many-keys",
		"a map of more than 1000 keys"),
	  .text = "No map of a scenario has so many keys." },
	{ FILE_CODE("bad-key",
		"a key that is not a word"),
	  .text = "The key of a map is a plain or quoted text, not a list, a map "
		  "or nothing.",
	  .example = "? [a, b]\n: 1" },
	{ FILE_CODE("duplicate-key",
		"a name that is given twice"),
	  .text = "A map has a key twice, or a list of values has a value twice. "
		  "One of them would be lost without notice.",
	  .example = "cpus: 1\ncpus: 2" },
	{ FILE_CODE("unknown-key",
		"a key that nothing reads"),
	  .text = "The key is not known where it stands. `x-` in front of a key "
		  "makes it a note that is never read.",
	  .example = "sede: 1" },
	{ FILE_CODE("missing-key",
		"a key that must be there is not"),
	  .text = "The map lacks a key without which it means nothing.",
	  .example = "faults:\n  - {nth: 1}" },
	{ FILE_CODE("wrong-type",
		"a value of the wrong kind"),
	  .text = "The value is a list where a number is needed, a text in quotes "
		  "where a number is needed, and so on. Numbers and true or false "
		  "stand without quotes; times need a unit.",
	  .example = "cpus: \"4\"" },
	{ FILE_CODE("wrong-value",
		"a value that is not among those allowed"),
	  .text = "The value has the right type and is none that the key knows.",
	  .example = "intx: E" },
	{ FILE_CODE("out-of-range",
		"a number outside of its range"),
	  .text = "The number is too small or too large; the range is in the "
		  "message.",
	  .example = "cpus: 0" },
	{ FILE_CODE("newer-schema",
		"a schema number of the future"),
	  .text = "The file says that it is written for a later version of the "
		  "format.",
	  .example = "schema: 2" },
	{ FILE_CODE("cannot-read",
		"a file that cannot be read"),
	  .text = "The file is missing, is a directory, or its permissions forbid "
		  "it. Names in a scenario are relative to the scenario's folder.",
	  .example = "image: data/wrods.img.gz" },
	{ FILE_CODE("known-line",
		"a line of a --known file that is not PATTERN: REFERENCE"),
	  .text = "Each line of such a file is a pattern for FILE[cell], a colon "
		  "and a blank, and where the failure is told of. Lines that "
		  "begin with # are for people.",
	  .example = "scenarios/ladder/*[queues=2]: bug 12" },
	{ FILE_CODE("nested-defaults",
		"defaults of defaults"),
	  .text = "A file that is named by defaults: may not have defaults: "
		  "itself; one level keeps it clear where a value comes from." },
	{ FILE_CODE("unknown-variable",
		"a ${name} without a value"),
	  .text = "Values come from an axis of matrix: or from the row of cases:. "
		  "A plain ${ is written $${.",
	  .example = "cpus: ${cpu}" },
	{ FILE_CODE("unused-variable",
		"a value that nothing reads"),
	  .text = "An axis of matrix: or a value of a row is never used as "
		  "${name}, so its cells would all be the same run.",
	  .example = "matrix: {queues: [1, 2]}" },
	{ FILE_CODE("nested-variable",
		"a ${name} inside of a value"),
	  .text = "Values are filled in once; they cannot name other values.",
	  .example = "matrix: {a: [\"${b}\"], b: [1]}" },
	{ FILE_CODE("too-many-cells",
		"a matrix of more than 10,000 cells"),
	  .text = "The product of all axes and rows is too large for one file, or "
		  "there are more than 16 axes." },
	{ FILE_CODE("no-cells",
		"exclude leaves nothing"),
	  .text = "Every cell of the file matches an entry of exclude:." },
	{ FILE_CODE("needs-cell",
		"a file of several cells, and none was named"),
	  .text = "Each cell of a matrix is a run of its own: name one as "
		  "FILE[cell]. Some of its parts are enough where they fit only "
		  "one.",
	  .example = "ringside run ladder.yaml" },
	{ FILE_CODE("unknown-cell",
		"no such cell"),
	  .text = "The file has no cell of this name, or no cells at all.",
	  .example = "ringside run ladder.yaml[queues=9]" },
	{ FILE_CODE("bad-option",
		"an option of the command line that cannot be read"),
	  .text = "--set wants PATH=VALUE, --inject wants POINT@DEVICE#N=ERRNO, "
		  "where @, # and = may be left out.",
	  .example = "ringside run a.yaml --set cpus" },
	{ FILE_CODE("unknown-guest",
		"no such guest image"),
	  .text = "The image is neither on the search path nor where the path "
		  "points, or it cannot be loaded. `ringside list guests` tells "
		  "what there is.",
	  .example = "guest: refernce" },
	{ FILE_CODE("guest-not-built",
		"a guest that this build does not have"),
	  .text = "Images of Linux drivers are built from a package of Linux's "
		  "sources, which was not installed here. With the package, the "
		  "next `./ringside run` builds the image; without, the run is "
		  "skipped (exit 77).",
	  .example = "guest: linux-6.12" },
	{ FILE_CODE("unknown-model",
		"no such device model"),
	  .text = "`ringside list devices` tells the models that there are.",
	  .example = "model: virtio-blok" },
	{ FILE_CODE("unknown-timing",
		"no such timing profile"),
	  .text = "`ringside list timings` tells the profiles that there are.",
	  .example = "timing: pcie-gen9-x64" },
	{ FILE_CODE("unknown-device",
		"no device of this id"),
	  .text = "The name is none of the ids under machine.devices.",
	  .example = "- {point: guest.irq.request, device: disk1}" },
	{ FILE_CODE("unknown-feature",
		"no such feature bit"),
	  .text = "The model does not know the name; `ringside list features` "
		  "does. A bit without a name is written {bit: 51}.",
	  .example = "offer: [VIRTIO_BLK_F_FLSUH]" },
	{ FILE_CODE("feature-needs",
		"a feature without the one it needs"),
	  .text = "The specification allows the feature only together with "
		  "another (virtio 1.2 2.2.1 and the section of the device)." },
	{ FILE_CODE("feature-twice",
		"a feature both offered and withheld"),
	  .text = "The lists of features: contradict each other.",
	  .example = "features: {offer: [VIRTIO_F_EVENT_IDX], withhold: [VIRTIO_F_EVENT_IDX]}" },
	{ FILE_CODE("duplicate-id",
		"two devices of one id"),
	  .text = "Ids name devices in the rest of the file, so each is used "
		  "once." },
	{ FILE_CODE("bad-slot",
		"a slot that is none"),
	  .text = "A slot is bus:device.function, two hex digits, two hex digits, "
		  "one digit. There is one bus, 00, with devices 00 to 1f, each of "
		  "which has functions 0 to 7.",
	  .example = "slot: \"00:20.0\"" },
	{ FILE_CODE("taken-slot",
		"two devices in one slot"),
	  .text = "Each slot holds one device; 00:00.0 is the host bridge. "
		  "Without slot: a device gets the next free one.",
	  .example = "slot: \"00:00.0\"" },
	{ FILE_CODE("no-function-0",
		"functions of a device that has no function 0"),
	  .text = "A scan of the bus looks at functions 1 to 7 only where "
		  "function 0 answers and says that there are more (PCI 3.0 "
		  "6.2.1), so nothing would ever find this one.",
	  .example = "slot: \"00:01.1\"" },
	{ FILE_CODE("too-many-devices",
		"more devices than a bus has functions"),
	  .text = "Bus 00 has 256 functions, and one is the host bridge.",
	  .example = "- {id: a, count: 200}\n- {id: b, count: 100}" },
	{ FILE_CODE("bad-device",
		"values of which no device can be made"),
	  .text = "The model refuses the combination of values; the message says "
		  "why.",
	  .example = "image: odd-size.img" },
	{ FILE_CODE("not-modelled",
		"something that this program does not model"),
	  .text = "The value is part of the format and of no machine that can be "
		  "built here.",
	  .example = "transport: mmio" },
	{ FILE_CODE("unknown-point",
		"no such fault point"),
	  .text = "The guest image, the devices of this machine and the machine "
		  "itself do not have the point. `ringside list faults` tells "
		  "all.",
	  .example = "- {point: guest.pci.alloc_vectors}" },
	{ FILE_CODE("not-by-queue",
		"a fault that cannot be narrowed to a queue"),
	  .text = "Calls of this point do not tell a queue, so queue: would never "
		  "match.",
	  .example = "- {point: device.features_ok, queue: 1}" },
	{ FILE_CODE("no-error-here",
		"a fault without an error to choose"),
	  .text = "The device does something wrong at this point, it does not "
		  "return an error.",
	  .example = "- {point: device.features_ok, error: EIO}" },
	{ FILE_CODE("no-effect-here",
		"a fault without effects to choose from"),
	  .text = "One thing only can happen at this point, or it returns an "
		  "error, which `error:` names. `ringside explain POINT` tells "
		  "what a point has.",
	  .example = "- {point: guest.irq.request, effect: lost}" },
	{ FILE_CODE("unknown-effect",
		"not an effect of this fault point"),
	  .text = "What can happen at a point is listed by `ringside explain "
		  "POINT`; the first is the default.",
	  .example = "- {point: bus.msi, effect: gone}" },
	{ FILE_CODE("takes-no-time",
		"an effect for which one cannot say how long"),
	  .text = "`takes:` is how long an effect of time lasts, or by how much "
		  "it delays something: timeout, slow, delayed, duplicated, "
		  "stuck.",
	  .example = "- {point: bus.msi, effect: lost, takes: 5us}" },
	{ FILE_CODE("unknown-finding",
		"no finding has this code"),
	  .text = "`finds:` names what a run's checks can find, by the code that "
		  "stands in brackets behind it, as wait-never-ends. An "
		  "expectation that is not met and a fault that is not reached "
		  "are mistakes of the scenario and cannot be expected.",
	  .example = "- {finds: hang}" },
	{ FILE_CODE("only-at-the-end",
		"an expectation that has no answer yet"),
	  .text = "What a run finds is complete when it has ended: `finds:` "
		  "belongs to the file's own `expect`, not to a step.",
	  .example = "- expect: [{finds: leak}]" },
	{ FILE_CODE("unknown-clause",
		"no clause has this id"),
	  .text = "`waive:` names a clause of virtio 1.2 by its id, as findings "
		  "do and docs/clauses.md lists them.",
	  .example = "waive: [{clause: STAT-D2, guest: mine, reason: \"...\"}]" },
	{ FILE_CODE("unknown-event",
		"no event has this name"),
	  .text = "`from:` and `until:` of a fault name an event as `order` "
		  "does: [DEVICE/]EVENT [FIELD=NUMBER]... [TEXT]. docs/trace.md "
		  "has the events and their fields.",
	  .example = "- {point: guest.irq.request, from: disk0/probe-begun}" },
	{ FILE_CODE("unknown-error",
		"no such error name"),
	  .text = "Errors are named as in Linux's errno.h.",
	  .example = "error: ENOSPACE" },
	{ FILE_CODE("unknown-action",
		"no such action"),
	  .text = "The guest image does not offer it; `ringside list actions` "
		  "tells what it does.",
	  .example = "- blk.raed: {device: disk0}" },
	{ FILE_CODE("empty-expectation",
		"an expectation that expects nothing"),
	  .text = "An entry of expect: names a device, a fault or a guest, and no "
		  "key of which a value is expected.",
	  .example = "- {device: disk0}" },
	/* ---- what a run showed ---- */
	{ RUN_CODE("expectation",
		"an expectation was not met"),
	  .text = "What a scenario's expect: says is not what the run showed. The "
		  "message tells both; the caret is at the expectation." },
	{ RUN_CODE("probe-failed",
		"a probe failed that nobody expected to"),
	  .text = "A device that no expectation names must have a driver at the "
		  "end." },
	{ RUN_CODE("action-failed",
		"a step of the workload failed"),
	  .text = "The action returned an error, or another than its `fails:` "
		  "says, or none where `fails:` expects one." },
	{ RUN_CODE("boot-failed",
		"the guest did not boot"),
	  .text = "The image's boot function returned an error." },
	{ RUN_CODE("rebind-differs",
		"bound again, a device is used otherwise than without a fault"),
	  .text = "A sweep binds all devices again after a run with a fault, "
		  "without one, and runs the workload once more. The driver "
		  "must then do to the device what it does on a machine that "
		  "had no fault. It did something else: a state has survived "
		  "that should not have. `ringside sweep FILE --inject FAULT` "
		  "runs it again; docs/sweep.md has what is compared." },
	{ RUN_CODE("unreached-fault",
		"a fault was never reached"),
	  .text = "No call came to the point of a rule often enough for it to "
		  "fire, so the scenario did not test what it says. Check the "
		  "narrowing (device, queue, cpu) and nth." },
	{ RUN_CODE("violation",
		"the guest broke a rule of the specification"),
	  .text = "The device model saw the driver do something that the virtio "
		  "or PCI specification forbids. Where that is the point of a "
		  "scenario, expect violations." },
	{ RUN_CODE("leak",
		"a resource was never returned"),
	  .text = "The guest took memory, a vector, a mapping... and had not "
		  "given it back when its owner was gone: after a failed probe, a "
		  "remove, or shutdown. The functions are those that took it." },
	{ RUN_CODE("double-return",
		"a resource was returned twice"),
	  .text = "The guest gave back what it did not hold." },
	{ RUN_CODE("ring-freed",
		"a queue's memory is taken away while the device may use it"),
	  .text = "The driver gave back a descriptor table or a ring of a queue "
		  "that is enabled. A device lets go of its queues by a reset, "
		  "which is over when device_status reads 0." },
	{ RUN_CODE("vector-left-mapped",
		"MSI-X is turned off while an event is mapped to a vector"),
	  .text = "The driver gave up its vectors and left a queue, or "
		  "configuration changes, mapped to one of them. With MSI-X on "
		  "again the device interrupts by it, whatever it is for then. "
		  "Writing NO_VECTOR or a reset ends a mapping." },
	{ RUN_CODE("interrupt-lost",
		"an interrupt was lost"),
	  .text = "A device had something to tell and the guest never heard of "
		  "it: the message was neither delivered, nor is it pending, nor "
		  "did the driver suppress it." },
	{ RUN_CODE("interrupt-from-nowhere",
		"an interrupt without a cause"),
	  .text = "The guest took an interrupt that no device sent." },
	{ RUN_CODE("intx-stuck",
		"an interrupt line that nobody lowers"),
	  .text = "The line was still asserted at the end: no driver reads the "
		  "cause that would lower it." },
	{ RUN_CODE("data-differs",
		"data that was read is not what the disk holds"),
	  .text = "The simulator keeps its own copy of each medium; what the "
		  "guest read or wrote differs from it." },
	{ RUN_CODE("driver-rule",
		"the driver broke a clause of the specification"),
	  .text = "A clause of virtio 1.2 that binds the driver; its id stands "
		  "beside the code, and `ringside explain ID` has what it asks. "
		  "The line of the guest is where the access was made, or where "
		  "the device was told of what is wrong in memory. A scenario "
		  "whose point it is says `finds: driver-rule ID`; one that has "
		  "to live with it, `waive`." },
	{ RUN_CODE("device-rule",
		"a device model broke a rule itself"),
	  .text = "A rule of PCI or virtio that binds the device, not the "
		  "driver. Where the scenario has a fault that makes the device "
		  "break it (a quirk), this is what comes of it. Else it is a "
		  "mistake of the device model: please report it with the "
		  "scenario." },
	/* ---- a guest's bugs ---- */
#include "sim/scenario/diag_codes_guest.inc"
	{ .code = NULL },
};

const struct diag_code *diag_code_find(const char *code)
{
	for (const struct diag_code *c = diag_codes; c->code; c++)
		if (strcmp(c->code, code) == 0)
			return c;
	return NULL;
}
