/* SPDX-License-Identifier: MIT */
/*
 * The examples are computed on a bus or link that nobody else uses.
 */
#include "sim/cli/timings.h"

#include "sim/platform/path.h"

static uint64_t register_read(struct bus_path *p)
{
	return path_cpu_access(p, 0, false, 4);
}

static uint64_t small_read(struct bus_path *p)
{
	return path_dma_read(p, 0, 0, 0, 64);
}

static uint64_t block_write(struct bus_path *p)
{
	return path_dma_write(p, 0, 0, 0, 512);
}

static const struct {
	const char *name;
	uint64_t (*ps)(struct bus_path *p);
} examples[] = {
	{ "register read", register_read },
	{ "DMA read of 64 bytes", small_read },
	{ "DMA write of 512 bytes", block_write },
};

void timings_examples(struct textbuf *out, const struct timing_profile *t)
{
	size_t i;

	for (i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		struct bus_path path;
		struct wire bus;

		wire_init(&bus);
		path_init(&path, t, &bus);
		textbuf_printf(out, "%s%s ", i ? ", " : "", examples[i].name);
		textbuf_time(out, examples[i].ps(&path));
		path_fini(&path);
		wire_fini(&bus);
	}
}

void timings_figures(struct textbuf *out, const struct timing_profile *t)
{
	struct timing_figure f;
	size_t i;

	textbuf_printf(out, "source: %s\n", t->source);
	for (i = 0; timing_figure_at(t, i, &f); i++)
		textbuf_printf(out, "  %-38s %g%s%s\n", f.name, f.value,
			       f.unit[0] ? " " : "", f.unit);
	textbuf_text(out, "alone on it: ");
	timings_examples(out, t);
	textbuf_printf(out, "\nleft out: %s\n", t->omits);
}
