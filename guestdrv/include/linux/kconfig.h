/* SPDX-License-Identifier: MIT */
/* What this kernel is configured with: PCI and SMP; nothing optional. */
#ifndef LINUX_KCONFIG_H
#define LINUX_KCONFIG_H

#define CONFIG_PCI 1
#define CONFIG_SMP 1
#define CONFIG_64BIT 1
#define KCONFIG_COMMA_1 0,
#define KCONFIG_SECOND(a, b, ...) b
#define KCONFIG_IS(x) KCONFIG_SECOND(x 1, 0, 0)
#define KCONFIG_PICK(x) KCONFIG_IS(KCONFIG_COMMA_##x)
#define KCONFIG_EXPAND(x) KCONFIG_PICK(x)
#define IS_ENABLED(option) KCONFIG_EXPAND(option)
#define IS_BUILTIN(option) IS_ENABLED(option)
#define IS_REACHABLE(option) IS_ENABLED(option)

#endif
