/* SPDX-License-Identifier: MIT */
/*
 * The rules that queue.c holds a device to, what is said of one that was broken,
 * and the clauses that they are.  Of queue.c alone.
 */
#ifndef RINGSIDE_SIM_CHECK_QUEUE_RULES_H
#define RINGSIDE_SIM_CHECK_QUEUE_RULES_H

#include "sim/check/clauses/clause.h"

enum rule {
	RULE_ORDER,
	RULE_LENGTH,
	RULE_ID,
	RULE_HEAD,
	RULE_AHEAD,
	RULE_AVAIL_EVENT,
	RULE_MISSED,
	RULE_UNWANTED,
	RULE_MISSED_EVENT,   /* the same with EVENT_IDX */
	RULE_UNWANTED_EVENT,
	RULE_HEEDED_EVENT,   /* missed for what is to be ignored */
	RULE_HEEDED_FLAGS,
	RULE_KICK,
	RULE_LAST_LOOK
};

static const char *const texts[] = {
	[RULE_ORDER] =
		"moved a used index before it had written the element (virtio "
		"1.2 2.7.8.2)",
	[RULE_LENGTH] =
		"claimed a used length of more than it had written (virtio 1.2 "
		"2.7.8.2)",
	[RULE_ID] =
		"gave back a descriptor beyond the table (virtio 1.2 2.7.8)",
	[RULE_HEAD] =
		"gave back a descriptor that was not made available (virtio 1.2 "
		"2.7.8)",
	[RULE_AHEAD] =
		"moved a used index past the available one (virtio 1.2 2.7.8)",
	[RULE_AVAIL_EVENT] =
		"wrote avail_event although EVENT_IDX was not negotiated (virtio "
		"1.2 2.7.10)",
	[RULE_MISSED] =
		"sent no interrupt for used buffers although the driver had "
		"asked for one (virtio 1.2 2.7.7.2)",
	[RULE_UNWANTED] =
		"sent an interrupt for used buffers that the driver had asked "
		"it not to send (virtio 1.2 2.7.7.2)",
	[RULE_MISSED_EVENT] =
		"sent no interrupt for used buffers although the driver had "
		"asked for one by used_event (virtio 1.2 2.7.7.2)",
	[RULE_UNWANTED_EVENT] =
		"sent an interrupt for used buffers that the driver had asked "
		"it not to send, by used_event (virtio 1.2 2.7.7.2)",
	[RULE_HEEDED_EVENT] =
		"sent no interrupt for used buffers that the driver had asked "
		"for by flags, and had read used_event, which would not have "
		"asked for it, without EVENT_IDX (virtio 1.2 2.7.7.2)",
	[RULE_HEEDED_FLAGS] =
		"sent no interrupt for used buffers that the driver had asked "
		"for by used_event, and had read flags, which would not have "
		"asked for it, with EVENT_IDX (virtio 1.2 2.7.7.2)",
	[RULE_KICK] =
		"was notified of a queue and did not look at it (virtio 1.2 "
		"2.7.13)",
	[RULE_LAST_LOOK] =
		"turned notifications on again and did not look at the queue "
		"once more (virtio 1.2 2.7.10)",
};

static const enum clause clauses[sizeof(texts) / sizeof(texts[0])] = {
	[RULE_ORDER] = CLAUSE_SQ_USED_V1,
	[RULE_LENGTH] = CLAUSE_SQ_USED_V2,
	[RULE_ID] = CLAUSE_IMP_V1,
	[RULE_HEAD] = CLAUSE_IMP_V1,
	[RULE_AHEAD] = CLAUSE_IMP_V4,
	[RULE_MISSED] = CLAUSE_SQ_UNOT_V3,
	[RULE_UNWANTED] = CLAUSE_SQ_UNOT_V2,
	[RULE_MISSED_EVENT] = CLAUSE_SQ_UNOT_V5,
	[RULE_UNWANTED_EVENT] = CLAUSE_SQ_UNOT_V6,
	[RULE_HEEDED_EVENT] = CLAUSE_SQ_UNOT_V1,
	[RULE_HEEDED_FLAGS] = CLAUSE_SQ_UNOT_V4,
	[RULE_KICK] = CLAUSE_IMP_V2,
	[RULE_LAST_LOOK] = CLAUSE_IMP_V3,
};

#endif
