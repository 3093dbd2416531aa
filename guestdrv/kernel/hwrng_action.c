/* SPDX-License-Identifier: MIT */
/*
 * The action rng.read: random bytes through the source that a device's driver
 * has registered, whatever driver that is.  What can be said of random bytes is
 * that they are not what was in the buffer, and not what came the last time.
 */
#include "guestdrv/kernel/hwrng.h"

#include <linux/slab.h>
#include <linux/string.h>
#include <ringside/image.h>
#include <ringside/note.h>

#include "guestdrv/kernel/kernel.h"

enum { READ_DEVICE, READ_BYTES, READ_COUNT };

#define RNG_BYTES_MAX (1 << 20)
/* What a buffer holds before. */
#define RNG_FILL 0xa5
/* So many bytes in a row do not come about by chance: 1 in 2^64. */
#define RNG_RUN 8u

const struct guest_param guest_rng_read_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the source" },
	{ "bytes", GUEST_PARAM_INT, false, 32, "how many in a request" },
	{ "count", GUEST_PARAM_INT, false, 1, "how many requests" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* A reader's two buffers: of this request and of the one before. */
struct rng_reader {
	struct hwrng *rng;
	u8 *now, *before;
	size_t len;
};

/* Is there a run of bytes that nobody has written?  Of fewer bytes than a run
 * nothing can be said. */
static bool rng_untouched(const u8 *buf, size_t len)
{
	unsigned int run = 0;
	size_t i;

	for (i = 0; i < len && run < RNG_RUN; i++)
		run = buf[i] == RNG_FILL ? run + 1 : 0;
	return run == RNG_RUN;
}

static int rng_request(struct rng_reader *r, bool first)
{
	int err;

	swap(r->now, r->before);
	memset(r->now, RNG_FILL, r->len);
	err = guest_hwrng_read(r->rng, r->now, r->len);
	if (!err && (rng_untouched(r->now, r->len) ||
		     (!first && r->len >= RNG_RUN &&
		      !memcmp(r->now, r->before, r->len))))
		err = -EBADMSG;
	guest_note_request(NULL, err);
	return err;
}

static int rng_requests(struct rng_reader *r, s64 count)
{
	int err = -ENOMEM;
	s64 i;

	r->now = kmalloc(r->len, GFP_KERNEL);
	r->before = kmalloc(r->len, GFP_KERNEL);
	if (r->now && r->before) {
		err = 0;
		for (i = 0; !err && i < count; i++)
			err = rng_request(r, i == 0);
	}
	kfree(r->before);
	kfree(r->now);
	return err;
}

static int rng_read(const struct guest_value *v)
{
	struct rng_reader r = { .len = (size_t)v[READ_BYTES].i };
	int err;

	if (v[READ_BYTES].i < 1 || v[READ_BYTES].i > RNG_BYTES_MAX ||
	    v[READ_COUNT].i < 1)
		return -EINVAL;
	r.rng = guest_hwrng_get((u32)v[READ_DEVICE].i);
	if (!r.rng)
		return -ENODEV;
	err = rng_requests(&r, v[READ_COUNT].i);
	guest_hwrng_put(r.rng);
	return err;
}

int guest_action_rng_read(const struct guest_value *values)
{
	return guest_action_run(rng_read, guest_rng_read_params, values);
}
