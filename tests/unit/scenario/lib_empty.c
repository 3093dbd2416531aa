/* SPDX-License-Identifier: MIT */
/*
 * A shared object that is no guest, for catalogue_test.c.
 */
int scenario_test_nothing(void);

int scenario_test_nothing(void)
{
	return 0;
}
