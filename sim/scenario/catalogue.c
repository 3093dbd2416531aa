/* SPDX-License-Identifier: MIT */
/*
 * Finds guest images and device models; see catalogue.h.  A shared object is
 * loaded when a scenario names it and not before: listing looks at file names
 * only.  What is wrong is told in the roles of the places that were searched,
 * never in paths of this machine.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/scenario/catalogue.h"
#include "sim/scenario/image_file.h"
#include "sim/scenario/text.h"

#define MAX_DIRS 16u
#define PLACES "lib/ringside/guests and guests beside the program, RINGSIDE_GUEST_PATH, and the user's own"

/* Guests that the build makes only where their sources are installed. */
static const char *const optional_guests[] = {
	"linux-6.1", "linux-6.12", NULL
};

struct guest_entry {
	struct guest_entry *next;
	struct loaded_guest guest;
	void *handle; /* of dlopen, or NULL */
};

struct model_entry {
	struct model_entry *next;
	const char *name;
	const struct device_model *model;
	void *handle;
};

struct catalogue {
	struct scn_arena *a;
	struct guest_entry *guests; /* known so far */
	struct model_entry *models; /* added, or loaded by path */
	const char *dirs[MAX_DIRS]; /* searched for guests */
	size_t ndirs;
	const char **guest_names, **model_names; /* once asked for */
};

static void add_dir(struct catalogue *c, const char *dir)
{
	if (*dir && c->ndirs < MAX_DIRS)
		c->dirs[c->ndirs++] = dir;
}

/* Beside the program, as it lies in the build folder and when installed. */
static void add_program_dirs(struct catalogue *c)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (!slash)
		return;
	*slash = '\0';
	add_dir(c, arena_printf(c->a, "%s/../lib/ringside/guests", exe));
	add_dir(c, arena_printf(c->a, "%s/guests", exe));
}

bool catalogue_user_dir(char *dir, size_t size)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	int n = -1;

	if (data && data[0] == '/')
		n = snprintf(dir, size, "%s/ringside/guests", data);
	else if (home && home[0] == '/')
		n = snprintf(dir, size, "%s/.local/share/ringside/guests", home);
	return n >= 0 && (size_t)n < size;
}

static void add_user_dir(struct catalogue *c)
{
	char dir[4096];

	if (catalogue_user_dir(dir, sizeof(dir)))
		add_dir(c, arena_strdup(c->a, dir));
}

static void add_environment_dirs(struct catalogue *c)
{
	const char *path = getenv("RINGSIDE_GUEST_PATH");
	char *copy, *dir, *save = NULL;

	if (!path)
		return;
	copy = arena_strdup(c->a, path);
	for (dir = strtok_r(copy, ":", &save); dir;
	     dir = strtok_r(NULL, ":", &save))
		add_dir(c, dir);
}

struct catalogue *catalogue_create(void)
{
	struct scn_arena *a = arena_create();
	struct catalogue *c = arena_alloc(a, sizeof(*c));

	c->a = a;
	add_program_dirs(c);
	add_environment_dirs(c);
	add_user_dir(c);
	return c;
}

void catalogue_destroy(struct catalogue *c)
{
	if (!c)
		return;
	for (struct guest_entry *g = c->guests; g; g = g->next)
		if (g->handle)
			dlclose(g->handle);
	for (struct model_entry *m = c->models; m; m = m->next)
		if (m->handle)
			dlclose(m->handle);
	arena_destroy(c->a);
}

/* Relative to the scenario's folder, as dlopen wants it: with a slash. */
static const char *path_of(struct catalogue *c, const char *name,
			   const char *dir)
{
	return name[0] == '/' ? name : arena_printf(c->a, "%s/%s", dir, name);
}

/* Only of a file: opening a pipe would wait for its writer. */
static bool is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* Loads `path` and finds its entry; NULL: *error tells why. */
static void *load_entry(struct catalogue *c, const char *name,
			const char *path, const char *entry, void **handle,
			const char **error)
{
	const char *why;
	size_t len = strlen(path);
	void *symbol;

	*handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!*handle) {
		why = dlerror();
		if (why && strncmp(why, path, len) == 0 && why[len] == ':')
			why += len + 1 + strspn(why + len + 1, " ");
		*error = arena_printf(c->a,
				      "'%s' cannot be loaded as a shared object: %s",
				      name, why ? why : "for no reason given");
		return NULL;
	}
	symbol = dlsym(*handle, entry);
	if (!symbol) {
		*error = arena_printf(c->a, "'%s' exports no %s()", name,
				      entry);
		dlclose(*handle);
		*handle = NULL;
	}
	return symbol;
}

static bool abi_fits(struct catalogue *c, const char *name, uint32_t version,
		     uint32_t wanted, uint32_t size, size_t needed,
		     const char **error)
{
	if (version == wanted && size >= needed)
		return true;
	if (version != wanted)
		*error = arena_printf(c->a, "'%s' was built for version %u of the interface, this program has %u",
				      name, version, wanted);
	else
		*error = arena_printf(c->a, "'%s' was built for an older interface (%u bytes where %zu are needed)",
				      name, size, needed);
	return false;
}

/* ---- guests ---- */

static struct guest_entry *new_guest(struct catalogue *c, const char *name,
				     const char *path,
				     const struct guest_image *image,
				     uintptr_t address)
{
	struct guest_entry *g = arena_alloc(c->a, sizeof(*g));
	struct image_file file;

	image_file_look(&file, address, path);
	g->guest = (struct loaded_guest){
		.name = arena_strdup(c->a, name),
		.path = path,
		.image = image,
		.text_start = file.text_start,
		.text_end = file.text_end,
		.crc = file.crc,
	};
	g->next = c->guests;
	c->guests = g;
	return g;
}

void catalogue_add_guest(struct catalogue *c, const struct guest_image *image)
{
	new_guest(c, image->name, "", image, (uintptr_t)image->boot);
	c->guest_names = NULL;
}

static const struct loaded_guest *load_guest(struct catalogue *c,
					     const char *name,
					     const char *path,
					     const char **error)
{
	void *handle, *symbol;
	ringside_guest_fn *entry;
	const struct guest_image *image;
	struct guest_entry *g;

	symbol = load_entry(c, name, path, RINGSIDE_GUEST_ENTRY, &handle,
			    error);
	if (!symbol)
		return NULL;
	memcpy(&entry, &symbol, sizeof(entry));
	image = entry();
	if (!image) {
		*error = arena_printf(c->a, "'%s' describes no guest", name);
		dlclose(handle);
		return NULL;
	}
	if (!abi_fits(c, name, image->abi_version, MACHINE_ABI_VERSION,
		      image->size, GUEST_IMAGE_SIZE_MIN, error)) {
		dlclose(handle);
		return NULL;
	}
	g = new_guest(c, name, path, image, (uintptr_t)symbol);
	g->handle = handle;
	return &g->guest;
}

bool catalogue_guest_optional(const char *name)
{
	for (size_t i = 0; optional_guests[i]; i++)
		if (strcmp(optional_guests[i], name) == 0)
			return true;
	return false;
}

static const char *join(struct catalogue *c, const char *const *names)
{
	const char *s = "";

	for (; *names; names++)
		s = arena_printf(c->a, "%s%s%s", s, *s ? ", " : "", *names);
	return *s ? s : "none";
}

/* The file of a guest's name, or NULL. */
static const char *search(struct catalogue *c, const char *name)
{
	for (size_t i = 0; i < c->ndirs; i++) {
		const char *path = arena_printf(c->a, "%s/%s.so", c->dirs[i],
						name);

		if (is_file(path))
			return path;
	}
	return NULL;
}

static const char *guest_path(struct catalogue *c, const char *name,
			      const char *dir, const char **error)
{
	const char *path;

	if (strchr(name, '/')) {
		path = path_of(c, name, dir);
		if (is_file(path))
			return path;
		*error = arena_printf(c->a, "there is no file '%s'; a guest's path is relative to the scenario's folder",
				      name);
		return NULL;
	}
	path = search(c, name);
	if (path)
		return path;
	if (catalogue_guest_optional(name))
		*error = arena_printf(c->a, "the guest '%s' is not built here; for it: apt-get install --no-install-recommends linux-source-%s",
				      name, name + strlen("linux-"));
	else
		*error = arena_printf(c->a, "no guest '%s' in " PLACES "; there is: %s",
				      name, join(c, catalogue_guest_names(c)));
	return NULL;
}

const struct loaded_guest *catalogue_guest(struct catalogue *c,
					   const char *name, const char *dir,
					   const char **error)
{
	bool is_path = strchr(name, '/');
	const char *path;

	for (struct guest_entry *g = c->guests; g && !is_path; g = g->next)
		if (strcmp(g->guest.name, name) == 0)
			return &g->guest;
	path = guest_path(c, name, dir, error);
	if (!path)
		return NULL;
	for (struct guest_entry *g = c->guests; g; g = g->next)
		if (strcmp(g->guest.path, path) == 0 &&
		    strcmp(g->guest.name, name) == 0)
			return &g->guest;
	return load_guest(c, name, path, error);
}

/* ---- models ---- */

void catalogue_add_model(struct catalogue *c, const struct device_model *model)
{
	struct model_entry *m = arena_alloc(c->a, sizeof(*m));

	m->name = model->name;
	m->model = model;
	m->next = c->models;
	c->models = m;
	c->model_names = NULL;
}

static const struct device_model *load_model(struct catalogue *c,
					     const char *name,
					     const char *path,
					     const char **error)
{
	void *handle, *symbol;
	ringside_device_fn *entry;
	const struct device_model *model;

	symbol = load_entry(c, name, path, RINGSIDE_DEVICE_ENTRY, &handle,
			    error);
	if (!symbol)
		return NULL;
	memcpy(&entry, &symbol, sizeof(entry));
	model = entry();
	if (!model) {
		*error = arena_printf(c->a, "'%s' describes no device", name);
		dlclose(handle);
		return NULL;
	}
	if (!abi_fits(c, name, model->abi_version, DEVICE_MODEL_ABI_VERSION,
		      model->size, offsetof(struct device_model, actions),
		      error)) {
		dlclose(handle);
		return NULL;
	}
	catalogue_add_model(c, model);
	c->models->name = arena_strdup(c->a, path);
	c->models->handle = handle;
	return model;
}

const struct device_model *catalogue_model(struct catalogue *c,
					   const char *name, const char *dir,
					   const char **error)
{
	bool is_path = strchr(name, '/');
	const char *wanted = is_path ? path_of(c, name, dir) : name;

	for (struct model_entry *m = c->models; m; m = m->next)
		if (strcmp(m->name, wanted) == 0)
			return m->model;
	if (is_path && is_file(wanted))
		return load_model(c, name, wanted, error);
	for (size_t i = 0; !is_path && device_catalogue[i]; i++)
		if (strcmp(device_catalogue[i]->name, name) == 0)
			return device_catalogue[i];
	if (is_path)
		*error = arena_printf(c->a, "there is no file '%s'; a model's path is relative to the scenario's folder",
				      name);
	else
		*error = arena_printf(c->a, "no device model '%s'; there is: %s",
				      name, join(c, catalogue_model_names(c)));
	return NULL;
}

/* ---- lists ---- */

struct names {
	struct catalogue *c;
	const char **list;
	size_t count, capacity;
};

static void add_name(struct names *n, const char *name)
{
	const char **more;

	for (size_t i = 0; i < n->count; i++)
		if (strcmp(n->list[i], name) == 0)
			return;
	if (n->count + 1 >= n->capacity) {
		n->capacity = n->capacity ? n->capacity * 2 : 16;
		more = arena_array(n->c->a, n->capacity, sizeof(*more));
		if (n->count)
			memcpy(more, n->list, n->count * sizeof(*more));
		n->list = more;
	}
	n->list[n->count++] = arena_strdup(n->c->a, name);
	n->list[n->count] = NULL;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char **finish(struct names *n)
{
	if (!n->list)
		return arena_array(n->c->a, 1, sizeof(*n->list));
	qsort(n->list, n->count, sizeof(*n->list), by_name);
	return n->list;
}

static void add_images_of(struct names *n, const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		size_t len = strlen(e->d_name);

		if (len > 3 && strcmp(e->d_name + len - 3, ".so") == 0)
			add_name(n, arena_strndup(n->c->a, e->d_name, len - 3));
	}
	if (d)
		closedir(d);
}

const char *const *catalogue_guest_names(struct catalogue *c)
{
	struct names n = { .c = c };

	if (c->guest_names)
		return c->guest_names;
	for (struct guest_entry *g = c->guests; g; g = g->next)
		if (!strchr(g->guest.name, '/'))
			add_name(&n, g->guest.name);
	for (size_t i = 0; i < c->ndirs; i++)
		add_images_of(&n, c->dirs[i]);
	c->guest_names = finish(&n);
	return c->guest_names;
}

const char *const *catalogue_model_names(struct catalogue *c)
{
	struct names n = { .c = c };

	if (c->model_names)
		return c->model_names;
	for (struct model_entry *m = c->models; m; m = m->next)
		if (!m->handle)
			add_name(&n, m->name);
	for (size_t i = 0; device_catalogue[i]; i++)
		add_name(&n, device_catalogue[i]->name);
	c->model_names = finish(&n);
	return c->model_names;
}
