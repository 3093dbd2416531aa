# SPDX-License-Identifier: MIT
# How all code is compiled: languages, warnings, sanitizers, coverage, and the
# prefix map that keeps the machine's paths out of every binary.  Guest images
# have flags of their own: RingsideGuest.cmake.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS ON)
# Debian's SystemC links with C++17 only (checked in RingsideDepends.cmake).
set(CMAKE_CXX_STANDARD 17)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

# Assertions stay: a wrong result is worse than a stop.
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O2 -g")
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g")

find_program(RINGSIDE_CCACHE ccache)
mark_as_advanced(RINGSIDE_CCACHE)
if(RINGSIDE_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
	set(CMAKE_C_COMPILER_LAUNCHER ${RINGSIDE_CCACHE})
	set(CMAKE_CXX_COMPILER_LAUNCHER ${RINGSIDE_CCACHE})
endif()

set(RINGSIDE_WARNINGS -Wall -Wextra -Wshadow -Wpointer-arith -Wvla -Wundef
	-Wimplicit-fallthrough)
set(RINGSIDE_C_WARNINGS -Wstrict-prototypes -Wmissing-prototypes
	-Wwrite-strings)
if(RINGSIDE_WERROR)
	list(APPEND RINGSIDE_WARNINGS -Werror)
endif()

# Flags of all code, guests included.  Names in debug information, __FILE__ and
# so in messages are relative to the source's root.
set(RINGSIDE_COMMON_FLAGS
	# Nobody replaces a function at load time: its file may inline it.
	-fno-semantic-interposition
	-ffile-prefix-map=${PROJECT_BINARY_DIR}=build
	-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=)
if(RINGSIDE_SANITIZE)
	list(APPEND RINGSIDE_COMMON_FLAGS -O1 -fno-omit-frame-pointer
		-fsanitize=address,undefined -fno-sanitize-recover=all)
	add_link_options(-fsanitize=address,undefined)
endif()
if(RINGSIDE_FUZZ)
	if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
		message(FATAL_ERROR "RINGSIDE_FUZZ needs clang: "
			"cmake --preset fuzz, or CC=afl-clang-fast CXX=afl-clang-fast++")
	endif()
	list(APPEND RINGSIDE_COMMON_FLAGS -fsanitize=fuzzer-no-link)
	if(RINGSIDE_SANITIZE) # gcc says this by itself
		list(APPEND RINGSIDE_COMMON_FLAGS -D__SANITIZE_ADDRESS__=1)
	endif()
endif()
if(RINGSIDE_COVERAGE)
	list(APPEND RINGSIDE_COMMON_FLAGS --coverage -fprofile-update=atomic)
	add_link_options(--coverage)
	add_compile_definitions(RINGSIDE_COVERAGE=1)
endif()

# What is on the way of every access (docs/performance.md counts what it saves).
function(ringside_hot target)
	if(NOT RINGSIDE_SANITIZE)
		target_compile_options(${target} PRIVATE
			$<$<CONFIG:RelWithDebInfo>:-O3>)
	endif()
endfunction()

# The program is optimised across these libraries, which are hot.  Their objects
# are such that tests can link them as they are, which is quicker.
set(RINGSIDE_LTO OFF)
if(CMAKE_C_COMPILER_ID STREQUAL GNU AND CMAKE_CXX_COMPILER_ID STREQUAL GNU AND
   CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo AND NOT RINGSIDE_SANITIZE)
	set(RINGSIDE_LTO ON)
	add_link_options(-fno-lto)
endif()
function(ringside_across target)
	ringside_hot(${target})
	if(RINGSIDE_LTO)
		target_compile_options(${target} PRIVATE -flto
			-ffat-lto-objects)
	endif()
endfunction()
function(ringside_link_program target)
	# Before the runs of a suite are forked, not in each of them.
	target_link_options(${target} PRIVATE LINKER:-z,now)
	if(RINGSIDE_LTO)
		target_link_options(${target} PRIVATE -flto -flto=auto
			${RINGSIDE_COMMON_FLAGS})
	endif()
endfunction()

# The flags of one of our own targets.
function(ringside_compile_options target)
	target_compile_options(${target} PRIVATE ${RINGSIDE_COMMON_FLAGS}
		${RINGSIDE_WARNINGS}
		"$<$<COMPILE_LANGUAGE:C>:${RINGSIDE_C_WARNINGS}>")
endfunction()
