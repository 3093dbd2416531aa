/* SPDX-License-Identifier: MIT */
/*
 * Every YAML example of docs/scenario-format.md is read, each cell of it: with
 * the real virtio-blk model, and a guest that declares what the examples name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

#define PAGE RINGSIDE_SOURCE_DIR "/docs/scenario-format.md"
#define IMAGE RINGSIDE_SOURCE_DIR "/scenarios/data/words.img.gz"

/* "```yaml" begins an example; one that begins with "# a piece" is put below a
 * machine with a virtio-blk "d0" of two queues. */
#define FENCE "```yaml\n"
#define MACHINE                                                          \
	"schema: 1\n"                                                    \
	"machine:\n"                                                     \
	"  guest: reference\n"                                           \
	"  devices:\n"                                                   \
	"    - {id: d0, model: virtio-blk, image: data/words.img.gz}\n"

#define PARAM(name, type) { name, type, false, 0, "" }
#define PARAM_END { NULL, GUEST_PARAM_INT, false, 0, NULL }

static const struct guest_param params[] = {
	PARAM("device", GUEST_PARAM_DEVICE), PARAM("sector", GUEST_PARAM_INT),
	PARAM("sectors", GUEST_PARAM_INT), PARAM("verify", GUEST_PARAM_BOOL),
	PARAM("pattern", GUEST_PARAM_INT), PARAM("queue", GUEST_PARAM_INT),
	PARAM_END
};

static const struct guest_action actions[] = {
	{ "blk.read", "", params, NULL },
	{ "blk.write", "", params, NULL },
	{ "blk.flush", "", params, NULL },
	{ "driver.bind", "", params, NULL },
	{ "driver.unbind", "", params, NULL },
	{ NULL, NULL, NULL, NULL },
};

static const struct guest_fault_point faults[] = {
	{ "guest.pci.alloc_irq_vectors", "ENOSPC", "" },
	{ "guest.irq.request", "EBUSY", "" },
	{ "guest.mem.alloc", "ENOMEM", "" },
	{ NULL, NULL, NULL },
};

static const struct guest_image reference = {
	.abi_version = 1, .size = sizeof(struct guest_image),
	.name = "reference", .about = "", .actions = actions,
	.faults = faults,
};

static char *slurp(const char *name, size_t *len)
{
	FILE *f = fopen(name, "rb");
	char *text = calloc(1, 1 << 18);

	*len = f && text ? fread(text, 1, (1 << 18) - 1, f) : 0;
	if (f)
		fclose(f);
	return text;
}

static void load_cell(struct catalogue *c, const char *cell)
{
	struct scenario *s;
	struct diag d;
	char name[256];

	snprintf(name, sizeof(name), *cell ? "s.yaml[%s]" : "s.yaml%s", cell);
	TEST_ROW("%s", name);
	diag_init(&d);
	s = scenario_load(name, NULL, c, &d);
	EXPECT_TRUE(s);
	for (size_t i = 0; i < d.count; i++)
		ADD_FAILURE("line %d: %s", d.items[i].pos.line,
			    d.items[i].text);
	scenario_free(s);
	diag_free(&d);
}

/* Returns how many there are. */
static size_t load_all_cells(struct catalogue *c)
{
	struct diag d;
	char **cells;
	size_t n = 0;

	diag_init(&d);
	cells = scenario_cells("s.yaml", &d);
	for (size_t i = 0; i < d.count; i++)
		ADD_FAILURE("line %d: %s", d.items[i].pos.line,
			    d.items[i].text);
	for (; cells && cells[n]; n++)
		load_cell(c, cells[n]);
	scenario_cells_free(cells);
	diag_free(&d);
	return n;
}

static void enter(void)
{
	size_t len;
	char *image = slurp(IMAGE, &len);

	fake_enter();
	ASSERT_EQ(0, system("mkdir data"));
	fake_bytes("data/words.img.gz", image, len);
	fake_file("common.yaml", "budget: {time: 1s}\n");
	free(image);
}

static void leave(void)
{
	remove("data/words.img.gz");
	remove("data");
	fake_leave();
}

TEST(contract, each_example_of_the_page_is_read)
{
	size_t len, count = 0, cells = 0;
	char *text = slurp(PAGE, &len), *p = text;
	struct catalogue *c = catalogue_create();

	catalogue_add_guest(c, &reference);
	enter();
	while ((p = strstr(p, FENCE))) {
		char *example = p + strlen(FENCE), *end = strstr(example, "```");
		char whole[8192];

		ASSERT_TRUE(end);
		*end = '\0';
		TEST_ROW("example %zu:\n%s", ++count, example);
		snprintf(whole, sizeof(whole), "%s%s",
			 strncmp(example, "# a piece", 9) == 0 ? MACHINE : "",
			 example);
		fake_file("s.yaml", whole);
		cells += load_all_cells(c);
		p = end + 1;
	}
	EXPECT_GE(count, 7);
	EXPECT_GE(cells, 15);
	leave();
	catalogue_destroy(c);
	free(text);
}
