/* SPDX-License-Identifier: MIT */
/* Cases of the PCI core: scan, BARs, enabling, MSI-X (pci*.c, vector.c). */
#include <linux/delay.h>
#include <linux/io-64-nonatomic-lo-hi.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"
#include "tests/unit/guest_kernel/guest/toy.h"

#define VECTORS(pdev, min, max) \
	pci_alloc_irq_vectors((pdev), (min), (max), PCI_IRQ_MSIX)

GUEST_CASE(scan_reads_the_header)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(pdev);
	CHECK(pdev->vendor == 0x1234 && pdev->device == 0x7007);
	CHECK(pdev->subsystem_vendor == 0x5678 &&
	      pdev->subsystem_device == 0x42);
	CHECK(pdev->class == 0x018000 && pdev->revision == 5);
	CHECK(pdev->pin == 1 && pdev->irq == 19);
	CHECK(!strcmp(pci_name(pdev), "0000:00:03.0"));
	CHECK(pdev->msix_cap == 0x40);
	CHECK(pci_device_is_present(pdev));
	return 0;
}

GUEST_CASE(capabilities_are_found_in_turn)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(pci_find_capability(pdev, 0x11) == 0x40);
	CHECK(pci_find_capability(pdev, 0x09) == 0x60);
	CHECK(pci_find_next_capability(pdev, 0x60, 0x09) == 0x70);
	CHECK(pci_find_next_capability(pdev, 0x70, 0x09) == 0);
	CHECK(pci_find_capability(pdev, 0x10) == 0);
	return 0;
}

GUEST_CASE(capability_loop_ends)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(pci_find_capability(pdev, 0x10) == 0);
	CHECK(pci_find_next_capability(pdev, 0x70, 0x09) == 0x60);
	return 0;
}

GUEST_CASE(config_accesses_are_checked)
{
	struct pci_dev *pdev = toy_dev();
	u32 dword;
	u16 word;
	u8 byte;

	CHECK(pci_read_config_dword(pdev, 2, &dword) == 0x87);
	CHECK(pci_read_config_word(pdev, 4096, &word) == 0x87);
	CHECK(pci_read_config_byte(pdev, -1, &byte) == 0x87);
	CHECK(pci_write_config_word(pdev, 5, 0) == 0x87);
	CHECK(!pci_read_config_byte(pdev, 1, &byte) && byte == 0x12);
	CHECK(!pci_read_config_word(pdev, 2, &word) && word == 0x7007);
	return 0;
}

GUEST_CASE(config_through_ports)
{
	struct pci_dev *pdev = toy_dev();
	u32 dword;
	u16 word;
	u8 byte;

	CHECK(!pci_read_config_dword(pdev, 0, &dword) && dword == 0x70071234);
	CHECK(!pci_read_config_word(pdev, 2, &word) && word == 0x7007);
	CHECK(!pci_read_config_byte(pdev, 3, &byte) && byte == 0x70);
	CHECK(!pci_write_config_byte(pdev, 0x3d - 1, 0x77));
	CHECK(!pci_read_config_byte(pdev, 0x3c, &byte) && byte == 0x77);
	/* The address has no room for more. */
	CHECK(pci_read_config_dword(pdev, 256, &dword) == 0x87);
	CHECK(dword == 0xffffffff);
	CHECK(pci_write_config_word(pdev, 0x100, 0) == 0x87);
	return 0;
}

/* BAR 0: 4 KiB, 1: 64 KiB 64-bit prefetch, 3: I/O 32, 4: 64-bit plain. */
GUEST_CASE(bars_go_to_their_windows)
{
	struct pci_dev *pdev = toy_dev();
	u32 dword;

	CHECK(pci_resource_len(pdev, 0) == 0x1000);
	CHECK(pci_resource_flags(pdev, 0) == IORESOURCE_MEM);
	CHECK(pci_resource_start(pdev, 0) % 0x1000 == 0);
	CHECK(pci_resource_start(pdev, 0) < 1ull << 32);
	CHECK(pci_resource_len(pdev, 1) == 0x10000);
	CHECK(pci_resource_flags(pdev, 1) ==
	      (IORESOURCE_MEM | IORESOURCE_PREFETCH | IORESOURCE_MEM_64));
	CHECK(pci_resource_start(pdev, 1) % 0x10000 == 0);
	CHECK(pci_resource_start(pdev, 1) >= 1ull << 32);
	pci_read_config_dword(pdev, 0x18, &dword);
	CHECK(dword == pci_resource_start(pdev, 1) >> 32);
	pci_read_config_dword(pdev, 0x14, &dword);
	CHECK(dword == ((u32)pci_resource_start(pdev, 1) | 0xc));
	CHECK(pci_resource_len(pdev, 2) == 0);
	CHECK(pci_resource_flags(pdev, 3) == IORESOURCE_IO);
	CHECK(pci_resource_len(pdev, 3) == 32);
	CHECK(pci_resource_start(pdev, 3) && pci_resource_end(pdev, 3) < 65536);
	CHECK(pci_resource_flags(pdev, 4) ==
	      (IORESOURCE_MEM | IORESOURCE_MEM_64));
	CHECK(pci_resource_start(pdev, 4) < 1ull << 32);
	CHECK(pci_select_bars(pdev, IORESOURCE_IO) == 8);
	CHECK(pci_select_bars(pdev, IORESOURCE_MEM) == 0x13);
	return 0;
}

GUEST_CASE(bar_without_room)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(pci_resource_flags(pdev, 0) & IORESOURCE_UNSET);
	CHECK(pci_enable_device(pdev) == -EINVAL);
	CHECK(!pci_is_enabled(pdev));
	CHECK(!pci_iomap(pdev, 0, 0));
	return 0;
}

GUEST_CASE(enable_turns_on_what_is_there)
{
	struct pci_dev *pdev = toy_dev();
	u16 command;

	CHECK(!pci_enable_device(pdev));
	CHECK(!pci_enable_device(pdev));
	pci_read_config_word(pdev, 4, &command);
	CHECK(command == 2);
	pci_set_master(pdev);
	pci_read_config_word(pdev, 4, &command);
	CHECK(command == 6);
	pci_intx(pdev, 0);
	pci_read_config_word(pdev, 4, &command);
	CHECK(command == 0x406);
	pci_intx(pdev, 1);
	pci_disable_device(pdev);
	CHECK(pci_is_enabled(pdev));
	pci_disable_device(pdev);
	CHECK(!pci_is_enabled(pdev));
	pci_read_config_word(pdev, 4, &command);
	CHECK(command == 2);
	return 0;
}

GUEST_CASE(disabled_more_often_than_enabled)
{
	pci_disable_device(toy_dev());
	return 0;
}

GUEST_CASE(regions_have_one_owner)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(!pci_request_region(pdev, 1, "me"));
	CHECK(pci_request_region(pdev, 1, "you") == -EBUSY);
	/* BAR 0 was claimed first and is given back. */
	CHECK(pci_request_regions(pdev, "you") == -EBUSY);
	CHECK(!pci_request_region(pdev, 0, "me"));
	/* What is not there needs no claim. */
	CHECK(!pci_request_region(pdev, 5, "me"));
	pci_release_regions(pdev);
	CHECK(!pci_request_regions(pdev, "you"));
	pci_release_regions(pdev);
	return 0;
}

GUEST_CASE(mappings_stay_inside_their_bar)
{
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *all, *part;

	CHECK(!pci_enable_device(pdev));
	all = pci_iomap(pdev, 0, 0);
	part = pci_iomap_range(pdev, 0, 0x20, 0x10);
	CHECK(all && part == all + 0x20);
	CHECK(!pci_iomap_range(pdev, 0, 0x1000, 4));
	CHECK(!pci_iomap(pdev, 2, 0) && !pci_iomap(pdev, 6, 0) &&
	      !pci_iomap(pdev, -1, 0));
	iowrite64_lo_hi(0x1122334455667788, part);
	CHECK(ioread32(all + 0x20) == 0x55667788);
	CHECK(ioread16(all + 0x26) == 0x1122);
	CHECK(ioread8(all + 0x21) == 0x77);
	CHECK(ioread64_lo_hi(part) == 0x1122334455667788);
	pci_iounmap(pdev, part);
	pci_iounmap(pdev, all);
	pci_disable_device(pdev);
	return 0;
}

GUEST_CASE(io_ports_are_reached)
{
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *p;

	CHECK(!pci_enable_device(pdev));
	p = pci_iomap(pdev, 0, 0);
	iowrite16(0xbeef, p + 6);
	CHECK(ioread16(p + 6) == 0xbeef);
	CHECK(ioread32(p + 4) == 0xbeef0000);
	pci_iounmap(pdev, p);
	pci_disable_device(pdev);
	return 0;
}

GUEST_CASE(access_through_a_plain_pointer)
{
	static u32 word;

	return (int)ioread32((void __iomem *)&word);
}

GUEST_CASE(access_that_is_not_aligned)
{
	struct pci_dev *pdev = toy_dev();

	return (int)ioread32((u8 __iomem *)pci_iomap(pdev, 0, 0) + 2);
}

GUEST_CASE(no_pin_no_irq)
{
	CHECK(toy_dev()->irq == 0);
	CHECK(pci_alloc_irq_vectors(toy_dev(), 1, 1, PCI_IRQ_INTX) == -ENOSPC);
	return 0;
}

/* ---- interrupt vectors ---- */

/* A table of 4 entries, 224 vectors. */
GUEST_CASE(vector_counts)
{
	struct pci_dev *pdev = toy_dev();
	int i;

	CHECK(pci_msix_vec_count(pdev) == 4);
	CHECK(VECTORS(pdev, 1, 3) == 3);
	/* They are there already. */
	CHECK(VECTORS(pdev, 1, 1) == -EINVAL);
	pci_free_irq_vectors(pdev);
	CHECK(VECTORS(pdev, 1, 9) == 4);
	pci_free_irq_vectors(pdev);
	CHECK(VECTORS(pdev, 5, 9) == -ENOSPC);
	CHECK(VECTORS(pdev, 3, 2) == -ERANGE);
	CHECK(pci_alloc_irq_vectors(pdev, 1, 4, PCI_IRQ_MSI) == -EINVAL);
	CHECK(pci_alloc_irq_vectors(pdev, 5, 9,
				    PCI_IRQ_MSIX | PCI_IRQ_INTX) == -ENOSPC);
	for (i = 0; i < 300; i++) {
		CHECK(VECTORS(pdev, 4, 4) == 4);
		pci_free_irq_vectors(pdev);
	}
	/* Only one is wanted at least: INTx will do. */
	CHECK(pci_alloc_irq_vectors(pdev, 1, 4, PCI_IRQ_INTX) == 1);
	CHECK(pci_irq_vector(pdev, 0) == 19);
	CHECK(pci_irq_vector(pdev, 1) == -EINVAL);
	pci_free_irq_vectors(pdev);
	return 0;
}

GUEST_CASE(no_msix_capability)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(pci_msix_vec_count(pdev) == -EINVAL);
	CHECK(VECTORS(pdev, 1, 2) == -EINVAL);
	CHECK(pci_alloc_irq_vectors(pdev, 1, 2, PCI_IRQ_ALL_TYPES) == 1);
	CHECK(pci_irq_vector(pdev, 0) == 19);
	return 0;
}

/* Two vectors a CPU, one CPU. */
GUEST_CASE(cpu_vectors_exhausted)
{
	struct pci_dev *pdev = toy_dev();
	u16 control, command;

	CHECK(VECTORS(pdev, 3, 4) == -ENOSPC);
	pci_read_config_word(pdev, 0x42, &control);
	CHECK(control == 3);
	pci_read_config_word(pdev, 4, &command);
	CHECK(!(command & 0x400));
	CHECK(VECTORS(pdev, 1, 4) == 2);
	CHECK(guest_spy.last[MACHINE_NOTE_SERVICE].result == 2);
	CHECK(!strcmp(guest_spy.last_text[MACHINE_NOTE_SERVICE],
		      "vector allocation"));
	pci_free_irq_vectors(pdev);
	return 0;
}

/* Fault: the first is refused. */
GUEST_CASE(vectors_refused)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(VECTORS(pdev, 1, 2) == -ENOSPC);
	CHECK(guest_spy.last[MACHINE_NOTE_SERVICE].result == -28);
	CHECK(guest_spy.last[MACHINE_NOTE_SERVICE].device == 0x18);
	CHECK(VECTORS(pdev, 1, 2) == 2);
	pci_free_irq_vectors(pdev);
	return 0;
}

static int hits[4];

static irqreturn_t count(int irq, void *dev_id)
{
	(void)irq;
	++*(int *)dev_id;
	return IRQ_HANDLED;
}

GUEST_CASE(each_vector_has_its_handler)
{
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *regs = toy_open(pdev);
	u16 command;
	int i;

	memset(hits, 0, sizeof(hits));
	CHECK(regs && VECTORS(pdev, 4, 4) == 4);
	for (i = 0; i < 4; i++) {
		CHECK(pci_irq_vector(pdev, (unsigned int)i) == 24 + i);
		CHECK(!request_irq((unsigned int)(24 + i), count, 0, "v",
				   &hits[i]));
	}
	CHECK(guest_spy.last[MACHINE_NOTE_IRQ_OWNER].index == 0);
	toy_fire(regs, 2);
	toy_fire(regs, 0);
	toy_fire(regs, 2);
	CHECK(hits[0] == 1 && hits[1] == 0 && hits[2] == 2 && hits[3] == 0);
	free_irq(26, &hits[2]);
	toy_fire(regs, 2);
	CHECK(hits[2] == 2 && ioread32(regs + 0x108) == 1);
	disable_irq(25);
	toy_fire(regs, 1);
	CHECK(hits[1] == 0 && ioread32(regs + 0x108) == 2);
	enable_irq(25);
	toy_fire(regs, 1);
	CHECK(hits[1] == 1);
	free_irq(24, &hits[0]);
	free_irq(25, &hits[1]);
	free_irq(27, &hits[3]);
	pci_read_config_word(pdev, 4, &command);
	CHECK(command & 0x400);
	pci_free_irq_vectors(pdev);
	pci_read_config_word(pdev, 4, &command);
	CHECK(!(command & 0x400));
	CHECK(pci_irq_vector(pdev, 0) == 19);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(vectors_freed_under_a_handler)
{
	struct pci_dev *pdev = toy_dev();

	CHECK(!pci_enable_device(pdev) && VECTORS(pdev, 1, 1) == 1);
	CHECK(!request_irq(24, count, 0, "stays", &hits[0]));
	pci_free_irq_vectors(pdev);
	return 0;
}

/* Two CPUs with 224 vectors each. */
GUEST_CASE(vectors_are_spread_over_cpus)
{
	struct irq_affinity affd = { .pre_vectors = 1 };
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *regs = toy_open(pdev);
	int i;

	memset(hits, 0, sizeof(hits));
	/* One that stays where it may, and no more than there are CPUs. */
	CHECK(pci_alloc_irq_vectors_affinity(pdev, 4, 4,
					     PCI_IRQ_MSIX | PCI_IRQ_AFFINITY,
					     &affd) == -ENOSPC);
	CHECK(pci_alloc_irq_vectors_affinity(pdev, 1, 4,
					     PCI_IRQ_MSIX | PCI_IRQ_AFFINITY,
					     &affd) == 3);
	CHECK(cpumask_weight(pci_irq_get_affinity(pdev, 0)) == 2);
	CHECK(pci_irq_get_affinity(pdev, 1)->bits[0] == 1);
	CHECK(pci_irq_get_affinity(pdev, 2)->bits[0] == 2);
	CHECK(!pci_irq_get_affinity(pdev, 3));
	for (i = 0; i < 3; i++)
		CHECK(!request_irq((unsigned int)pci_irq_vector(
					   pdev, (unsigned int)i),
				   count, 0, "v", &hits[i]));
	for (i = 0; i < 3; i++)
		toy_fire(regs, (unsigned int)i);
	msleep(1);
	for (i = 0; i < 3; i++) {
		CHECK(hits[i] == 1);
		free_irq((unsigned int)pci_irq_vector(pdev, (unsigned int)i),
			 &hits[i]);
	}
	pci_free_irq_vectors(pdev);
	toy_close(pdev, regs);
	return 0;
}

static void two_sets(struct irq_affinity *affd, unsigned int nvecs)
{
	affd->nr_sets = 2;
	affd->set_size[0] = 1;
	affd->set_size[1] = nvecs - 1;
}

/* Eight CPUs: neighbours go together, the first vectors get one more, and each
 * set has all CPUs. */
GUEST_CASE(masks_of_spread_vectors)
{
	struct irq_affinity affd = { .pre_vectors = 1, .post_vectors = 1 };
	struct irq_affinity_desc *masks;

	CHECK(irq_calc_affinity_vectors(2, 64, &affd) == 10);
	CHECK(irq_calc_affinity_vectors(2, 5, &affd) == 5);
	CHECK(irq_calc_affinity_vectors(1, 5, &affd) == 0);
	CHECK(!irq_create_affinity_masks(2, &affd));
	masks = irq_create_affinity_masks(5, &affd);
	CHECK(masks && !masks[0].is_managed && !masks[4].is_managed);
	CHECK(masks[0].mask.bits[0] == 0xff && masks[4].mask.bits[0] == 0xff);
	CHECK(masks[1].is_managed && masks[1].mask.bits[0] == 0x07);
	CHECK(masks[2].mask.bits[0] == 0x38 && masks[3].mask.bits[0] == 0xc0);
	kfree(masks);

	affd.calc_sets = two_sets;
	CHECK(irq_calc_affinity_vectors(2, 64, &affd) == 64);
	masks = irq_create_affinity_masks(5, &affd);
	CHECK(masks && masks[1].mask.bits[0] == 0xff);
	CHECK(masks[2].mask.bits[0] == 0x0f && masks[3].mask.bits[0] == 0xf0);
	kfree(masks);
	return 0;
}

static unsigned int came_on;

static irqreturn_t where(int irq, void *dev_id)
{
	(void)irq;
	++*(int *)dev_id;
	came_on = smp_processor_id();
	return IRQ_HANDLED;
}

static irqreturn_t line_where(int irq, void *dev_id)
{
	toy_intx(dev_id, false);
	return where(irq, &hits[0]);
}

/* Two CPUs with two vectors each, all of them taken but one. */
GUEST_CASE(vector_moves_to_another_cpu)
{
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *regs = toy_open(pdev);

	memset(hits, 0, sizeof(hits));
	CHECK(regs && VECTORS(pdev, 3, 3) == 3);
	CHECK(!request_irq(24, where, 0, "v", &hits[0]));
	toy_fire(regs, 0);
	msleep(1);
	CHECK(hits[0] == 1 && came_on == 0);
	CHECK(!irq_set_affinity(24, cpumask_of(1)));
	CHECK(irq_get_affinity_mask(24)->bits[0] == 2);
	CHECK(guest_spy.notes[MACHINE_NOTE_IRQ_RELEASED] == 1);
	CHECK(guest_spy.last[MACHINE_NOTE_IRQ_OWNER].value >> 16 == 1);
	toy_fire(regs, 0);
	msleep(1);
	CHECK(hits[0] == 2 && came_on == 1);
	/* A mask that it is in already moves nothing. */
	CHECK(!irq_set_affinity(24, cpu_online_mask));
	toy_fire(regs, 0);
	msleep(1);
	CHECK(hits[0] == 3 && came_on == 1);
	/* CPU 1 is full now. */
	CHECK(irq_set_affinity(25, cpumask_of(1)) == -ENOSPC);
	CHECK(irq_set_affinity(24, cpumask_of(2)) == -EINVAL);
	CHECK(irq_set_affinity(999, cpumask_of(0)) == -EINVAL);
	/* A hint alone does nothing, and must be taken back. */
	CHECK(!irq_update_affinity_hint(24, cpumask_of(0)));
	toy_fire(regs, 0);
	msleep(1);
	CHECK(hits[0] == 4 && came_on == 1);
	CHECK(!irq_set_affinity_and_hint(24, cpumask_of(0)));
	toy_fire(regs, 0);
	msleep(1);
	CHECK(hits[0] == 5 && came_on == 0);
	CHECK(!irq_set_affinity_hint(24, NULL));
	free_irq(24, &hits[0]);
	pci_free_irq_vectors(pdev);
	toy_close(pdev, regs);
	return 0;
}

/* What was sent before the entry was rewritten, and not taken yet, arrives at
 * the vector that the irq had. */
GUEST_CASE(message_on_its_way_is_not_lost)
{
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *regs = toy_open(pdev);
	unsigned long flags;

	memset(hits, 0, sizeof(hits));
	CHECK(regs && VECTORS(pdev, 1, 1) == 1);
	CHECK(!request_irq(24, where, 0, "v", &hits[0]));
	local_irq_save(flags);
	toy_fire(regs, 0);
	CHECK(hits[0] == 0);
	CHECK(!irq_set_affinity(24, cpumask_of(1)));
	local_irq_restore(flags);
	msleep(1);
	CHECK(hits[0] == 1 && came_on == 0);
	toy_fire(regs, 0);
	msleep(1);
	CHECK(hits[0] == 2 && came_on == 1);
	free_irq(24, &hits[0]);
	pci_free_irq_vectors(pdev);
	toy_close(pdev, regs);
	return 0;
}

GUEST_CASE(line_moves_to_another_cpu)
{
	struct pci_dev *pdev = toy_dev();
	u8 __iomem *regs = toy_open(pdev);

	memset(hits, 0, sizeof(hits));
	CHECK(!request_irq(19, line_where, 0, "line", regs));
	CHECK(!irq_set_affinity(19, cpumask_of(1)));
	toy_intx(regs, true);
	msleep(1);
	CHECK(hits[0] == 1 && came_on == 1);
	disable_irq(19);
	CHECK(!irq_set_affinity(19, cpumask_of(0)));
	toy_intx(regs, true);
	msleep(1);
	CHECK(hits[0] == 1);
	enable_irq(19);
	msleep(1);
	CHECK(hits[0] == 2 && came_on == 0);
	free_irq(19, regs);
	toy_close(pdev, regs);
	return 0;
}
