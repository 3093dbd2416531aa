/* SPDX-License-Identifier: MIT */
/*
 * The bench of rig.h.  The image is loaded once a process and its variables are
 * put back before each machine.
 */
#include "tests/unit/driver/rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/device_model.h"
#include "tests/shim/gtest_c.h"

#define MAX_PROPERTIES 32

static const struct device_model *blk_model(void)
{
	size_t i;

	for (i = 0; device_catalogue[i]; i++)
		if (!strcmp(device_catalogue[i]->name, "virtio-blk"))
			return device_catalogue[i];
	return NULL;
}

static struct flat_image *reference_image(void)
{
	static struct flat_image *image;
	char error[200] = "";

	if (!image)
		image = flat_image_open(RINGSIDE_GUEST_DIR "/reference.so",
					error, sizeof(error));
	if (!image)
		ADD_FAILURE("reference.so: %s", error);
	return image;
}

static uint64_t default_features(const struct device_model *model)
{
	const struct device_feature *f;
	uint64_t bits = 0;

	for (f = model->features; f->name; f++)
		if (f->deflt)
			bits |= 1ull << f->bit;
	return bits;
}

static void set_value(const struct device_model *model,
		      struct device_value *values, const char *name,
		      struct device_value value)
{
	size_t i;

	for (i = 0; model->properties[i].name; i++) {
		if (strcmp(model->properties[i].name, name))
			continue;
		value.given = true;
		values[i] = value;
		return;
	}
	ADD_FAILURE("the model has no property %s", name);
}

static bool make_device(struct rig *r, const struct rig_options *o)
{
	const struct device_model *model = blk_model();
	struct device_value values[MAX_PROPERTIES] = { { 0 } };
	struct device_config cfg = {
		.id = "disk0", .interface = DEVICE_IF_MODERN,
		.msix_entries = o->msix_entries, .intx_pin = o->pin,
		.values = values,
	};
	struct pci_host *slot = flat_slot(r->fm, RIG_BDF);
	struct device_error err = { 0 };
	struct pci_function *fn;
	size_t i;

	for (i = 0; model->properties[i].name; i++)
		values[i].i = model->properties[i].deflt;
	set_value(model, values, "image", (struct device_value){
		.s = "disk.img", .bytes = r->file, .len = RIG_BYTES });
	set_value(model, values, "queues", (struct device_value){
		.i = o->queues });
	set_value(model, values, "queue_size", (struct device_value){
		.i = o->queue_size });
	set_value(model, values, "serial", (struct device_value){
		.s = "ringside-test" });
	set_value(model, values, "read_only", (struct device_value){
		.i = o->read_only });
	cfg.features = (default_features(model) | o->offer) & ~o->withhold;

	r->dev = meddler_create(slot);
	fn = model->create(&cfg, &r->dev->host, &err);
	if (!fn) {
		ADD_FAILURE("no device: %s: %s", err.property ? err.property : "-",
		     err.text);
		return false;
	}
	meddler_attach(r->dev, fn);
	flat_attach(r->fm, slot, &r->dev->fn);
	return true;
}

static bool on_data(void *arg, enum machine_data_kind kind, uint32_t device,
		    uint64_t offset, const void *buf, uint64_t len)
{
	struct rig *r = arg;

	if (device != RIG_BDF || offset > RIG_BYTES ||
	    len > RIG_BYTES - offset) {
		r->bad++;
		return false;
	}
	if (kind == MACHINE_DATA_IN_DOUBT)
		return true;
	if (kind == MACHINE_DATA_WRITTEN)
		memcpy(r->medium + offset, buf, len);
	if (!memcmp(r->medium + offset, buf, len))
		return true;
	r->bad++;
	return false;
}

struct rig *rig_open(const struct rig_options *o)
{
	static const struct rig_options defaults = RIG_DEFAULTS;
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_image *image = reference_image();
	struct rig *r = calloc(1, sizeof(*r));
	size_t i;

	o = o ? o : &defaults;
	for (i = 0; i < RIG_BYTES; i++)
		r->file[i] = r->medium[i] = (uint8_t)(i * 7 + i / 512);
	cfg.cpu_vectors = o->cpu_vectors;
	cfg.options = o->guest;
	r->fm = flat_create(&cfg);
	if (!image || !r->fm || !make_device(r, o)) {
		ADD_FAILURE("no bench");
		return NULL;
	}
	flat_image_reset(image);
	r->guest = image->guest;
	flat_on_data(r->fm, on_data, r);
	return r;
}

void rig_close(struct rig *r)
{
	char leaks[2000];

	if (!flat_shutdown(r->fm) && flat_leaks(r->fm, leaks, sizeof(leaks)))
		ADD_FAILURE("left over:\n%s", leaks);
	if (*flat_code(r->fm))
		ADD_FAILURE("%s: %s", flat_code(r->fm), flat_text(r->fm));
	EXPECT_EQ(0, r->bad);
	flat_destroy(r->fm);
	free(r);
}

int rig_boot(struct rig *r)
{
	int err = flat_boot(r->fm, r->guest);

	if (err) {
		ADD_FAILURE("boot: %d %s %s", err, flat_code(r->fm),
		     flat_text(r->fm));
		return err;
	}
	return rig_probe_result(r);
}

/* A probe that lies inside another ends first: the one that failed counts. */
int rig_probe_result(const struct rig *r)
{
	int result = -1;
	size_t i;

	for (i = 0; i < flat_records(r->fm); i++) {
		const struct flat_record *rec = flat_record(r->fm, i);

		if (rec->kind != FLAT_REC_NOTE)
			continue;
		if (rec->event == MACHINE_NOTE_PROBE_BEGIN)
			result = 0;
		if (rec->event == MACHINE_NOTE_PROBE_END && !result)
			result = (int)rec->result;
	}
	return result;
}

int rig_do(struct rig *r, const char *action, const char *args)
{
	char all[200];

	snprintf(all, sizeof(all), "device=00:01.0%s%s", args ? "," : "",
		 args ? args : "");
	return flat_action(r->fm, action, all);
}

const char *rig_rung(const struct rig *r)
{
	const struct flat_record *rec;

	rec = flat_note(r->fm, MACHINE_NOTE_RUNG_END, NULL);
	return rec && !rec->result ? rec->text : "";
}

size_t rig_notes(const struct rig *r, enum machine_note_kind kind,
		 const char *text)
{
	size_t i, n = 0;

	for (i = 0; i < flat_records(r->fm); i++) {
		const struct flat_record *rec = flat_record(r->fm, i);

		if (rec->kind == FLAT_REC_NOTE && rec->event == kind &&
		    (!text || !strcmp(rec->text, text)))
			n++;
	}
	return n;
}

size_t rig_writes(const struct rig *r, uint64_t offset, uint64_t *values,
		  size_t max)
{
	size_t i, n = 0;

	for (i = 0; i < r->dev->nwrites && i < MEDDLER_WRITES; i++) {
		const struct meddler_write *w = &r->dev->writes[i];

		if (w->bar != RIG_BAR || w->offset != offset)
			continue;
		if (n < max)
			values[n] = w->value;
		n++;
	}
	return n;
}
