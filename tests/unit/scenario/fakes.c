/* SPDX-License-Identifier: MIT */
/*
 * The fake image, the fake model and the folder of the parser's tests.
 */
#define _GNU_SOURCE /* open_memstream, mkdtemp */
#include "tests/unit/scenario/fakes.h"

#include "models/pci/registers.h"

#include <assert.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct guest_param options[] = {
	{ "debug", GUEST_PARAM_BOOL, false, 0, "talk more" },
	{ "name", GUEST_PARAM_STRING, false, 0, "a name" },
	{ "rounds", GUEST_PARAM_INT, false, 3, "how often" },
	{ "pause", GUEST_PARAM_TIME, false, 0, "how long" },
	{ "limit", GUEST_PARAM_SIZE, false, 0, "how much" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL },
};

static const struct guest_param work_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the device" },
	{ "amount", GUEST_PARAM_INT, false, 8, "how much" },
	{ "check", GUEST_PARAM_BOOL, false, 1, "look at it" },
	{ "label", GUEST_PARAM_STRING, false, 0, "a text" },
	{ "bytes", GUEST_PARAM_SIZE, false, 0, "a size" },
	{ "delay", GUEST_PARAM_TIME, false, 0, "a time" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL },
};

static int do_nothing(const struct guest_value *values)
{
	(void)values;
	return 0;
}

static const struct guest_action actions[] = {
	{ "fake.work", "works", work_params, do_nothing },
	{ "fake.idle", "does nothing", NULL, do_nothing },
	{ NULL, NULL, NULL, NULL },
};

static const struct guest_fault_point guest_points[] = {
	{ "guest.fake.alloc", "ENOMEM", "no memory" },
	{ "guest.fake.irq", "EBUSY ENOMEM", "no interrupt" },
	{ NULL, NULL, NULL },
};

static const char *const ladder[] = { "high", "low", NULL };

static int boot(struct machine *m, const struct machine_calls *calls,
		const struct machine_info *info)
{
	(void)m;
	(void)calls;
	(void)info;
	return 0;
}

const struct guest_image fake_image = {
	.abi_version = 1, .size = sizeof(struct guest_image), .name = "fake",
	.about = "for tests", .ladder = ladder, .options = options,
	.actions = actions, .faults = guest_points, .boot = boot,
};

static const struct device_property properties[] = {
	{ "image", DEVICE_PROP_FILE, true, 0, 0, 0, "contents" },
	{ "queues", DEVICE_PROP_INT, false, 1, 1, 64, "queues" },
	{ "latency", DEVICE_PROP_TIME, false, 0, 0, 1000000000, "time" },
	{ "cache", DEVICE_PROP_SIZE, false, 4096, 512, 1 << 20, "size" },
	{ "serial", DEVICE_PROP_STRING, false, 0, 0, 0, "text" },
	{ "read_only", DEVICE_PROP_BOOL, false, 0, 0, 0, "flag" },
	{ "any", DEVICE_PROP_INT, false, 5, 0, 0, "any number" },
	{ .name = NULL },
};

static const struct device_feature features[] = {
	{ "FAKE_F_ONE", 0, true, NULL, "one" },
	{ "FAKE_F_TWO", 1, false, NULL, "two" },
	{ "FAKE_F_THREE", 2, false, "FAKE_F_TWO", "three" },
	{ "VIRTIO_F_VERSION_1", 32, true, NULL, "version 1" },
	{ .name = NULL },
};

static const struct model_fault_point model_points[] = {
	{ .name = "device.fake.queue", .errors = "EIO", .by_queue = true,
	  .about = "a queue" },
	{ .name = "device.fake.no", .errors = "", .about = "no error" },
	{ .name = "device.fake.odd", .errors = "", .about = "goes wrong",
	  .effects = "late twice never", .quirk = true },
	{ .name = NULL },
};

static bool check(const struct device_config *cfg, struct device_error *err)
{
	if (cfg->values[1].i == 13) {
		err->property = "queues";
		snprintf(err->text, sizeof(err->text), "13 is unlucky");
		return false;
	}
	if (cfg->values[6].i == 99) {
		err->property = NULL;
		snprintf(err->text, sizeof(err->text), "no 99 here");
		return false;
	}
	return true;
}

static const struct device_property turn_params[] = {
	{ "amount", DEVICE_PROP_INT, true, 0, 0, 1000, "how much" },
	{ "label", DEVICE_PROP_STRING, false, 0, 0, 0, "a text" },
	{ "rounds", DEVICE_PROP_INT, false, 3, 1, 9, "how often" },
	{ .name = NULL },
};

static int start_nothing(struct pci_function *fn,
			 const struct device_value *values)
{
	(void)fn;
	(void)values;
	return 0;
}

static const struct device_action model_actions[] = {
	{ "disk.turn", "turns it", turn_params, start_nothing },
	{ "disk.stop", "stops it", NULL, start_nothing },
	{ .name = NULL },
};

static const struct reg dial_rows[] = {
	{ "speed", 0, 4, 0, 0, 0, "", "how fast", NULL, NULL },
	{ "free-space", 8, 8, 0, 0, 0, "", "how much", NULL, NULL },
};

static const struct reg_block dials = { "dials", dial_rows, 2, 16 };

static bool no_value(struct pci_function *fn, const struct reg *field,
		     uint64_t *value)
{
	(void)fn;
	(void)field;
	(void)value;
	return false;
}

static const struct device_reading model_readings[] = {
	{ "dials", "what it shows", &dials, no_value },
	{ .name = NULL },
};

const struct device_model fake_model = {
	.abi_version = 1, .size = sizeof(struct device_model),
	.name = "fake-disk", .about = "for tests", .properties = properties,
	.features = features, .faults = model_points, .check = check,
	.actions = model_actions, .readings = model_readings,
};

struct catalogue *fake_catalogue(void)
{
	struct catalogue *c;

	/* What is printed must not depend on who runs the test. */
	unsetenv("RINGSIDE_GUEST_PATH");
	setenv("XDG_DATA_HOME", "/nowhere", 1);
	c = catalogue_create();
	catalogue_add_guest(c, &fake_image);
	catalogue_add_model(c, &fake_model);
	return c;
}

/* ---- files ---- */

static char folder[] = "/tmp/ringside-scenario-XXXXXX";
static char before[4096];
static struct catalogue *catalogue;
static char *printed;
const char *fake_printed = "";
size_t fake_mistakes;

static void must(bool ok)
{
	if (!ok)
		abort();
}

void fake_enter(void)
{
	strcpy(folder + sizeof(folder) - 7, "XXXXXX");
	must(getcwd(before, sizeof(before)));
	must(mkdtemp(folder));
	must(chdir(folder) == 0);
	fake_file("d.img", "0123456789abcdef");
	catalogue = fake_catalogue();
}

void fake_leave(void)
{
	DIR *d = opendir(folder);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		if (e->d_name[0] == '.')
			continue;
		if (unlink(e->d_name) != 0)
			rmdir(e->d_name);
	}
	if (d)
		closedir(d);
	must(chdir(before) == 0);
	rmdir(folder);
	catalogue_destroy(catalogue);
	catalogue = NULL;
	free(printed);
	printed = NULL;
	fake_printed = "";
}

void fake_bytes(const char *name, const void *bytes, size_t len)
{
	FILE *f = fopen(name, "wb");

	must(f && fwrite(bytes, 1, len, f) == len);
	fclose(f);
}

void fake_file(const char *name, const char *text)
{
	fake_bytes(name, text, strlen(text));
}

struct scenario *fake_load_cell(const char *text, const char *cell,
				const struct scn_overrides *o)
{
	struct diag d;
	struct scenario *s;
	char name[256];
	size_t len;
	FILE *out;

	if (text)
		fake_file("s.yaml", text);
	snprintf(name, sizeof(name), "s.yaml%s", cell);
	diag_init(&d);
	s = scenario_load(name, o, catalogue, &d);
	free(printed);
	out = open_memstream(&printed, &len);
	must(out);
	diag_print(&d, out);
	fclose(out);
	fake_printed = printed;
	fake_mistakes = d.count;
	diag_free(&d);
	return s;
}

struct scenario *fake_load(const char *text)
{
	return fake_load_cell(text, "", NULL);
}
