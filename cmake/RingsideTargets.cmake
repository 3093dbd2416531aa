# SPDX-License-Identifier: MIT
# The functions with which a folder's CMakeLists.txt says what it holds.
# Includes are written from the root of the source: "models/pci/function.h".

set(RINGSIDE_GUEST_OUTPUT_DIR ${PROJECT_BINARY_DIR}/lib/ringside/guests)
set(RINGSIDE_MODULE_OUTPUT_DIR ${PROJECT_BINARY_DIR}/lib/ringside)

# ringside_add_folders(<folder>...): those that have a CMakeLists.txt.
# Without arguments: every folder of this one that has, in order of name.
function(ringside_add_folders)
	set(folders ${ARGN})
	if(NOT folders)
		file(GLOB lists CONFIGURE_DEPENDS
			RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} */CMakeLists.txt)
		list(SORT lists)
		list(TRANSFORM lists REPLACE "/CMakeLists.txt$" ""
			OUTPUT_VARIABLE folders)
	endif()
	foreach(folder IN LISTS folders)
		if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
			add_subdirectory(${folder})
		endif()
	endforeach()
endfunction()

macro(ringside_parse_target usage)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LIBS")
	if(arg_UNPARSED_ARGUMENTS OR NOT arg_SOURCES)
		message(FATAL_ERROR "${usage}")
	endif()
endmacro()

function(ringside_common_target target)
	ringside_compile_options(${target})
	target_include_directories(${target} PUBLIC
		$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
endfunction()

# ringside_c_library(<target> SOURCES <file>... [LIBS <target>...])
# A static library.
function(ringside_c_library target)
	ringside_parse_target("ringside_c_library(<target> SOURCES ... [LIBS ...])")
	add_library(${target} STATIC ${arg_SOURCES})
	ringside_common_target(${target})
	target_link_libraries(${target} PUBLIC ${arg_LIBS})
endfunction()

# ringside_cxx_library(<target> SOURCES <file>... [LIBS <target>...])
# The same in C++; only for sim/platform and tests/shim.
function(ringside_cxx_library target)
	ringside_c_library(${ARGV})
	set_target_properties(${target} PROPERTIES LINKER_LANGUAGE CXX)
endfunction()

# ringside_module(<target> SOURCES <file>... [LIBS <target>...])
# A part of the program that is loaded when it is needed:
# lib/ringside/<target>.so.
function(ringside_module target)
	ringside_parse_target("ringside_module(<target> SOURCES ... [LIBS ...])")
	add_library(${target} MODULE ${arg_SOURCES})
	ringside_common_target(${target})
	set_target_properties(${target} PROPERTIES PREFIX ""
		C_VISIBILITY_PRESET hidden
		LIBRARY_OUTPUT_DIRECTORY ${RINGSIDE_MODULE_OUTPUT_DIR})
	target_link_libraries(${target} PRIVATE ${arg_LIBS})
	set_property(GLOBAL APPEND PROPERTY RINGSIDE_MODULES ${target})
endfunction()

# ringside_program(<target> SOURCES <file>... [LIBS <target>...])
# An installed program: bin/<target>.
function(ringside_program target)
	ringside_parse_target("ringside_program(<target> SOURCES ... [LIBS ...])")
	add_executable(${target} ${arg_SOURCES})
	ringside_common_target(${target})
	# Guest images find the sanitizers' and gcov's symbols in the program.
	set(exports OFF)
	if(RINGSIDE_SANITIZE OR RINGSIDE_COVERAGE)
		set(exports ON)
	endif()
	set_target_properties(${target} PROPERTIES
		RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin
		ENABLE_EXPORTS ${exports})
	target_link_libraries(${target} PRIVATE ${arg_LIBS})
	ringside_link_program(${target})
	target_compile_definitions(${target} PRIVATE
		RINGSIDE_VERSION="${PROJECT_VERSION}")
	set_property(GLOBAL APPEND PROPERTY RINGSIDE_PROGRAMS ${target})
endfunction()

# All programs, modules and images become what <target> builds.
function(ringside_finish_runtime target)
	foreach(kind PROGRAMS MODULES GUESTS LOCAL_GUESTS RUNTIME_TARGETS)
		get_property(parts GLOBAL PROPERTY RINGSIDE_${kind})
		if(parts)
			add_dependencies(${target} ${parts})
		endif()
	endforeach()
endfunction()
