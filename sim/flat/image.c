/* SPDX-License-Identifier: MIT */
/*
 * Guest images as shared objects: loading, and their variables as they were when
 * loaded, so that one image can be booted again and again in one process.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>

#include "sim/flat/image_data.h"

/* What dl_iterate_phdr's callback fills. */
struct search {
	struct flat_image *img;
	const struct link_map *map;
};

static uintptr_t page_down(uintptr_t addr)
{
	return addr & ~(uintptr_t)(FLAT_PAGE - 1);
}

static void add_range(struct flat_image *img, uintptr_t from, uintptr_t to)
{
	if (from >= to || img->ndata == FLAT_IMAGE_RANGES)
		return;
	img->data[img->ndata].base = (void *)from;
	img->data[img->ndata].size = to - from;
	img->ndata++;
}

/* What is written to after loading: writable segments but for the part that the
 * loader has made read-only again (PT_GNU_RELRO, whole pages). */
static int find_data(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct search *search = arg;
	uintptr_t relro = 0, relro_end = 0, base = info->dlpi_addr;
	const ElfW(Phdr) *ph = info->dlpi_phdr;
	const ElfW(Phdr) *end = ph + info->dlpi_phnum;

	(void)size;
	if (base != search->map->l_addr ||
	    strcmp(info->dlpi_name, search->map->l_name))
		return 0;
	for (; ph < end; ph++) {
		if (ph->p_type != PT_GNU_RELRO)
			continue;
		relro = page_down(base + ph->p_vaddr);
		relro_end = page_down(base + ph->p_vaddr + ph->p_memsz);
	}
	for (ph = info->dlpi_phdr; ph < end; ph++) {
		uintptr_t from = base + ph->p_vaddr, to = from + ph->p_memsz;

		if (ph->p_type != PT_LOAD || !(ph->p_flags & PF_W))
			continue;
		if (relro_end <= from || relro >= to) {
			add_range(search->img, from, to);
			continue;
		}
		add_range(search->img, from, relro);
		add_range(search->img, relro_end, to);
	}
	return 1;
}

size_t flat_image_data_size(const struct flat_image *img)
{
	size_t i, size = 0;

	for (i = 0; i < img->ndata; i++)
		size += img->data[i].size;
	return size;
}

void flat_image_data_save(const struct flat_image *img, uint8_t *to)
{
	size_t i;

	for (i = 0; i < img->ndata; i++) {
		flat_copy_raw(to, img->data[i].base, img->data[i].size);
		to += img->data[i].size;
	}
}

void flat_image_data_load(struct flat_image *img, const uint8_t *from)
{
	size_t i;

	for (i = 0; i < img->ndata; i++) {
		flat_copy_raw(img->data[i].base, from, img->data[i].size);
		from += img->data[i].size;
	}
}

static bool keep_pristine(struct flat_image *img, char *error, size_t len)
{
	struct search search = { .img = img };

	if (dlinfo(img->handle, RTLD_DI_LINKMAP, &search.map)) {
		snprintf(error, len, "%s", dlerror());
		return false;
	}
	dl_iterate_phdr(find_data, &search);
	img->pristine = malloc(flat_image_data_size(img) + 1);
	if (!img->pristine) {
		snprintf(error, len, "out of memory");
		return false;
	}
	flat_image_data_save(img, img->pristine);
	return true;
}

struct flat_image *flat_image_open(const char *path, char *error, size_t len)
{
	struct flat_image *img = calloc(1, sizeof(*img));
	ringside_guest_fn *entry;

	if (!img) {
		snprintf(error, len, "out of memory");
		return NULL;
	}
	img->handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (!img->handle) {
		snprintf(error, len, "%s", dlerror());
		goto err_free;
	}
	entry = (ringside_guest_fn *)dlsym(img->handle, RINGSIDE_GUEST_ENTRY);
	if (!entry) {
		snprintf(error, len, "%s exports no %s", path,
			 RINGSIDE_GUEST_ENTRY);
		goto err_close;
	}
	if (!keep_pristine(img, error, len))
		goto err_close;
	img->guest = entry();
	return img;

err_close:
	dlclose(img->handle);
err_free:
	free(img);
	return NULL;
}

void flat_image_reset(struct flat_image *img)
{
	if (img->guest->dump_coverage)
		img->guest->dump_coverage();
	flat_image_data_load(img, img->pristine);
	img->guest = ((ringside_guest_fn *)dlsym(img->handle,
						 RINGSIDE_GUEST_ENTRY))();
}

uint64_t flat_image_offset(const struct flat_image *img, uintptr_t code)
{
	const struct link_map *map = NULL;

	if (dlinfo(img->handle, RTLD_DI_LINKMAP, &map) || !map)
		return code;
	return code - map->l_addr;
}

void flat_image_close(struct flat_image *img)
{
	if (!img)
		return;
	dlclose(img->handle);
	free(img->pristine);
	free(img);
}
