/* SPDX-License-Identifier: MIT */
/* Cases of formatting, strings and numbers (vsnprintf.c, string.c, lib.c). */
#include <linux/crc32.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/mm.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"

#define FORMATS(want, fmt, ...)                                       \
	do {                                                          \
		char text_[80];                                       \
		int len_ = snprintf(text_, sizeof(text_), fmt,        \
				    ##__VA_ARGS__);                   \
		if (strcmp(text_, want))                              \
			pr_err("got \"%s\"\n", text_);                \
		CHECK(!strcmp(text_, want));                          \
		CHECK(len_ == (int)strlen(want));                     \
	} while (0)

GUEST_CASE(integers_are_formatted)
{
	FORMATS("0 -1 2147483647 -2147483648", "%d %i %d %d", 0, -1,
		0x7fffffff, -0x7fffffff - 1);
	FORMATS("4294967295 ff FF 0xff 17 017", "%u %x %X %#x %o %#o", ~0u,
		255u, 255u, 255u, 15u, 15u);
	FORMATS("18446744073709551615 -9223372036854775808", "%llu %lld",
		~0ull, (long long)(1ull << 63));
	FORMATS("  42|42  |0042|+42| 42|00000042", "%4d|%-4d|%04d|%+d|% d|%.8d",
		42, 42, 42, 42, 42, 42);
	FORMATS("   -7|-0007|  0x1f|0x001f", "%5d|%05d|%#6x|%#06x", -7, -7, 31u,
		31u);
	FORMATS("7 07 |x|", "%*d %0*d |%.*s|", 1, 7, 2, 7, 1, "xyz");
	{
		/* Not a literal: the compiler knows that '-' wins. */
		const char *both = "%-04d|";
		char text[8];

		OPTIMIZER_HIDE_VAR(both);
		snprintf(text, sizeof(text), both, 7);
		CHECK(!strcmp(text, "7   |"));
	}
	FORMATS("1 255 -1", "%zu %hhu %hd", (size_t)1, 255u, (short)-1);
	FORMATS("100% ", "%d%% ", 100);
	return 0;
}

GUEST_CASE(strings_are_formatted)
{
	u8 mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0xab };
	phys_addr_t pa = 0x12345678;
	char *none = NULL;
	static int elsewhere;

	OPTIMIZER_HIDE_VAR(none);
	FORMATS("abc|  abc|abc  |ab", "%s|%5s|%-5s|%.2s", "abc", "abc", "abc",
		"abc");
	FORMATS("(null) x", "%s %c", none, 'x');
	{
		char text[40];

		snprintf(text, sizeof(text), "%pM", mac);
		CHECK(!strcmp(text, "52:54:00:12:34:ab"));
		snprintf(text, sizeof(text), "%pe", ERR_PTR(-28));
		CHECK(!strcmp(text, "-28"));
		snprintf(text, sizeof(text), "%pa", &pa);
		CHECK(!strcmp(text, "12345678"));
		/* No host address is ever printed. */
		snprintf(text, sizeof(text), "%p", &elsewhere);
		CHECK(!strcmp(text, "(ptr)"));
		snprintf(text, sizeof(text), "%p",
			 phys_to_virt(guest_ram.phys + 0x123456));
		CHECK(!strcmp(text, "0000000040123456"));
	}
	return 0;
}

GUEST_CASE(long_texts_are_cut)
{
	char text[8];

	memset(text, 'x', sizeof(text));
	CHECK(snprintf(text, 4, "%s", "abcdef") == 6);
	CHECK(!memcmp(text, "abc\0xxxx", 8));
	CHECK(scnprintf(text, 4, "%s", "abcdef") == 3);
	CHECK(snprintf(NULL, 0, "%d", 12345) == 5);
	CHECK(strscpy(text, "abcdefgh", 8) == -E2BIG);
	CHECK(!strcmp(text, "abcdefg"));
	CHECK(strscpy(text, "ab", 8) == 2);
	return 0;
}

GUEST_CASE(memory_functions_at_every_length)
{
	u8 a[100], b[100];
	u32 n, i, off;

	for (n = 0; n < 80; n++)
		for (off = 0; off < 9; off++) {
			for (i = 0; i < 100; i++) {
				a[i] = (u8)i;
				b[i] = 0xee;
			}
			memcpy(b + off, a, n);
			CHECK(!memcmp(b + off, a, n));
			CHECK(b[off + n] == 0xee);
			CHECK(!off || b[off - 1] == 0xee);
			memmove(a + off, a, n);
			for (i = 0; i < n; i++)
				CHECK(a[off + i] == (u8)i);
			memmove(a, a + off, n);
			for (i = 0; i < n; i++)
				CHECK(a[i] == (u8)i);
			memset(b + off, 3, n);
			CHECK(!memchr_inv(b + off, 3, n));
			CHECK(b[off + n] == 0xee);
		}
	CHECK(memcmp("abcdefghi", "abcdefghj", 9) < 0);
	CHECK(memcmp("\xff", "\x01", 1) > 0);
	CHECK(memchr_inv("aaaaaaaaaab", 'a', 11));
	return 0;
}

GUEST_CASE(string_functions)
{
	char s[20] = "abc";

	CHECK(strlen("") == 0 && strlen(s) == 3 && strnlen(s, 2) == 2);
	CHECK(strcmp("a", "b") < 0 && strcmp("b", "a") > 0);
	CHECK(strcmp("a", "ab") < 0 && !strncmp("abc", "abd", 2));
	CHECK(!strcmp(strcat(s, "def"), "abcdef"));
	CHECK(strchr(s, 'd') == s + 3 && !strchr(s, 'z') &&
	      strchr(s, 0) == s + 6);
	CHECK(strrchr("a.b.c", '.')[1] == 'c');
	CHECK(!strcmp(strstr("virtio0-req.0", "req"), "req.0"));
	CHECK(!strstr("abc", "abcd"));
	return 0;
}

GUEST_CASE(numbers_from_text)
{
	unsigned long long v;
	long long l;
	int i;
	bool b;

	CHECK(!kstrtoull("18446744073709551615", 10, &v) && v == ~0ull);
	CHECK(kstrtoull("18446744073709551616", 10, &v) == -ERANGE);
	CHECK(!kstrtoull("0x1F\n", 0, &v) && v == 31);
	CHECK(!kstrtoull("017", 0, &v) && v == 15);
	CHECK(kstrtoull("", 10, &v) == -EINVAL);
	CHECK(kstrtoull("12x", 10, &v) == -EINVAL);
	CHECK(kstrtoull("-1", 10, &v) == -EINVAL);
	CHECK(!kstrtoll("-9223372036854775808", 10, &l) &&
	      l == (long long)(1ull << 63));
	CHECK(kstrtoll("9223372036854775808", 10, &l) == -ERANGE);
	CHECK(!kstrtoint("-5", 0, &i) && i == -5);
	CHECK(kstrtoint("2147483648", 10, &i) == -ERANGE);
	CHECK(!kstrtobool("true", &b) && b && !kstrtobool("off", &b) && !b);
	CHECK(kstrtobool("maybe", &b) == -EINVAL);
	return 0;
}

GUEST_CASE(bits_and_checksums)
{
	DECLARE_BITMAP(map, 200) = { 0 };
	static DEFINE_IDA(ida);
	u32 a, c;

	__set_bit(0, map);
	__set_bit(63, map);
	__set_bit(64, map);
	__set_bit(199, map);
	CHECK(find_first_bit(map, 200) == 0);
	CHECK(find_next_bit(map, 200, 1) == 63);
	CHECK(find_next_bit(map, 200, 64) == 64);
	CHECK(find_next_bit(map, 200, 65) == 199);
	CHECK(find_next_bit(map, 199, 65) == 199);
	CHECK(find_next_zero_bit(map, 200, 63) == 65);
	CHECK(ilog2(1) == 0 && ilog2(4096) == 12 && order_base_2(5) == 3);
	CHECK(roundup_pow_of_two(5) == 8 && rounddown_pow_of_two(5) == 4);
	/* The check value of CRC-32. */
	CHECK(~crc32(~0u, "123456789", 9) == 0xcbf43926);
	CHECK(ida_alloc(&ida, GFP_KERNEL) == 0);
	CHECK(ida_alloc(&ida, GFP_KERNEL) == 1);
	ida_free(&ida, 0);
	CHECK(ida_alloc(&ida, GFP_KERNEL) == 0);
	CHECK(ida_alloc_range(&ida, 1, 1, GFP_KERNEL) == -ENOSPC);
	ida_destroy(&ida);
	a = get_random_u32();
	c = get_random_u32();
	CHECK(a != c);
	return 0;
}

GUEST_CASE(log_lines)
{
	printk(KERN_ERR "one\ntwo %d\n", 2);
	pr_info("three");
	return 0;
}
