# SPDX-License-Identifier: MIT
# cmake -DVERSION=6.1 -DARCHIVE=FILE -DTREE=DIR -P extract.cmake
# Takes from Debian's linux-source package what an image is made of: TREE gets
# the files of manifest.cmake, TREE/../linux_package.h says which they are.  One
# pass over the archive.  The archive has to be the package's own.
cmake_minimum_required(VERSION 3.25)
include(${CMAKE_CURRENT_LIST_DIR}/manifest.cmake)

set(package linux-source-${VERSION})
execute_process(COMMAND dpkg-query -W -f \${Version} ${package}
	OUTPUT_VARIABLE version ERROR_QUIET RESULT_VARIABLE status)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "${ARCHIVE} belongs to no installed package")
endif()
file(STRINGS /var/lib/dpkg/info/${package}.md5sums line
	REGEX "usr/src/${package}\\.tar\\.xz$")
string(REGEX MATCH "^[0-9a-f]+" expected "${line}")
file(MD5 ${ARCHIVE} actual)
if(NOT actual STREQUAL expected)
	message(FATAL_ERROR "${ARCHIVE} is not what ${package} ${version} has: "
		"MD5 ${actual}, the package says ${expected}")
endif()
if(NOT version IN_LIST RINGSIDE_LINUX_TESTED)
	message(WARNING "${package} ${version} has not been tried; "
		"tried are: ${RINGSIDE_LINUX_TESTED}")
endif()

set(wanted Makefile COPYING drivers/virtio/*.h net/9p/*.h include/linux/virtio*)
foreach(folder IN LISTS RINGSIDE_LINUX_HEADER_FOLDERS)
	list(APPEND wanted include/${folder}/*)
endforeach()
foreach(header IN LISTS RINGSIDE_LINUX_HEADERS)
	list(APPEND required include/${header})
endforeach()
set(sources ${RINGSIDE_LINUX_SOURCES})
while(sources)
	list(POP_FRONT sources source module)
	list(APPEND required ${source})
endwhile()
list(APPEND wanted ${required})
list(TRANSFORM wanted PREPEND "${package}/")

file(REMOVE_RECURSE ${TREE})
file(MAKE_DIRECTORY ${TREE})
# Touched: whatever is built from them is newer.  What is not found is told
# below, all of it.
execute_process(COMMAND tar -xJmf ${ARCHIVE} -C ${TREE} --strip-components=1
	--wildcards ${wanted} ERROR_VARIABLE said RESULT_VARIABLE status)
foreach(file IN LISTS required)
	if(NOT EXISTS ${TREE}/${file})
		list(APPEND missing ${file})
	endif()
endforeach()
if(missing)
	list(JOIN missing "\n  " missing)
	message(FATAL_ERROR "${package} ${version} has no\n  ${missing}\n${said}")
endif()
file(WRITE ${TREE}/../linux_package.h
	"#define LINUX_PACKAGE \"${package} ${version}\"\n")
