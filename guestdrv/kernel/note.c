/* SPDX-License-Identifier: MIT */
/* What the guest tells the machine: notes and data (ringside/note.h). */
#include "guestdrv/kernel/pci.h"

#include <ringside/note.h>

#define STEP_TEXT_MAX 160

u32 guest_device_bdf(const struct device *dev)
{
	if (!dev)
		return guest_current_context()->device;
	for (; dev; dev = dev->parent)
		if (dev_is_pci(dev))
			return PCI_BDF(to_pci_dev(dev));
	return GUEST_NO_DEVICE;
}

static int is_device(struct device *dev, void *found)
{
	void **match = found;

	if (PCI_BDF(to_pci_dev(dev)) != *(u32 *)match[0])
		return 0;
	match[1] = dev;
	return 1;
}

struct device *guest_device_find(u32 bdf)
{
	void *match[2] = { &bdf, NULL };

	bus_for_each_dev(&pci_bus_type, NULL, match, is_device);
	return match[1];
}

static void note(const struct device *dev, enum machine_note_kind kind,
		 const char *text, s64 result)
{
	gk.calls->note(gk.m, &(struct machine_note){
		.kind = kind,
		.device = guest_device_bdf(dev),
		.text = text,
		.result = result,
	});
}

void guest_note_rung_begin(const struct device *dev, const char *rung)
{
	note(dev, MACHINE_NOTE_RUNG_BEGIN, rung, 0);
}

void guest_note_rung_end(const struct device *dev, const char *rung, int err)
{
	note(dev, MACHINE_NOTE_RUNG_END, rung, err);
}

void guest_note_service(const struct device *dev, const char *text,
			s64 result)
{
	note(dev, MACHINE_NOTE_SERVICE, text, result);
}

void guest_note_request(const struct device *dev, int result)
{
	note(dev, MACHINE_NOTE_REQUEST, NULL, result);
}

void guest_note_step(const struct device *dev, const char *fmt, ...)
{
	char text[STEP_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	note(dev, MACHINE_NOTE_STEP, text, 0);
}

bool guest_data_read(const struct device *dev, u64 offset, const void *buf,
		     u64 len)
{
	return gk.calls->data(gk.m, MACHINE_DATA_READ, guest_device_bdf(dev),
			      offset, buf, len);
}

bool guest_data_written(const struct device *dev, u64 offset, const void *buf,
			u64 len)
{
	return gk.calls->data(gk.m, MACHINE_DATA_WRITTEN,
			      guest_device_bdf(dev), offset, buf, len);
}

void guest_data_in_doubt(const struct device *dev, u64 offset, const void *buf,
			 u64 len)
{
	gk.calls->data(gk.m, MACHINE_DATA_IN_DOUBT, guest_device_bdf(dev),
		       offset, buf, len);
}
