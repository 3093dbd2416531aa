/* SPDX-License-Identifier: MIT */
/*
 * GoogleTest for C.  A test case in C registers itself with its own file and
 * line, so that filters, XML output and sharding work as in any GoogleTest
 * program.  Read by everyone who writes a test; the C++ half is gtest_c.cc.
 *
 *	TEST(msix, masked_vector_sets_its_pending_bit)
 *	{
 *		ASSERT_TRUE(setup());
 *		EXPECT_EQ(0x1, pba_read(0));        expected, then actual
 *	}
 *
 * EXPECT_* notes the failure and goes on, ASSERT_* returns from the function
 * it stands in (which must return void).  All are statements, not expressions.
 * Each argument is evaluated once.  Integers of any two types compare by value:
 * -1 is not 0xffffffff.  Pointers may be compared too.
 *
 * In a loop over a table say TEST_ROW("row %s", row->name): until the end of
 * the block each failure prints it.
 */
#ifndef RINGSIDE_TESTS_SHIM_GTEST_C_H
#define RINGSIDE_TESTS_SHIM_GTEST_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No exception leaves the C++ half. */
#ifdef __cplusplus
#define GTC_NOEXCEPT noexcept
extern "C" {
#else
#define GTC_NOEXCEPT
#endif

/* Any integer, or a pointer's address: sign apart, so that all compare. */
struct gtc_int {
	bool negative;
	uint64_t bits; /* two's complement */
};

enum gtc_op { GTC_EQ, GTC_NE, GTC_LT, GTC_LE, GTC_GT, GTC_GE };

/* Where an expectation stands. */
struct gtc_place {
	const char *file;
	int line;
};

void gtc_register(const char *suite, const char *name, const char *file,
		  int line, void (*body)(void)) GTC_NOEXCEPT;

/* Each returns whether the expectation held; if not, the failure is noted. */
bool gtc_compare(struct gtc_place at, enum gtc_op op, const char *left_text,
		 const char *right_text, struct gtc_int left,
		 struct gtc_int right) GTC_NOEXCEPT;
bool gtc_bool(struct gtc_place at, const char *text, bool expected,
	      bool actual) GTC_NOEXCEPT;
bool gtc_streq(struct gtc_place at, const char *left_text,
	       const char *right_text, const char *expected,
	       const char *actual) GTC_NOEXCEPT;
bool gtc_substr(struct gtc_place at, const char *haystack_text,
		const char *haystack, const char *needle) GTC_NOEXCEPT;
bool gtc_memeq(struct gtc_place at, const char *left_text,
	       const char *right_text, const void *expected,
	       const void *actual, size_t len) GTC_NOEXCEPT;
void gtc_fail(struct gtc_place at, const char *format, ...) GTC_NOEXCEPT
	__attribute__((format(printf, 2, 3)));

/* TEST_ROW: a line that failures print while it is in force. */
int gtc_row_begin(const char *file, int line, const char *format,
		  ...) GTC_NOEXCEPT __attribute__((format(printf, 3, 4)));
void gtc_row_end(int *row) GTC_NOEXCEPT;

#ifdef __cplusplus
}
#else

#define TEST(suite, name)                                                 \
	static void gtc_body_##suite##_##name(void);                      \
	__attribute__((constructor)) static void                          \
	gtc_register_##suite##_##name(void)                               \
	{                                                                 \
		gtc_register(#suite, #name, __FILE__, __LINE__,           \
			     gtc_body_##suite##_##name);                  \
	}                                                                 \
	static void gtc_body_##suite##_##name(void)

static inline struct gtc_int gtc_signed(int64_t v)
{
	return (struct gtc_int){ .negative = v < 0, .bits = (uint64_t)v };
}

static inline struct gtc_int gtc_unsigned(uint64_t v)
{
	return (struct gtc_int){ .negative = false, .bits = v };
}

static inline struct gtc_int gtc_pointer(const volatile void *v)
{
	return (struct gtc_int){ .negative = false, .bits = (uintptr_t)v };
}

/* The conditional promotes what is narrower than int, bit-fields too. */
#define GTC_INT(x)                                                        \
	_Generic((1 ? (x) : (x)),                                         \
		int: gtc_signed,                                          \
		long: gtc_signed,                                         \
		long long: gtc_signed,                                    \
		unsigned int: gtc_unsigned,                               \
		unsigned long: gtc_unsigned,                              \
		unsigned long long: gtc_unsigned,                         \
		default: gtc_pointer)(x)

#define GTC_AT ((struct gtc_place){ .file = __FILE__, .line = __LINE__ })

#define GTC_EXPECT(held) do { (void)(held); } while (0)
#define GTC_ASSERT(held) do { if (!(held)) return; } while (0)

/* The texts are taken in the outermost macro, before arguments expand. */
#define GTC_COMPARE(op, a, b, a_text, b_text) \
	gtc_compare(GTC_AT, op, a_text, b_text, GTC_INT(a), GTC_INT(b))
#define GTC_BOOL(expected, x, text) gtc_bool(GTC_AT, text, expected, (x))
#define GTC_STREQ(a, b, a_text, b_text) \
	gtc_streq(GTC_AT, a_text, b_text, a, b)
#define GTC_SUBSTR(haystack, needle, text) \
	gtc_substr(GTC_AT, text, haystack, needle)
#define GTC_MEMEQ(a, b, len, a_text, b_text) \
	gtc_memeq(GTC_AT, a_text, b_text, a, b, len)

#define EXPECT_EQ(expected, actual) \
	GTC_EXPECT(GTC_COMPARE(GTC_EQ, expected, actual, #expected, #actual))
#define EXPECT_NE(a, b) \
	GTC_EXPECT(GTC_COMPARE(GTC_NE, a, b, #a, #b))
#define EXPECT_LT(a, b) \
	GTC_EXPECT(GTC_COMPARE(GTC_LT, a, b, #a, #b))
#define EXPECT_LE(a, b) \
	GTC_EXPECT(GTC_COMPARE(GTC_LE, a, b, #a, #b))
#define EXPECT_GT(a, b) \
	GTC_EXPECT(GTC_COMPARE(GTC_GT, a, b, #a, #b))
#define EXPECT_GE(a, b) \
	GTC_EXPECT(GTC_COMPARE(GTC_GE, a, b, #a, #b))
#define EXPECT_TRUE(x) GTC_EXPECT(GTC_BOOL(true, x, #x))
#define EXPECT_FALSE(x) GTC_EXPECT(GTC_BOOL(false, x, #x))
/* Strings; NULL equals only NULL. */
#define EXPECT_STREQ(expected, actual) \
	GTC_EXPECT(GTC_STREQ(expected, actual, #expected, #actual))
#define EXPECT_SUBSTR(haystack, needle) \
	GTC_EXPECT(GTC_SUBSTR(haystack, needle, #haystack))
/* `len` bytes; the first difference is shown. */
#define EXPECT_MEMEQ(expected, actual, len) \
	GTC_EXPECT(GTC_MEMEQ(expected, actual, len, #expected, #actual))

#define ASSERT_EQ(expected, actual) \
	GTC_ASSERT(GTC_COMPARE(GTC_EQ, expected, actual, #expected, #actual))
#define ASSERT_NE(a, b) \
	GTC_ASSERT(GTC_COMPARE(GTC_NE, a, b, #a, #b))
#define ASSERT_LT(a, b) \
	GTC_ASSERT(GTC_COMPARE(GTC_LT, a, b, #a, #b))
#define ASSERT_LE(a, b) \
	GTC_ASSERT(GTC_COMPARE(GTC_LE, a, b, #a, #b))
#define ASSERT_GT(a, b) \
	GTC_ASSERT(GTC_COMPARE(GTC_GT, a, b, #a, #b))
#define ASSERT_GE(a, b) \
	GTC_ASSERT(GTC_COMPARE(GTC_GE, a, b, #a, #b))
#define ASSERT_TRUE(x) GTC_ASSERT(GTC_BOOL(true, x, #x))
#define ASSERT_FALSE(x) GTC_ASSERT(GTC_BOOL(false, x, #x))
#define ASSERT_STREQ(expected, actual) \
	GTC_ASSERT(GTC_STREQ(expected, actual, #expected, #actual))
#define ASSERT_SUBSTR(haystack, needle) \
	GTC_ASSERT(GTC_SUBSTR(haystack, needle, #haystack))
#define ASSERT_MEMEQ(expected, actual, len) \
	GTC_ASSERT(GTC_MEMEQ(expected, actual, len, #expected, #actual))

/* FAIL ends the function, ADD_FAILURE goes on; both take printf's arguments. */
#define ADD_FAILURE(...) gtc_fail(GTC_AT, __VA_ARGS__)
#define FAIL(...)                         \
	do {                              \
		ADD_FAILURE(__VA_ARGS__); \
		return;                   \
	} while (0)

#define GTC_JOIN2(a, b) a##b
#define GTC_JOIN(a, b) GTC_JOIN2(a, b)
#define TEST_ROW(...)                                                     \
	__attribute__((cleanup(gtc_row_end), unused)) int                 \
		GTC_JOIN(gtc_row_, __LINE__) =                            \
			gtc_row_begin(__FILE__, __LINE__, __VA_ARGS__)

#endif
#endif
