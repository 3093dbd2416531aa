/* SPDX-License-Identifier: MIT */
/*
 * Offsets and bits of type-0 configuration space, PCI Local Bus 3.0 chapter 6,
 * as far as code names them.  The whole header with its masks is the table
 * pci_cfg_header; capabilities have their own tables (caps.h, msix.h).
 */
#ifndef RINGSIDE_MODELS_PCI_PCI_REGS_H
#define RINGSIDE_MODELS_PCI_PCI_REGS_H

#define PCI_REG_VENDOR_ID 0x00u
#define PCI_REG_DEVICE_ID 0x02u
#define PCI_REG_COMMAND 0x04u
#define PCI_REG_STATUS 0x06u
#define PCI_REG_REVISION_ID 0x08u
#define PCI_REG_CLASS_CODE 0x09u /* 3 bytes */
#define PCI_REG_HEADER_TYPE 0x0eu
#define PCI_REG_BAR0 0x10u
#define PCI_REG_SUBSYSTEM_VENDOR_ID 0x2cu
#define PCI_REG_SUBSYSTEM_ID 0x2eu
#define PCI_REG_CAPABILITIES_POINTER 0x34u
#define PCI_REG_INTERRUPT_LINE 0x3cu
#define PCI_REG_INTERRUPT_PIN 0x3du
#define PCI_HEADER_SIZE 0x40u

/* Command, 6.2.2 */
#define PCI_COMMAND_IO_SPACE (1u << 0)
#define PCI_COMMAND_MEMORY_SPACE (1u << 1)
#define PCI_COMMAND_BUS_MASTER (1u << 2)
#define PCI_COMMAND_INTERRUPT_DISABLE (1u << 10)

/* Status, 6.2.3 */
#define PCI_STATUS_INTERRUPT (1u << 3)
#define PCI_STATUS_CAPABILITIES_LIST (1u << 4)

/* Base address registers, 6.2.5.1: the read-only low bits */
#define PCI_BAR_BIT_IO 0x1u
#define PCI_BAR_BIT_64 0x4u
#define PCI_BAR_BIT_PREFETCHABLE 0x8u

#define PCI_HEADER_TYPE_MULTIFUNCTION 0x80u

#endif
