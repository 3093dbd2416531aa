/* SPDX-License-Identifier: MIT */
/*
 * Which interrupt mode a device's registers show.  MSI-X Enable, the config
 * vector and the vectors of the enabled queues decide (virtio 1.2 4.1.5.1.2);
 * what the driver says about itself is not asked.
 */
#include "sim/observe/facts.h"

#include <string.h>

static const char *const mode_names[] = {
	[FACTS_NONE] = "none",
	[FACTS_INTX] = "intx",
	[FACTS_MSIX_SHARED] = "msix-shared",
	[FACTS_MSIX_SHARED_SLOW] = "msix-shared-slow",
	[FACTS_MSIX_PER_QUEUE] = "msix-per-queue",
};

#define MODES (sizeof(mode_names) / sizeof(mode_names[0]))

const char *facts_mode_name(enum facts_mode mode)
{
	return mode_names[mode];
}

int facts_mode_find(const char *name)
{
	size_t i;

	for (i = 0; i < MODES; i++)
		if (!strcmp(mode_names[i], name))
			return (int)i;
	return -1;
}

/* How the vectors of the enabled queues lie. */
struct vector_use {
	uint32_t queues;   /* with a vector */
	uint32_t distinct; /* among them */
	bool with_config;  /* one is the config vector too */
};

static struct vector_use count_vectors(const struct facts_mode_input *in)
{
	uint64_t seen[65536 / 64] = { 0 };
	struct vector_use use = { 0 };
	uint32_t v;
	size_t i;

	for (i = 0; i < in->nqueues; i++) {
		v = in->queues[i].vector;
		if (!in->queues[i].size || v >= FACTS_NO_VECTOR)
			continue;
		use.queues++;
		if (v == in->config_vector)
			use.with_config = true;
		if (!(seen[v / 64] >> v % 64 & 1))
			use.distinct++;
		seen[v / 64] |= 1ull << v % 64;
	}
	return use;
}

uint32_t facts_vectors(const struct facts_mode_input *in)
{
	struct vector_use use;

	if (!in->msix_enabled)
		return 0;
	use = count_vectors(in);
	return use.distinct + (in->config_vector < FACTS_NO_VECTOR &&
			       !use.with_config);
}

/* One queue with a vector of its own looks alike in both modes.  The attempt
 * that held names the rung; a rung that would show in the registers
 * (msix-shared-slow) and does not is no evidence. */
static enum facts_mode by_attempt(const struct facts_mode_input *in)
{
	enum facts_mode mode = FACTS_MSIX_PER_QUEUE;
	uint32_t i;
	int rung;

	if (!in->ladder)
		return in->attempt > 1 ? FACTS_MSIX_SHARED : mode;
	for (i = 0; i < in->attempt && in->ladder[i]; i++) {
		rung = facts_mode_find(in->ladder[i]);
		if (rung < FACTS_MSIX_SHARED)
			break;
		mode = (enum facts_mode)rung;
	}
	return mode == FACTS_MSIX_SHARED_SLOW ? FACTS_MSIX_PER_QUEUE : mode;
}

enum facts_mode facts_mode_decide(const struct facts_mode_input *in)
{
	struct vector_use use;

	if (!in->msix_enabled)
		return in->line ? FACTS_INTX : FACTS_NONE;
	use = count_vectors(in);
	if (use.with_config)
		return FACTS_MSIX_SHARED_SLOW;
	if (!use.queues && in->config_vector >= FACTS_NO_VECTOR)
		return FACTS_NONE;
	if (use.queues <= 1)
		return by_attempt(in);
	return use.distinct == use.queues ? FACTS_MSIX_PER_QUEUE :
					    FACTS_MSIX_SHARED;
}
