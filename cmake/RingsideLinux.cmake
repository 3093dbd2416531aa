# SPDX-License-Identifier: MIT
# Guest images of unmodified Linux sources on Ringside's guest kernel.  What is
# taken from a Linux tree is in guestdrv/linux/manifest.cmake.  None of it is
# ever installed: see docs/licence.md.

set(RINGSIDE_LINUX_DIR ${RINGSIDE_GUESTDRV_DIR}/linux)
include(${RINGSIDE_LINUX_DIR}/manifest.cmake)

# A folder in which <linux/...> finds a tree's real headers and nothing else.
function(ringside_linux_stage tree folder)
	foreach(header IN LISTS RINGSIDE_LINUX_HEADERS
			RINGSIDE_LINUX_NEWER_HEADERS
			RINGSIDE_LINUX_HEADER_FOLDERS)
		cmake_path(GET header PARENT_PATH parent)
		file(MAKE_DIRECTORY ${folder}/${parent})
		file(CREATE_LINK ${tree}/include/${header} ${folder}/${header}
			SYMBOLIC)
	endforeach()
endfunction()

# The files that an image takes from a tree and that are not there: all at once.
function(ringside_linux_check tree)
	foreach(header IN LISTS RINGSIDE_LINUX_HEADERS
			RINGSIDE_LINUX_HEADER_FOLDERS)
		list(APPEND wanted include/${header})
	endforeach()
	set(sources ${RINGSIDE_LINUX_SOURCES})
	while(sources)
		list(POP_FRONT sources source module)
		list(APPEND wanted ${source})
	endwhile()
	foreach(file IN LISTS wanted)
		if(NOT EXISTS ${tree}/${file})
			list(APPEND missing ${file})
		endif()
	endforeach()
	if(missing)
		list(JOIN missing "\n" missing)
		message(FATAL_ERROR "the tree lacks\n${missing}")
	endif()
endfunction()

# What a tree says that it is: its version, as major.minor, and in a header what
# the image tells of itself.
function(ringside_linux_describe tree header version)
	set(text)
	if(EXISTS ${tree}/Makefile)
		file(STRINGS ${tree}/Makefile text
			REGEX "^(VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION) *=")
	endif()
	foreach(line IN LISTS text)
		string(REGEX MATCH "^([A-Z]+) *= *(.*)$" line "${line}")
		set(${CMAKE_MATCH_1} "${CMAKE_MATCH_2}")
	endforeach()
	if(NOT VERSION MATCHES "^[0-9]+$" OR NOT PATCHLEVEL MATCHES "^[0-9]+$")
		message(FATAL_ERROR "this is no Linux tree: its Makefile tells no "
			"VERSION and PATCHLEVEL")
	endif()
	ringside_linux_check(${tree})
	set(name "Linux ${VERSION}.${PATCHLEVEL}.${SUBLEVEL}${EXTRAVERSION}")
	execute_process(COMMAND git -C ${tree} describe --dirty --always
		OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
		ERROR_QUIET RESULT_VARIABLE status)
	execute_process(COMMAND git -C ${tree} rev-parse --show-prefix
		OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE
		ERROR_QUIET)
	# A folder inside somebody else's repository is not described by it.
	if(status EQUAL 0 AND prefix STREQUAL "")
		string(APPEND name ", ${commit}")
	endif()
	file(CONFIGURE OUTPUT ${header} @ONLY
		CONTENT "#define LINUX_PACKAGE \"${name}\"\n")
	set(${version} ${VERSION}.${PATCHLEVEL} PARENT_SCOPE)
endfunction()

# ringside_add_linux_guest(<name> TREE <folder> LINUX <major.minor>
#                          PACKAGE_HEADER <folder of linux_package.h>)
# The image <name>.so, and <name>-checked.so as ringside_add_guest's CHECKED
# makes one.  The tree need not be there yet when something that builds its
# sources is known to CMake.
function(ringside_add_linux_guest name)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "TREE;LINUX;PACKAGE_HEADER" "")
	if(NOT arg_LINUX MATCHES "^([0-9]+)\\.([0-9]+)")
		message(FATAL_ERROR "not a Linux version: ${arg_LINUX}")
	endif()
	math(EXPR code "${CMAKE_MATCH_1} << 8 | ${CMAKE_MATCH_2}")
	set(staged ${CMAKE_CURRENT_BINARY_DIR}/${name}.include)
	ringside_linux_stage(${arg_TREE} ${staged})
	_ringside_linux_image(${name} ${code} ${arg_TREE} ${staged}
		${arg_PACKAGE_HEADER})
	if(NOT RINGSIDE_SANITIZE)
		_ringside_linux_image(${name}-checked ${code} ${arg_TREE}
			${staged} ${arg_PACKAGE_HEADER})
		ringside_guest_checked(${name}-checked-sources)
		ringside_guest_checked(${name}-checked)
	endif()
endfunction()

function(_ringside_linux_image name code tree staged package_header)
	set(sources ${RINGSIDE_LINUX_SOURCES})
	set(files)
	while(sources)
		list(POP_FRONT sources source module)
		list(APPEND files ${tree}/${source})
		set_source_files_properties(${tree}/${source} PROPERTIES
			COMPILE_DEFINITIONS KBUILD_MODNAME="${module}")
	endwhile()
	set(glue ${RINGSIDE_LINUX_GLUE})
	list(TRANSFORM glue PREPEND ${RINGSIDE_LINUX_DIR}/)
	set(own ${RINGSIDE_LINUX_IMAGE})
	list(TRANSFORM own PREPEND ${RINGSIDE_LINUX_DIR}/)
	add_library(${name}-sources OBJECT ${files} ${glue})
	set_target_properties(${name}-sources PROPERTIES
		C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS ON)
	target_compile_options(${name}-sources PRIVATE ${RINGSIDE_GUEST_FLAGS}
		"SHELL:-isystem ${RINGSIDE_GCC_INCLUDE}"
		${RINGSIDE_COMMON_FLAGS} ${RINGSIDE_LINUX_FLAGS}
		-ffile-prefix-map=${tree}/=
		-DRINGSIDE_LINUX=${code} -DLINUX_LAYOUT=linux_layout_theirs
		"SHELL:-include linux/kconfig.h"
		"SHELL:-include linux/compiler_types.h")
	target_include_directories(${name}-sources PRIVATE
		${RINGSIDE_LINUX_DIR}/include ${staged}
		${RINGSIDE_GUESTDRV_DIR}/include ${tree}/include/uapi
		${RINGSIDE_INCLUDE_DIRS})

	ringside_add_guest(${name} NOT_INSTALLED
		SOURCES ${own}
			$<TARGET_OBJECTS:${name}-sources>
		LIBS guest_kernel guest_neighbour)
	target_compile_definitions(${name} PRIVATE LINUX_IMAGE_NAME="${name}"
		RINGSIDE_LINUX=${code} LINUX_LAYOUT=linux_layout_ours)
	target_include_directories(${name} PRIVATE ${package_header})
endfunction()

# The image linux-<version>, where Debian's linux-source-<version> is installed.
function(ringside_add_linux_package version)
	set(archive /usr/src/linux-source-${version}.tar.xz)
	# The folder changes when a package comes or goes.
	if(EXISTS /usr/src)
		set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
			/usr/src)
	endif()
	if(NOT EXISTS ${archive})
		message(STATUS "No guest linux-${version}: linux-source-${version} "
			"is not installed")
		return()
	endif()
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/linux-${version})
	set(outputs ${folder}/linux_package.h)
	set(sources ${RINGSIDE_LINUX_SOURCES})
	while(sources)
		list(POP_FRONT sources source module)
		list(APPEND outputs ${folder}/tree/${source})
	endwhile()
	add_custom_command(OUTPUT ${outputs}
		COMMAND ${CMAKE_COMMAND} -DVERSION=${version}
			-DARCHIVE=${archive} -DTREE=${folder}/tree
			-P ${RINGSIDE_LINUX_DIR}/extract.cmake
		DEPENDS ${archive} ${RINGSIDE_LINUX_DIR}/extract.cmake
			${RINGSIDE_LINUX_DIR}/manifest.cmake
		COMMENT "Taking drivers from linux-source-${version}"
		VERBATIM)
	ringside_add_linux_guest(linux-${version} TREE ${folder}/tree
		LINUX ${version} PACKAGE_HEADER ${folder})
	# image.c includes the header that the extraction writes.
	add_custom_target(linux-${version}-tree DEPENDS ${outputs})
	foreach(image linux-${version} linux-${version}-checked)
		if(TARGET ${image})
			add_dependencies(${image}-sources linux-${version}-tree)
			add_dependencies(${image} linux-${version}-tree)
		endif()
	endforeach()
endfunction()
