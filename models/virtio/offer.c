/* SPDX-License-Identifier: MIT */
/*
 * What a scenario may make a virtio device offer.  Feature bits must come with
 * what they depend on (virtio 1.2 2.2.2); some change what the ring or the
 * function look like and are not modelled.  Read by the models' create and check
 * operations.
 */
#include "models/virtio/virtio.h"

#include <stdarg.h>
#include <string.h>

bool virtio_fail(struct device_error *err, const char *property, ...)
{
	size_t at = 0;
	const char *part;
	va_list parts;

	err->property = property;
	va_start(parts, property);
	while ((part = va_arg(parts, const char *)) != NULL)
		while (*part && at + 1 < sizeof(err->text))
			err->text[at++] = *part++;
	va_end(parts);
	err->text[at] = '\0';
	return false;
}

bool virtio_check_queue_size(int64_t size, struct device_error *err)
{
	if (size >= 2 && size <= (int64_t)VQ_SIZE_MAX && !(size & (size - 1)))
		return true;
	return virtio_fail(err, "queue_size",
		"a split queue's size is a power of two, at most 32768", NULL);
}

static const struct {
	unsigned int bit;
	const char *why;
} absent[] = {
	{ VIRTIO_F_RING_PACKED,
	  "VIRTIO_F_RING_PACKED cannot be offered: packed rings are not modelled" },
	{ VIRTIO_F_SR_IOV,
	  "VIRTIO_F_SR_IOV cannot be offered: there is no SR-IOV capability" },
};

static bool is_offered(const struct device_feature *table, const char *name,
		       uint64_t offered)
{
	for (const struct device_feature *f = table; f->name; f++)
		if (!strcmp(f->name, name))
			return offered >> f->bit & 1;
	return false;
}

bool virtio_check_offer(const struct device_feature *table, uint64_t offered,
			struct device_error *err)
{
	for (size_t i = 0; i < sizeof(absent) / sizeof(absent[0]); i++)
		if (offered >> absent[i].bit & 1)
			return virtio_fail(err, NULL, absent[i].why, NULL);
	for (const struct device_feature *f = table; f->name; f++)
		if ((offered >> f->bit & 1) && f->needs &&
		    !is_offered(table, f->needs, offered))
			return virtio_fail(err, NULL, f->name, " needs ",
					   f->needs, " to be offered too",
					   NULL);
	return true;
}
