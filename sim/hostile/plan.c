/* SPDX-License-Identifier: MIT */
/*
 * Drawing a plan, and reading one from bytes.
 */
#include "sim/hostile/plan.h"

#include <string.h>

#define BIT(act) (1u << (act))
#define VALUES                                                            \
	(BIT(HOSTILE_FLIP) | BIT(HOSTILE_ADD) | BIT(HOSTILE_EDGE) |       \
	 BIT(HOSTILE_STALE) | BIT(HOSTILE_ANY) | BIT(HOSTILE_ONES) |      \
	 BIT(HOSTILE_ZERO))
#define EARLY (BIT(HOSTILE_EARLY_MESSAGE) | BIT(HOSTILE_EARLY_LINE))

/* What a kind knows, and how often it is drawn beside the others: what a driver
 * meets while it works weighs more than what it reads once at probe. */
static const struct {
	uint32_t acts;
	uint32_t weight;
} kinds[HOSTILE_KINDS] = {
	[HOSTILE_CONFIG_READ] = { VALUES, 2 },
	[HOSTILE_CONFIG_WRITE] = { BIT(HOSTILE_LOSE) | EARLY, 1 },
	[HOSTILE_REGISTER_READ] = { VALUES | EARLY, 6 },
	[HOSTILE_REGISTER_WRITE] = { BIT(HOSTILE_LOSE) | BIT(HOSTILE_TWICE) |
				     EARLY, 2 },
	[HOSTILE_DMA_READ] = { VALUES | BIT(HOSTILE_ERROR), 2 },
	[HOSTILE_DMA_WRITE] = { VALUES | BIT(HOSTILE_LOSE) |
				BIT(HOSTILE_BEHIND) | BIT(HOSTILE_OTHER) |
				BIT(HOSTILE_ERROR), 8 },
	[HOSTILE_MESSAGE] = { BIT(HOSTILE_LOSE) | BIT(HOSTILE_TWICE) |
			      BIT(HOSTILE_LATE) | BIT(HOSTILE_OTHER), 4 },
	[HOSTILE_LINE] = { BIT(HOSTILE_LOSE) | BIT(HOSTILE_BOUNCE), 3 },
	[HOSTILE_WORK] = { BIT(HOSTILE_LOSE) | BIT(HOSTILE_LATE), 2 },
};

uint64_t hostile_mix(uint64_t x)
{
	x = (x ^ x >> 32) * 0xd1b54a32d192ed03u;
	x = (x ^ x >> 29) * 0x9e6c63d0876a9a47u;
	return x ^ x >> 32;
}

/* A stream of numbers: each is the state, mixed. */
static uint64_t next(uint64_t *state)
{
	*state += 0x9e3779b97f4a7c15u;
	return hostile_mix(*state);
}

/* The act with number `n` among those that the kind knows, counted round. */
static uint8_t act_of(uint8_t kind, uint32_t n)
{
	uint32_t acts = kinds[kind].acts;

	n %= (uint32_t)__builtin_popcount(acts);
	while (n--)
		acts &= acts - 1;
	return (uint8_t)__builtin_ctz(acts);
}

/* HOSTILE_KINDS: there is no chance of any. */
static uint8_t draw_kind(uint64_t *state,
			 const uint32_t chances[HOSTILE_KINDS])
{
	uint32_t sum = 0, n;
	uint8_t kind;

	for (kind = 0; kind < HOSTILE_KINDS; kind++)
		sum += chances[kind] ? kinds[kind].weight : 0;
	if (!sum)
		return HOSTILE_KINDS;
	n = (uint32_t)(next(state) % sum);
	for (kind = 0;; kind++) {
		uint32_t w = chances[kind] ? kinds[kind].weight : 0;

		if (n < w)
			return kind;
		n -= w;
	}
}

/* Mostly once; now and then a few times, or for good. */
static uint32_t draw_times(uint64_t *state)
{
	uint64_t n = next(state);

	if (n % 10 < 7)
		return 1;
	return n % 10 < 9 ? 2 + (uint32_t)(n >> 8) % 30 : 0;
}

void hostile_plan_draw(struct hostile_plan *plan, uint64_t seed, uint64_t run,
		       const uint32_t chances[HOSTILE_KINDS])
{
	uint64_t state = hostile_mix(seed) ^ hostile_mix(~run);
	size_t count = 1;

	/* One step in half of the runs, two in a quarter... */
	while (count < HOSTILE_STEPS && next(&state) & 1)
		count++;
	memset(plan, 0, sizeof(*plan));
	while (plan->count < count) {
		struct hostile_step *s = &plan->steps[plan->count++];

		s->kind = draw_kind(&state, chances);
		if (s->kind == HOSTILE_KINDS) {
			plan->count = 0;
			return;
		}
		s->act = act_of(s->kind, (uint32_t)(next(&state) >> 8));
		s->at = (uint32_t)(next(&state) % chances[s->kind]);
		s->times = draw_times(&state);
		s->arg = (uint32_t)next(&state);
	}
}

void hostile_plan_decode(struct hostile_plan *plan, const uint8_t *p,
			 size_t len)
{
	memset(plan, 0, sizeof(*plan));
	for (; len >= HOSTILE_STEP_BYTES && plan->count < HOSTILE_STEPS;
	     p += HOSTILE_STEP_BYTES, len -= HOSTILE_STEP_BYTES) {
		struct hostile_step *s = &plan->steps[plan->count++];

		s->kind = p[0] % HOSTILE_KINDS;
		s->act = act_of(s->kind, p[1]);
		s->at = p[2] | (uint32_t)p[3] << 8;
		s->times = p[4];
		s->arg = p[5] | (uint32_t)p[6] << 8 | (uint32_t)p[7] << 16 |
			 (uint32_t)p[8] << 24;
	}
}

/* Which of the kind's acts it is: the reverse of act_of. */
static uint8_t number_of(const struct hostile_step *s)
{
	uint32_t below = (1u << s->act) - 1;

	return (uint8_t)__builtin_popcount(kinds[s->kind].acts & below);
}

size_t hostile_plan_encode(const struct hostile_plan *plan, uint8_t *bytes)
{
	uint8_t *p = bytes;
	size_t i;

	for (i = 0; i < plan->count; i++, p += HOSTILE_STEP_BYTES) {
		const struct hostile_step *s = &plan->steps[i];
		uint32_t at = s->at < UINT16_MAX ? s->at : UINT16_MAX;

		p[0] = s->kind;
		p[1] = number_of(s);
		p[2] = (uint8_t)at;
		p[3] = (uint8_t)(at >> 8);
		p[4] = s->times < UINT8_MAX ? (uint8_t)s->times : UINT8_MAX;
		p[5] = (uint8_t)s->arg;
		p[6] = (uint8_t)(s->arg >> 8);
		p[7] = (uint8_t)(s->arg >> 16);
		p[8] = (uint8_t)(s->arg >> 24);
	}
	return (size_t)(p - bytes);
}
