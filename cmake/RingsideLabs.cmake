# SPDX-License-Identifier: MIT
# What `ringside lab` needs beside the program, in the build folder and when
# installed:
#   lib/ringside/lab/kernel.o      the image `lab` but for the student's file
#   share/ringside/lab/flags       how that file is compiled, a flag a line
#   share/ringside/guestdrv/       headers
#   share/ringside/labs/           the labs

# ringside_lab_kernel(<target>): joins the objects of an OBJECT library to
# kernel.o, and describes how a file is compiled that fits it.
function(ringside_lab_kernel target)
	# Neither the sanitizers nor gcov: students' images have none.
	target_compile_options(${target} PRIVATE -fno-sanitize=all)
	if(RINGSIDE_COVERAGE)
		target_compile_options(${target} PRIVATE -fno-profile-arcs
			-fno-test-coverage -URINGSIDE_COVERAGE)
	endif()
	set(kernel ${PROJECT_BINARY_DIR}/lib/ringside/lab/kernel.o)
	file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/lib/ringside/lab)
	add_custom_command(OUTPUT ${kernel}
		COMMAND ${CMAKE_LINKER} -r -o ${kernel}
			$<TARGET_OBJECTS:${target}>
		DEPENDS $<TARGET_OBJECTS:${target}>
		COMMAND_EXPAND_LISTS VERBATIM)
	add_custom_target(lab_kernel ALL DEPENDS ${kernel})
	set_property(GLOBAL APPEND PROPERTY RINGSIDE_RUNTIME_TARGETS lab_kernel)

	set(share ${PROJECT_BINARY_DIR}/share/ringside)
	# Little optimized: lines in reports are those of the source, and a loop
	# that looks at a variable goes on looking (guestdrv/lab/safe_point.c).
	list(TRANSFORM RINGSIDE_GUEST_FLAGS REPLACE "^-O2$" "-Og"
		OUTPUT_VARIABLE flags)
	list(JOIN flags "\n" flags)
	file(CONFIGURE OUTPUT ${share}/lab/flags @ONLY CONTENT [[
-std=gnu11
@flags@
-fsanitize-coverage=trace-pc
-Wall
-Werror=implicit-function-declaration
-Werror=int-conversion
-Werror=incompatible-pointer-types
]])
	foreach(folder guestdrv labs)
		file(CREATE_LINK ${PROJECT_SOURCE_DIR}/${folder}
			${share}/${folder} SYMBOLIC)
	endforeach()
	install(FILES ${kernel} DESTINATION lib/ringside/lab)
	install(FILES ${share}/lab/flags DESTINATION share/ringside/lab)
endfunction()
