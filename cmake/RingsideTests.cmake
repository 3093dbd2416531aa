# SPDX-License-Identifier: MIT
# Test programs: C cases through the GoogleTest shim in tests/shim/.

include(GoogleTest)

# LeakSanitizer takes what only a suspended SystemC thread holds for lost, so
# tests that run the simulator leave leaks to the guest's own accounting.
# One variable each: gtest_discover_tests takes no list here.
set(RINGSIDE_ENV_UNIT "ASAN_OPTIONS=detect_leaks=1:exitcode=99")
set(RINGSIDE_ENV_SIM "ASAN_OPTIONS=detect_leaks=0:exitcode=99")

function(ringside_test_program target label environment sources libs)
	add_executable(${target} ${sources} $<TARGET_OBJECTS:gtest_c>)
	ringside_common_target(${target})
	set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
	if(RINGSIDE_SANITIZE OR RINGSIDE_COVERAGE)
		set_target_properties(${target} PROPERTIES ENABLE_EXPORTS ON)
	endif()
	target_link_libraries(${target} PRIVATE ${libs} GTest::gtest)
	target_compile_definitions(${target} PRIVATE
		RINGSIDE_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
		RINGSIDE_GUEST_DIR="${RINGSIDE_GUEST_OUTPUT_DIR}")
	gtest_discover_tests(${target} DISCOVERY_TIMEOUT 60
		PROPERTIES TIMEOUT 120 LABELS ${label}
			ENVIRONMENT "${environment}")
	set_property(GLOBAL APPEND PROPERTY RINGSIDE_TEST_PROGRAMS ${target})
	add_test(NAME known-count.${target}
		COMMAND ${PROJECT_SOURCE_DIR}/tests/shim/known-count.sh
			${PROJECT_SOURCE_DIR}/tests/known-counts.txt
			${target} $<TARGET_FILE:${target}>)
	set_tests_properties(known-count.${target} PROPERTIES
		LABELS ${label} ENVIRONMENT "${environment}")
endfunction()

# ringside_unit_tests(<module> SOURCES <file>... LIBS <target>...)
# The program unit_<module>, a ctest test for each case.
function(ringside_unit_tests module)
	ringside_parse_target("ringside_unit_tests(<module> SOURCES ... LIBS ...)")
	ringside_test_program(unit_${module} unit "${RINGSIDE_ENV_UNIT}"
		"${arg_SOURCES}" "${arg_LIBS}")
endfunction()

# ringside_sim_tests(<module> SOURCES <file>... LIBS <target>...)
# The program sim_<module>_tests: cases that elaborate SystemC.  One process a
# case, since a process can elaborate only once.
function(ringside_sim_tests module)
	ringside_parse_target("ringside_sim_tests(<module> SOURCES ... LIBS ...)")
	ringside_test_program(sim_${module}_tests sim "${RINGSIDE_ENV_SIM}"
		"${arg_SOURCES}" "${arg_LIBS}")
endfunction()
