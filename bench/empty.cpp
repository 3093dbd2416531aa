/* SPDX-License-Identifier: MIT */
/* The floor of start to exit: SystemC, and nothing in it. */
#include <cstdlib>
#include <systemc>

int sc_main(int, char **)
{
	sc_core::sc_start(1, sc_core::SC_NS);
	return 0;
}

int main(int argc, char **argv)
{
	setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
	return sc_core::sc_elab_and_sim(argc, argv);
}
