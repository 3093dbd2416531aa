# SPDX-License-Identifier: MIT
# The libraries that Ringside stands on, each as an imported target:
# SystemC::systemc, libfyaml::libfyaml, ZLIB::ZLIB, libdw::libdw, GTest::gtest.
# One that is missing is named together with its Debian package.

find_package(Threads REQUIRED)

# An imported target for a header and a library.
function(ringside_find_library target header library package)
	string(MAKE_C_IDENTIFIER ${library} id)
	find_path(RINGSIDE_${id}_INCLUDE ${header})
	find_library(RINGSIDE_${id}_LIBRARY ${library})
	mark_as_advanced(RINGSIDE_${id}_INCLUDE RINGSIDE_${id}_LIBRARY)
	if(NOT RINGSIDE_${id}_INCLUDE OR NOT RINGSIDE_${id}_LIBRARY)
		message(FATAL_ERROR "lib${library} with <${header}> is not "
			"installed; on Debian: apt install ${package}")
	endif()
	add_library(${target} UNKNOWN IMPORTED GLOBAL)
	set_target_properties(${target} PROPERTIES
		IMPORTED_LOCATION ${RINGSIDE_${id}_LIBRARY}
		INTERFACE_INCLUDE_DIRECTORIES ${RINGSIDE_${id}_INCLUDE})
endfunction()

ringside_find_library(SystemC::systemc systemc.h systemc libsystemc-dev)
ringside_find_library(libfyaml::libfyaml libfyaml.h fyaml libfyaml-dev)
ringside_find_library(ZLIB::ZLIB zlib.h z zlib1g-dev)
ringside_find_library(libdw::libdw elfutils/libdwfl.h dw libdw-dev)

# SystemC's library remembers the language standard that it was built for, and
# a program built for another does not link.  It also brings a main of its own,
# which ours has to win against.
if(NOT DEFINED RINGSIDE_SYSTEMC_LINKS)
	message(CHECK_START "SystemC links as C++17 with a main of our own")
	try_compile(RINGSIDE_SYSTEMC_LINKS
		SOURCE_FROM_CONTENT check.cc "
#include <systemc.h>
int sc_main(int, char **) { sc_start(1, SC_NS); return 0; }
int main(int argc, char **argv) { return sc_core::sc_elab_and_sim(argc, argv); }
"
		LINK_LIBRARIES SystemC::systemc Threads::Threads
		OUTPUT_VARIABLE output
		CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON)
	if(NOT RINGSIDE_SYSTEMC_LINKS)
		message(CHECK_FAIL "no")
		unset(RINGSIDE_SYSTEMC_LINKS CACHE)
		message(FATAL_ERROR "A small SystemC program does not link:\n"
			"${output}\nRingside needs a SystemC that was built for "
			"C++17, as Debian's libsystemc-dev 2.3.4 is.")
	endif()
	message(CHECK_PASS "yes")
endif()

if(RINGSIDE_TESTS STREQUAL "OFF")
	set(RINGSIDE_BUILD_TESTS OFF)
elseif(RINGSIDE_TESTS STREQUAL "AUTO")
	find_package(GTest QUIET)
	set(RINGSIDE_BUILD_TESTS ${GTest_FOUND})
	if(NOT GTest_FOUND)
		message(STATUS "No tests: GoogleTest is not installed "
			"(Debian: libgtest-dev)")
	endif()
else()
	find_package(GTest REQUIRED)
	set(RINGSIDE_BUILD_TESTS ON)
endif()
