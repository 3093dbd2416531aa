/* SPDX-License-Identifier: MIT */
/*
 * JUnit's XML: its elements, and names and texts that XML has trouble with.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static struct selection selection;
static struct results results;

static const char *junit(void)
{
	static char got[8192];
	struct textbuf out;

	textbuf_init(&out);
	results_junit(&results, &out);
	strcpy(got, out.data);
	textbuf_free(&out);
	return got;
}

static void enter(const char *path)
{
	folder_enter();
	folder_file("d/x.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2]}\nname: ${q}\n");
	folder_file("d/y.yaml", FOLDER_MACHINE);
	folder_results(&results, &selection, path);
}

static void leave(void)
{
	results_free(&results);
	selection_free(&selection);
	folder_leave();
}

TEST(junit, the_whole)
{
	enter("d");
	folder_put(&results, 0, RECORD_PASSED, "", "", "");
	folder_put(&results, 1, RECORD_FAILED, "reason", "FAIL\n", "");
	folder_put(&results, 2, RECORD_SKIPPED, "not built", "SKIP\n", "");
	EXPECT_STREQ(
"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
"<testsuites name=\"ringside\" tests=\"3\" failures=\"1\" errors=\"0\""
" skipped=\"1\" time=\"0.000004500000\">\n"
"  <testsuite name=\"d/x.yaml\" tests=\"2\" failures=\"1\" errors=\"0\""
" skipped=\"0\" time=\"0.000003000000\">\n"
"    <testcase classname=\"d/x\" name=\"q=1\" file=\"d/x.yaml\""
" time=\"0.000001500000\"/>\n"
"    <testcase classname=\"d/x\" name=\"q=2\" file=\"d/x.yaml\""
" time=\"0.000001500000\">\n"
"      <failure message=\"reason\" type=\"fail\">FAIL\n"
"</failure>\n"
"    </testcase>\n"
"  </testsuite>\n"
"  <testsuite name=\"d/y.yaml\" tests=\"1\" failures=\"0\" errors=\"0\""
" skipped=\"1\" time=\"0.000001500000\">\n"
"    <testcase classname=\"d/y\" name=\"y.yaml\" file=\"d/y.yaml\""
" time=\"0.000001500000\">\n"
"      <skipped message=\"not built\"/>\n"
"    </testcase>\n"
"  </testsuite>\n"
"</testsuites>\n", junit());
	leave();
}

TEST(junit, errors_known_failures_and_what_was_not_run)
{
	enter("d");
	folder_put(&results, 0, RECORD_FAULT, "died", "FAULT\n", "");
	folder_put(&results, 1, RECORD_KNOWN, "why", "KNOWN\n", "");
	EXPECT_SUBSTR(junit(), "<testsuites name=\"ringside\" tests=\"3\" "
			       "failures=\"0\" errors=\"1\" skipped=\"1\"");
	EXPECT_SUBSTR(junit(), "<error message=\"died\" type=\"simulator\">"
			       "FAULT\n</error>");
	EXPECT_SUBSTR(junit(), "<system-out>KNOWN\n</system-out>");
	EXPECT_SUBSTR(junit(), "<skipped message=\"interrupted before it was "
			       "done\"/>");
	leave();
}

TEST(junit, texts_that_xml_cannot_hold)
{
	enter("d/y.yaml");
	folder_put(&results, 0, RECORD_FAILED,
		   "<a> & \"b\"\n\t\r\x01\x1b[31m\xff\xef\xbf\xbe\xed\xa0\x80",
		   "]]> <x>&\"\n\x02\xc3\xa9\xf0\x9f\x98\x80\n", "");
	EXPECT_SUBSTR(junit(), "message=\"&lt;a&gt; &amp; &quot;b&quot;&#10;"
			       "&#9;&#13;\xef\xbf\xbd\xef\xbf\xbd[31m"
			       "\xef\xbf\xbd\xef\xbf\xbd");
	EXPECT_SUBSTR(junit(), ">]]&gt; &lt;x&gt;&amp;\"\n\xef\xbf\xbd"
			       "\xc3\xa9\xf0\x9f\x98\x80\n</failure>");
	EXPECT_TRUE(!strchr(junit(), '\x01') && !strchr(junit(), '\x1b') &&
		    !strchr(junit(), '\xff') && !strchr(junit(), '\xed'));
	leave();
}

TEST(junit, hostile_names_of_files)
{
	enter("no\"<&>\x07'.yaml");
	EXPECT_SUBSTR(junit(), "classname=\"no&quot;&lt;&amp;&gt;\xef\xbf\xbd'\" "
			       "name=\"no&quot;&lt;&amp;&gt;\xef\xbf\xbd'.yaml\"");
	leave();
}

TEST(junit, name_tells_a_guest_in_place_of_the_files)
{
	const struct record_wants wants = { .json = false };
	char *paths[] = { (char *)"d" };
	const struct selection_wants w = { .paths = paths, .npaths = 1,
					   .guests = "a,b" };

	folder_enter();
	folder_file("d/y.yaml", FOLDER_MACHINE);
	selection_make(&selection, &w);
	results_init(&results);
	results_select(&results, &selection, NULL, &wants);
	EXPECT_SUBSTR(junit(), "name=\"y.yaml --guest a\"");
	EXPECT_SUBSTR(junit(), "name=\"y.yaml --guest b\"");
	leave();
}
