# SPDX-License-Identifier: MIT
# Guest images and device models as shared objects.  Used by this build and,
# through find_package(Ringside), by projects outside.  The includer sets
#   RINGSIDE_INCLUDE_DIRS      where "guestdrv/abi/machine.h" is found
#   RINGSIDE_GUEST_OUTPUT_DIR  where images are put (default: the build folder)
# and may set RINGSIDE_COMMON_FLAGS, RINGSIDE_WARNINGS, RINGSIDE_C_WARNINGS,
# RINGSIDE_SANITIZE and RINGSIDE_COVERAGE.

if(NOT RINGSIDE_INCLUDE_DIRS)
	set(RINGSIDE_INCLUDE_DIRS ${PROJECT_SOURCE_DIR})
endif()

# gcc's own headers are the only ones that a guest sees beside the project's:
# stdarg.h, stdbool.h, stddef.h, stdint.h.
if(NOT RINGSIDE_GCC_INCLUDE)
	execute_process(
		COMMAND ${CMAKE_C_COMPILER} -print-file-name=include
		OUTPUT_VARIABLE RINGSIDE_GCC_INCLUDE
		OUTPUT_STRIP_TRAILING_WHITESPACE
		COMMAND_ERROR_IS_FATAL ANY)
endif()

# No libc, frame pointers for backtraces, and a stack that cannot be jumped
# over: a guest runs on a small stack with a guard page.
set(RINGSIDE_GUEST_FLAGS
	-O2 -g -ffreestanding -nostdinc
	-fno-strict-aliasing -fno-omit-frame-pointer
	-fno-optimize-sibling-calls -fstack-clash-protection
	-fstack-protector-strong -fvisibility=hidden -fPIC)

# ringside_guest_options(<target>): compile a target's C files as guest code.
function(ringside_guest_options target)
	set_target_properties(${target} PROPERTIES
		C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON)
	target_compile_options(${target} PRIVATE ${RINGSIDE_GUEST_FLAGS}
		"SHELL:-isystem ${RINGSIDE_GCC_INCLUDE}"
		${RINGSIDE_COMMON_FLAGS} ${RINGSIDE_WARNINGS}
		${RINGSIDE_C_WARNINGS})
	foreach(dir IN LISTS RINGSIDE_INCLUDE_DIRS)
		target_include_directories(${target} PRIVATE
			$<BUILD_INTERFACE:${dir}/guestdrv/include>
			$<BUILD_INTERFACE:${dir}>)
	endforeach()
endfunction()

# ringside_guest_checked(<target>): its code asks before each access to memory
# (guestdrv/kernel/access.c).  The files in the global property
# RINGSIDE_GUEST_UNCHECKED_FILES do the checking and do not ask themselves.
function(ringside_guest_checked target)
	get_property(unchecked GLOBAL PROPERTY RINGSIDE_GUEST_UNCHECKED_FILES)
	target_compile_definitions(${target} PRIVATE GUEST_CHECKED=1)
	set(param "--param ")
	if(CMAKE_C_COMPILER_ID MATCHES "Clang")
		set(param "-mllvm -")
	endif()
	target_compile_options(${target} PRIVATE
		-fno-sanitize=all -fsanitize=kernel-address
		-fsanitize-recover=kernel-address
		"SHELL:${param}asan-instrumentation-with-call-threshold=0"
		"SHELL:${param}asan-stack=0" "SHELL:${param}asan-globals=0")
	# No harm in images that check nothing.
	set_source_files_properties(${unchecked}
		TARGET_DIRECTORY ${target} PROPERTIES
		COMPILE_OPTIONS -fno-sanitize=all
		COMPILE_DEFINITIONS GUEST_UNCHECKED_FILE=1)
endfunction()

# ringside_add_guest(<name> SOURCES <file>... [LIBS <target>...]
#                    [TEST | NOT_INSTALLED] [CHECKED])
# An image <name>.so.  Libraries may be INTERFACE libraries with sources, or
# OBJECT or static ones that went through ringside_guest_options.  TEST: only
# for tests; stays in the folder's own build folder and is not installed.
# NOT_INSTALLED: found by this build's program, and by no other.
# CHECKED: a second image <name>-checked.so, of the same files with the guest
# kernel among them, in which each access to memory is checked.  Of builds with
# the sanitizers it is the image without: the compiler has one place for calls.
function(ringside_add_guest name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "TEST;NOT_INSTALLED;CHECKED" ""
		"SOURCES;LIBS")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
		message(FATAL_ERROR "ringside_add_guest(<name> SOURCES ... "
			"[LIBS ...] [TEST | NOT_INSTALLED] [CHECKED])")
	endif()
	set(place INSTALLED)
	if(arg_TEST)
		set(place TEST)
	elseif(arg_NOT_INSTALLED)
		set(place NOT_INSTALLED)
	endif()
	_ringside_guest_image(${name} ${place} "${arg_SOURCES}" "${arg_LIBS}")
	if(arg_CHECKED)
		_ringside_guest_image(${name}-checked ${place}
			"${arg_SOURCES}" "${arg_LIBS}")
		ringside_guest_checked(${name}-checked)
	endif()
endfunction()

function(_ringside_guest_image name place sources libs)
	add_library(${name} MODULE ${sources})
	ringside_guest_options(${name})
	set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so"
		LINKER_LANGUAGE C)
	if(RINGSIDE_GUEST_OUTPUT_DIR AND NOT place STREQUAL TEST)
		set_target_properties(${name} PROPERTIES
			LIBRARY_OUTPUT_DIRECTORY ${RINGSIDE_GUEST_OUTPUT_DIR})
		set(kind RINGSIDE_GUESTS)
		if(place STREQUAL NOT_INSTALLED)
			set(kind RINGSIDE_LOCAL_GUESTS)
		endif()
		set_property(GLOBAL APPEND PROPERTY ${kind} ${name})
	endif()
	target_link_options(${name} PRIVATE -nostdlib)
	target_link_libraries(${name} PRIVATE ${libs} gcc)
	# What the sanitizers and gcov need is found in the program at load time;
	# without them a missing symbol is an error here.
	if(RINGSIDE_COVERAGE)
		target_link_libraries(${name} PRIVATE gcov)
	elseif(NOT RINGSIDE_SANITIZE)
		target_link_options(${name} PRIVATE -Wl,--no-undefined)
	endif()
endfunction()

# ringside_add_device(<name> SOURCES <file>... [LIBS <target>...])
# A device model <name>.so that a scenario names by its path.
function(ringside_add_device name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
		message(FATAL_ERROR
			"ringside_add_device(<name> SOURCES ... [LIBS ...])")
	endif()
	add_library(${name} MODULE ${arg_SOURCES})
	set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX ".so"
		C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON
		C_VISIBILITY_PRESET hidden)
	target_compile_options(${name} PRIVATE -fPIC ${RINGSIDE_COMMON_FLAGS}
		${RINGSIDE_WARNINGS} ${RINGSIDE_C_WARNINGS})
	target_include_directories(${name} PRIVATE ${RINGSIDE_INCLUDE_DIRS})
	if(TARGET Ringside::pci_models)
		list(APPEND arg_LIBS Ringside::pci_models)
	elseif(TARGET pci_models)
		list(APPEND arg_LIBS pci_models)
	endif()
	target_link_libraries(${name} PRIVATE ${arg_LIBS})
	# The host's symbols are not for devices: whatever it needs is in it.
	target_link_options(${name} PRIVATE -Wl,--exclude-libs,ALL)
endfunction()
