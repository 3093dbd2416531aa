/* SPDX-License-Identifier: MIT */
/*
 * The C++ half of gtest_c.h: registers C functions as GoogleTest cases and
 * turns C expectations into GoogleTest's results.  Every function that C calls
 * is noexcept, so that no exception ever unwinds a C frame.  Nobody reads this
 * but the linker; the interface is described in gtest_c.h.
 */
#include "tests/shim/gtest_c.h"

#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace
{

/* The rows that are in force, outermost first. */
std::vector<std::unique_ptr<testing::ScopedTrace>> rows;

class c_case : public testing::Test
{
public:
	explicit c_case(void (*body)()) : body_(body)
	{
	}

	void TestBody() override
	{
		body_();
		rows.clear();
	}

private:
	void (*body_)();
};

void report(gtc_place at, const std::string &text)
{
	testing::internal::AssertHelper(
		testing::TestPartResult::kNonFatalFailure, at.file, at.line,
		text.c_str()) = testing::Message();
}

std::string format(const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	int len = vsnprintf(nullptr, 0, fmt, again);
	va_end(again);
	if (len < 0)
		return fmt;
	std::string text(static_cast<size_t>(len) + 1, '\0');
	vsnprintf(&text[0], text.size(), fmt, args);
	text.pop_back();
	return text;
}

/* Decimal, and hexadecimal beside it where that says more. */
std::string show(gtc_int v)
{
	char text[64];

	if (v.negative)
		snprintf(text, sizeof(text), "%" PRId64,
			 static_cast<int64_t>(v.bits));
	else if (v.bits < 10)
		snprintf(text, sizeof(text), "%" PRIu64, v.bits);
	else
		snprintf(text, sizeof(text), "%" PRIu64 " (0x%" PRIx64 ")",
			 v.bits, v.bits);
	return text;
}

std::string show(const char *s)
{
	return s ? "\"" + std::string(s) + "\"" : "NULL";
}

/* A literal says the same as its value: print it once. */
std::string named(const char *text, const std::string &value)
{
	return value == text ? value : text + (" = " + value);
}

bool less(gtc_int a, gtc_int b)
{
	if (a.negative != b.negative)
		return a.negative;
	return a.bits < b.bits;
}

bool equal(gtc_int a, gtc_int b)
{
	return a.negative == b.negative && a.bits == b.bits;
}

bool holds(gtc_op op, gtc_int a, gtc_int b)
{
	switch (op) {
	case GTC_EQ:
		return equal(a, b);
	case GTC_NE:
		return !equal(a, b);
	case GTC_LT:
		return less(a, b);
	case GTC_LE:
		return !less(b, a);
	case GTC_GT:
		return less(b, a);
	case GTC_GE:
		return !less(a, b);
	}
	return false;
}

const char *const op_text[] = { "==", "!=", "<", "<=", ">", ">=" };

std::string hex_row(const unsigned char *bytes, size_t from, size_t len)
{
	std::string row;
	char byte[4];

	for (size_t i = from; i < len && i < from + 16; i++) {
		snprintf(byte, sizeof(byte), "%02x ", bytes[i]);
		row += byte;
	}
	return row;
}

} /* namespace */

extern "C" {

void gtc_register(const char *suite, const char *name, const char *file,
		  int line, void (*body)(void)) noexcept
{
	testing::RegisterTest(suite, name, nullptr, nullptr, file, line,
			      [body]() -> c_case * {
				      return new c_case(body);
			      });
}

bool gtc_compare(gtc_place at, gtc_op op, const char *left_text,
		 const char *right_text, gtc_int left, gtc_int right) noexcept
{
	if (holds(op, left, right))
		return true;
	if (op == GTC_EQ)
		report(at,
		       "expected: " + named(left_text, show(left)) +
			       "\n  actual: " + named(right_text, show(right)));
	else
		report(at, std::string("expected: ") + left_text + " " +
				   op_text[op] + " " + right_text +
				   "\n  actual: " + show(left) + " and " +
				   show(right));
	return false;
}

bool gtc_bool(gtc_place at, const char *text, bool expected,
	      bool actual) noexcept
{
	if (expected == actual)
		return true;
	report(at, std::string("expected ") +
			   (expected ? "true: " : "false: ") + text);
	return false;
}

bool gtc_streq(gtc_place at, const char *left_text, const char *right_text,
	       const char *expected, const char *actual) noexcept
{
	if (expected && actual ? !strcmp(expected, actual) : expected == actual)
		return true;
	report(at, "expected: " + named(left_text, show(expected)) +
			   "\n  actual: " + named(right_text, show(actual)));
	return false;
}

bool gtc_substr(gtc_place at, const char *haystack_text, const char *haystack,
		const char *needle) noexcept
{
	if (haystack && needle && strstr(haystack, needle))
		return true;
	report(at, "expected to contain: " + show(needle) +
			   "\n             actual: " +
			   named(haystack_text, show(haystack)));
	return false;
}

bool gtc_memeq(gtc_place at, const char *left_text, const char *right_text,
	       const void *expected, const void *actual, size_t len) noexcept
{
	auto want = static_cast<const unsigned char *>(expected);
	auto got = static_cast<const unsigned char *>(actual);
	size_t i = 0;

	if (!len)
		return true;
	if (!want || !got) {
		report(at, std::string("NULL among ") + left_text + " and " +
				   right_text);
		return false;
	}
	while (i < len && want[i] == got[i])
		i++;
	if (i == len)
		return true;
	report(at, "first difference at byte " + std::to_string(i) + " of " +
			   std::to_string(len) +
			   "\nexpected: " + hex_row(want, i, len) + "   " +
			   left_text + "\n  actual: " + hex_row(got, i, len) +
			   "   " + right_text);
	return false;
}

void gtc_fail(gtc_place at, const char *fmt, ...) noexcept
{
	va_list args;

	va_start(args, fmt);
	report(at, format(fmt, args));
	va_end(args);
}

int gtc_row_begin(const char *file, int line, const char *fmt, ...) noexcept
{
	va_list args;

	va_start(args, fmt);
	rows.push_back(std::make_unique<testing::ScopedTrace>(
		file, line, format(fmt, args)));
	va_end(args);
	return static_cast<int>(rows.size()) - 1;
}

void gtc_row_end(int *row) noexcept
{
	while (rows.size() > static_cast<size_t>(*row))
		rows.pop_back();
}

} /* extern "C" */
