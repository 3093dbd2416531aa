/* SPDX-License-Identifier: MIT */
#include "sim/observe/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST 8u

void *array_reach(void *array, size_t *count, size_t size, size_t index)
{
	size_t n = *count ? *count : FIRST;
	char *bigger;

	if (index < *count)
		return array;
	while (n <= index && n <= SIZE_MAX / 2)
		n *= 2;
	if (n <= index || n > SIZE_MAX / size)
		return NULL;
	bigger = realloc(array, n * size);
	if (!bigger)
		return NULL;
	memset(bigger + *count * size, 0, (n - *count) * size);
	*count = n;
	return bigger;
}
