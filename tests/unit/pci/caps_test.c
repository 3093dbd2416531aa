/* SPDX-License-Identifier: MIT */
/*
 * The capability list, PCI 3.0 6.7, and the hooks of a capability.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

TEST(caps, the_list_has_each_once_and_ends)
{
	struct plain *p = plain_default();
	uint32_t at = cfg_read(p, 0x34, 1);
	uint32_t found = 0, n = 0;

	for (; at && n < 48; n++) {
		EXPECT_EQ(0, at % 4);
		EXPECT_GE(at, 0x40);
		found |= 1u << cfg_read(p, at, 1);
		at = cfg_read(p, at + 1, 1);
	}
	EXPECT_EQ(3, n);
	EXPECT_EQ(1u << 0x11 | 1u << 0x01 | 1u << 0x10, found);
	plain_free(p);
}

TEST(caps, id_and_next_take_no_writes)
{
	struct plain *p = plain_default();
	uint32_t at = cfg_read(p, 0x34, 1);
	uint32_t old = cfg_read(p, at, 2);

	cfg_write(p, at, 2, 0xffff);
	EXPECT_EQ(old, cfg_read(p, at, 2));
	cfg_write(p, 0x34, 1, 0);
	EXPECT_EQ(at, cfg_read(p, 0x34, 1));
	plain_free(p);
}

TEST(caps, the_list_survives_a_reset)
{
	struct plain *p = plain_default();

	pci_cfg_reset(&p->cfg);
	EXPECT_NE(0, cap_find(p, 0x11));
	EXPECT_NE(0, cap_find(p, 0x01));
	EXPECT_NE(0, cap_find(p, 0x10));
	EXPECT_EQ(3, cfg_read(p, cap_find(p, 0x11) + 2, 2));
	plain_free(p);
}

/* ---- hooks ---- */

struct hooked {
	unsigned int reads, writes, changes;
	uint32_t offset, width;
};

static void before_read(struct pci_cfg *cfg, void *owner, uint32_t offset,
			uint32_t width)
{
	struct hooked *h = owner;

	h->reads++;
	h->offset = offset;
	h->width = width;
	pci_cfg_put(cfg, cfg->list->caps[0].at + 8u, 1, h->reads);
}

static void after_write(struct pci_cfg *cfg, void *owner, uint32_t offset,
			uint32_t width)
{
	struct hooked *h = owner;

	(void)cfg;
	h->writes++;
	h->offset = offset;
	h->width = width;
}

static void changed(struct pci_cfg *cfg, void *owner)
{
	struct hooked *h = owner;

	(void)cfg;
	h->changes++;
}

static const struct pci_cap_ops ops = { before_read, after_write, changed };

/* Nine bytes: id, next, 3 x ro, 3 x rw, 1 that counts reads. */
static struct plain *with_cap(struct hooked *h, uint8_t *at)
{
	static const uint8_t body[] = { 0, 0, 0x99, 2, 3, 4, 5, 6, 7 };
	static const uint8_t writable[] = { 0xff, 0xff, 0, 0, 0,
					    0xff, 0x0f, 0xff, 0 };
	struct plain *p = plain_new(&(struct plain_options){ .bare = true });

	memset(h, 0, sizeof(*h));
	*at = pci_cfg_add_cap(&p->cfg, 0x09, body, writable, 9, &ops, h);
	return p;
}

TEST(caps, a_body_and_its_masks)
{
	struct hooked h;
	uint8_t at;
	struct plain *p = with_cap(&h, &at);

	EXPECT_EQ(0x40, at);
	EXPECT_EQ(0x40, cfg_read(p, 0x34, 1));
	EXPECT_EQ(0x0010, cfg_read(p, 0x06, 2));
	EXPECT_EQ(0x02990009, cfg_read(p, 0x40, 4));
	cfg_write(p, 0x40, 4, 0xffffffff);
	EXPECT_EQ(0x02990009, cfg_read(p, 0x40, 4));
	cfg_write(p, 0x44, 4, 0xffffffff);
	EXPECT_EQ(0xff0fff03, cfg_read(p, 0x44, 4));
	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(0x06050403, cfg_read(p, 0x44, 4));
	plain_free(p);
}

TEST(caps, the_next_one_starts_on_a_dword)
{
	struct hooked h;
	uint8_t at;
	struct plain *p = with_cap(&h, &at);

	EXPECT_EQ(0x4c, pci_pm_add(&p->cfg));
	EXPECT_EQ(0x4c, cfg_read(p, 0x41, 1));
	EXPECT_EQ(0x00, cfg_read(p, 0x4d, 1));
	plain_free(p);
}

TEST(caps, hooks_get_offsets_of_their_own)
{
	struct hooked h;
	uint8_t at;
	struct plain *p = with_cap(&h, &at);

	EXPECT_EQ(1, cfg_read(p, 0x48, 1));
	EXPECT_EQ(8, h.offset);
	EXPECT_EQ(1, h.width);
	cfg_write(p, 0x46, 2, 0);
	EXPECT_EQ(1, h.writes);
	EXPECT_EQ(6, h.offset);
	EXPECT_EQ(2, h.width);
	cfg_read(p, 0x3c, 4);
	cfg_write(p, 0x3c, 4, 0);
	EXPECT_EQ(1, h.reads);
	EXPECT_EQ(1, h.writes);
	plain_free(p);
}

TEST(caps, a_change_of_command_or_a_reset_is_told)
{
	struct hooked h;
	uint8_t at;
	struct plain *p = with_cap(&h, &at);

	cfg_write(p, 0x04, 2, 0x0004);
	EXPECT_EQ(1, h.changes);
	pci_cfg_reset(&p->cfg);
	EXPECT_EQ(2, h.changes);
	cfg_write(p, 0x10, 4, 0xe0000000);
	EXPECT_EQ(2, h.changes);
	plain_free(p);
}
