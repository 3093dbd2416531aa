/* SPDX-License-Identifier: MIT */
/* The bench of rig.h.  The image is loaded once a process. */
#include "tests/unit/guest_kernel/rig.h"

#include <stdio.h>
#include <string.h>

#ifndef KERNEL_CASES_CHECKED
#define KERNEL_CASES_CHECKED KERNEL_CASES /* no test asks for it then */
#endif

static struct flat_image *cases_image(bool checked)
{
	static const char *const paths[] = { KERNEL_CASES,
					     KERNEL_CASES_CHECKED };
	static struct flat_image *images[2];
	char error[200] = "";

	if (!images[checked])
		images[checked] = flat_image_open(paths[checked], error,
						  sizeof(error));
	if (!images[checked])
		ADD_FAILURE("%s: %s", paths[checked], error);
	return images[checked];
}

bool rig_create(struct rig *r, const struct rig_options *o)
{
	static const struct rig_options defaults = RIG_DEFAULTS;
	struct pci_host *slot;

	if (!o)
		o = &defaults;
	*r = (struct rig){ .image = cases_image(o->checked) };
	if (!r->image)
		return false;
	flat_image_reset(r->image);
	r->fm = flat_create(&o->machine);
	if (!r->fm) {
		ADD_FAILURE("no machine");
		return false;
	}
	slot = flat_slot(r->fm, RIG_BDF);
	r->toy = toy_create(&o->toy, slot);
	flat_attach(r->fm, slot, &r->toy->fn);
	return true;
}

void rig_destroy(struct rig *r)
{
	if (r->fm)
		flat_destroy(r->fm);
	r->fm = NULL;
}

void rig_tell(const struct rig *r)
{
	size_t i;

	if (flat_code(r->fm)[0])
		printf("  %s: %s\n", flat_code(r->fm), flat_text(r->fm));
	for (i = 0; i < flat_records(r->fm); i++)
		if (flat_record(r->fm, i)->kind == FLAT_REC_LOG)
			printf("  log: %s\n", flat_record(r->fm, i)->text);
}

int rig_run(struct rig *r, const char *name)
{
	char args[120];
	int ret = flat_boot(r->fm, r->image->guest);

	if (ret)
		return ret;
	snprintf(args, sizeof(args), "name=%s,device=00:03.0", name);
	return flat_action(r->fm, "case", args);
}

void rig_end(struct rig *r)
{
	char leaks[400];
	int ret = flat_shutdown(r->fm);

	EXPECT_EQ(0, ret);
	if (ret)
		rig_tell(r);
	EXPECT_EQ(0, flat_leaks(r->fm, leaks, sizeof(leaks)));
	EXPECT_STREQ("", leaks);
}

void rig_case(const struct rig_options *o, const char *name)
{
	struct rig r;
	int ret;

	ASSERT_TRUE(rig_create(&r, o));
	ret = rig_run(&r, name);
	EXPECT_EQ(0, ret);
	if (ret)
		rig_tell(&r);
	else
		rig_end(&r);
	rig_destroy(&r);
}

static void expect_bug(const struct rig *r, int ret, const char *code,
		       const char *text)
{
	EXPECT_EQ(FLAT_BUG, ret);
	EXPECT_STREQ(code, flat_code(r->fm));
	EXPECT_SUBSTR(flat_text(r->fm), text);
	if (ret != FLAT_BUG)
		rig_tell(r);
}

void rig_bug(const struct rig_options *o, const char *name, const char *code,
	     const char *text)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, o));
	expect_bug(&r, rig_run(&r, name), code, text);
	rig_destroy(&r);
}

void rig_late_bug(const char *name, const char *code, const char *text)
{
	struct rig r;

	ASSERT_TRUE(rig_create(&r, NULL));
	EXPECT_EQ(0, rig_run(&r, name));
	expect_bug(&r, flat_shutdown(r.fm), code, text);
	rig_destroy(&r);
}
