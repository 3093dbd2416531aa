/* SPDX-License-Identifier: MIT */
/*
 * Builds what the parser and the platform build in a real run.
 */
#include "tests/unit/check/bench.h"

#include <string.h>

static const struct fault_point request = {
	.name = "guest.irq.request", .errors = "EBUSY",
};

void bench_init(struct bench *b)
{
	memset(b, 0, sizeof(*b));
	feed_init(&b->f);
	b->guest.name = "reference";
	b->devices[0].id = "disk0";
	b->devices[1].id = "disk1";
	b->devices[0].pos = (struct scn_pos){ "dir/a.yaml", 10, 7 };
	b->devices[1].pos = (struct scn_pos){ "dir/a.yaml", 14, 7 };
	b->s.path = "dir/a.yaml";
	b->s.cell = "";
	b->s.name = "a";
	b->s.seed = 7;
	b->s.timing = "none";
	b->s.guest = &b->guest;
	b->s.devices = b->devices;
	b->s.ndevices = 2;
	b->s.expects = b->expects;
	b->s.faults = b->faults;
	b->engine = fault_engine_create(7);
	fault_engine_add_point(b->engine, &request);
}

struct scn_check *bench_expect(struct bench *b, enum scn_subject subject,
			       uint32_t device, const char *key)
{
	size_t n = b->s.nexpects++;

	b->expects[n].subject = subject;
	b->expects[n].device = device;
	b->expects[n].checks = &b->checks_of[n];
	b->expects[n].nchecks = 1;
	b->checks_of[n].key = key;
	b->checks_of[n].pos = (struct scn_pos){ "dir/a.yaml",
						20 + (int)n, 5 };
	return &b->checks_of[n];
}

void bench_fault(struct bench *b)
{
	size_t n = b->s.nfaults++;

	b->faults[n].point = "guest.irq.request";
	b->faults[n].rule = (struct fault_rule){
		.device = 0, .queue = FAULT_ANY, .cpu = FAULT_ANY, .times = 1 };
	b->faults[n].pos = (struct scn_pos){ "dir/a.yaml", 18, 5 };
	b->rules[n] = fault_engine_add_rule(b->engine, &b->faults[n].rule);
}

void bench_begin(struct bench *b)
{
	struct checks_config cfg = {
		.scenario = &b->s, .world = &b->f.world, .bus = b->f.bus,
		.faults = b->engine, .rules = b->rules,
		.functions = b->functions,
	};

	b->facts = facts_create(&b->f.world, b->f.bus);
	b->narrative = narrative_create(&b->f.world, b->f.bus, b->facts);
	cfg.facts = b->facts;
	b->checks = checks_create(&cfg);
}

void bench_done(struct bench *b)
{
	checks_destroy(b->checks);
	narrative_destroy(b->narrative);
	facts_destroy(b->facts);
	fault_engine_destroy(b->engine);
	feed_done(&b->f);
}

void bench_probe(struct bench *b, unsigned int device)
{
	static const uint32_t vectors[] = { 1, 2 };

	feed_note(&b->f, device, MACHINE_NOTE_PROBE_BEGIN, "virtio_blk", 0);
	feed_note(&b->f, device, MACHINE_NOTE_SERVICE, "vector allocation", 3);
	feed_bring_up(&b->f, device, 0, 2, vectors);
	feed_note(&b->f, device, MACHINE_NOTE_PROBE_END, "virtio_blk", 0);
}

void bench_end(struct bench *b, enum run_end end)
{
	struct platform_outcome o = { .end = end, .time_ps = b->f.now };

	if (end != RUN_FINISHED) {
		o.code = "null-pointer";
		o.text = "a read of address 0";
	}
	checks_end(b->checks, &o);
}

const char *bench_text(const struct bench *b, size_t i)
{
	const struct findings *f = checks_findings(b->checks);

	return i < f->count && f->items[i].text ? f->items[i].text : "";
}
