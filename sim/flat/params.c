/* SPDX-License-Identifier: MIT */
/*
 * An action's parameters from text: "device=00:01.0,sectors=8,verify=true".
 * Types and defaults are the image's own table (struct guest_param).
 */
#include <stdlib.h>
#include <string.h>

#include "sim/flat/internal.h"

struct unit {
	const char *name;
	int64_t factor;
};

static const struct unit size_units[] = {
	{"", 1}, {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {0},
};

static const struct unit time_units[] = {
	{"ns", 1}, {"us", 1000}, {"ms", 1000000}, {"s", 1000000000}, {0},
};

static bool parse_int(const char *text, int64_t *value, const char **end)
{
	char *stop;
	long long v;

	/* strtoll takes leading blanks; a parameter has none. */
	if (!strchr("-0123456789", *text) || !*text)
		return false;
	v = strtoll(text, &stop, 0);
	if (stop == text || v == INT64_MAX || v == INT64_MIN)
		return false;
	*value = v;
	*end = stop;
	return true;
}

static bool parse_unit(const char *text, const struct unit *units,
		       int64_t *value)
{
	const char *end;

	if (!parse_int(text, value, &end) || *value < 0)
		return false;
	for (; units->name; units++) {
		if (strcmp(end, units->name) == 0)
			return !__builtin_mul_overflow(*value, units->factor,
						       value);
	}
	return false;
}

static bool parse_plain(const char *text, struct guest_value *v)
{
	const char *end;

	return parse_int(text, &v->i, &end) && !*end;
}

static bool parse_bool(const char *text, struct guest_value *v)
{
	v->i = strcmp(text, "true") == 0;
	return v->i || strcmp(text, "false") == 0;
}

static bool parse_string(const char *text, struct guest_value *v)
{
	v->s = text;
	return true;
}

static bool parse_size(const char *text, struct guest_value *v)
{
	return parse_unit(text, size_units, &v->i);
}

static bool parse_time(const char *text, struct guest_value *v)
{
	return parse_unit(text, time_units, &v->i);
}

/* "bb:dd.f" in hexadecimal */
static bool parse_device(const char *text, struct guest_value *v)
{
	unsigned int bus, dev, fn;
	int used = 0;

	if (sscanf(text, "%2x:%2x.%1x%n", &bus, &dev, &fn, &used) != 3 ||
	    text[used] || dev > 31 || fn > 7)
		return false;
	v->i = MACHINE_BDF(bus, dev, fn);
	return true;
}

static bool (*const parsers[])(const char *text, struct guest_value *v) = {
	[GUEST_PARAM_INT] = parse_plain,     [GUEST_PARAM_BOOL] = parse_bool,
	[GUEST_PARAM_STRING] = parse_string, [GUEST_PARAM_SIZE] = parse_size,
	[GUEST_PARAM_TIME] = parse_time,     [GUEST_PARAM_DEVICE] = parse_device,
};

/* One "key=value", already cut in two. */
static bool set(const struct guest_param *params, struct guest_value *values,
		const char *key, const char *text, char *error, size_t len)
{
	size_t i;

	for (i = 0; params && params[i].name; i++) {
		if (strcmp(params[i].name, key))
			continue;
		values[i].given = true;
		if (parsers[params[i].type](text, &values[i]))
			return true;
		snprintf(error, len, "parameter %s cannot be \"%s\"", key,
			 text);
		return false;
	}
	snprintf(error, len, "no parameter \"%s\"", key);
	return false;
}

bool flat_params_parse(const struct guest_param *params, const char *args,
		       struct guest_value *values, char *store, size_t len,
		       char *error, size_t error_len)
{
	char *item, *rest = store;
	size_t i;

	for (i = 0; params && params[i].name; i++)
		values[i] = (struct guest_value){ .i = params[i].deflt };
	flat_copy_text(store, len, args);
	while (*rest) {
		char *equals;

		item = rest;
		rest += strcspn(rest, ",");
		if (*rest)
			*rest++ = '\0';
		equals = strchr(item, '=');
		if (!equals) {
			snprintf(error, error_len, "\"%s\" has no =", item);
			return false;
		}
		*equals = '\0';
		if (!set(params, values, item, equals + 1, error, error_len))
			return false;
	}
	for (i = 0; params && params[i].name; i++) {
		if (params[i].required && !values[i].given) {
			snprintf(error, error_len, "parameter %s is missing",
				 params[i].name);
			return false;
		}
	}
	return true;
}
