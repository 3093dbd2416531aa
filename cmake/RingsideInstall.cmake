# SPDX-License-Identifier: MIT
# cmake --install: a tree that can be moved as a whole.
#   bin/ringside                   the program; finds the rest relative to itself
#   lib/ringside/guests/*.so       guest images
#   lib/ringside/                  modules, the static library for device models
#   lib/cmake/ringside/            find_package(Ringside)
#   include/ringside/              the two doors
#   share/ringside/                scenarios, labs, the scenario schema
#   share/ringside/guestdrv/       the guest kernel's sources, for
#   share/ringside/guest-build/    `ringside guest build`

include(CMakePackageConfigHelpers)

get_property(programs GLOBAL PROPERTY RINGSIDE_PROGRAMS)
get_property(guests GLOBAL PROPERTY RINGSIDE_GUESTS)
get_property(modules GLOBAL PROPERTY RINGSIDE_MODULES)
if(programs)
	install(TARGETS ${programs} RUNTIME DESTINATION bin)
endif()
if(guests)
	install(TARGETS ${guests} LIBRARY DESTINATION lib/ringside/guests)
endif()
if(modules)
	install(TARGETS ${modules} LIBRARY DESTINATION lib/ringside)
endif()

install(FILES guestdrv/abi/machine.h
	DESTINATION include/ringside/guestdrv/abi)
install(DIRECTORY models/pci DESTINATION include/ringside/models
	FILES_MATCHING PATTERN "*.h")

# `ringside guest build`, here and installed.
install(DIRECTORY guestdrv DESTINATION share/ringside)
set(RINGSIDE_GUEST_BUILD_PATHS
	"set(RINGSIDE_ROOT ${PROJECT_SOURCE_DIR})
set(RINGSIDE_CMAKE \${RINGSIDE_ROOT}/cmake)")
configure_file(cmake/guest-build/CMakeLists.txt.in
	${PROJECT_BINARY_DIR}/share/ringside/guest-build/CMakeLists.txt @ONLY)
set(RINGSIDE_GUEST_BUILD_PATHS
	"cmake_path(SET RINGSIDE_ROOT NORMALIZE \${CMAKE_CURRENT_SOURCE_DIR}/..)
cmake_path(SET RINGSIDE_CMAKE NORMALIZE \${RINGSIDE_ROOT}/../../lib/cmake/ringside)")
configure_file(cmake/guest-build/CMakeLists.txt.in
	${PROJECT_BINARY_DIR}/installed-guest-build/CMakeLists.txt @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/installed-guest-build/CMakeLists.txt
	DESTINATION share/ringside/guest-build)

install(DIRECTORY scenarios DESTINATION share/ringside)
# Where students work they do not find the answers.
install(DIRECTORY labs DESTINATION share/ringside
	PATTERN solution EXCLUDE PATTERN wrong EXCLUDE
	PATTERN instructor.md EXCLUDE)
install(DIRECTORY docs/ci DESTINATION share/ringside USE_SOURCE_PERMISSIONS)
install(FILES docs/scenario.schema.json DESTINATION share/ringside OPTIONAL)
install(FILES LICENSE DESTINATION share/ringside)

set(package lib/cmake/ringside)
if(TARGET pci_models)
	install(TARGETS pci_models EXPORT RingsideTargets
		ARCHIVE DESTINATION lib/ringside
		INCLUDES DESTINATION include/ringside)
	install(EXPORT RingsideTargets NAMESPACE Ringside::
		DESTINATION ${package})
endif()
configure_package_config_file(cmake/RingsideConfig.cmake.in
	${PROJECT_BINARY_DIR}/RingsideConfig.cmake
	INSTALL_DESTINATION ${package})
write_basic_package_version_file(
	${PROJECT_BINARY_DIR}/RingsideConfigVersion.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/RingsideConfig.cmake
	${PROJECT_BINARY_DIR}/RingsideConfigVersion.cmake
	cmake/RingsideGuest.cmake
	cmake/RingsideLinux.cmake
	DESTINATION ${package})
