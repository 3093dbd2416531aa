/* SPDX-License-Identifier: MIT */
/*
 * Reads the program headers of a loaded object; see image_file.h.  The build id
 * is a hash that the linker made of all contents, so that its CRC costs nothing
 * where the file's would take longer than a short run.
 */
#include <elf.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

#include "sim/scenario/image_file.h"

struct look {
	struct image_file *file;
	uintptr_t address;
	bool has_id;
};

static bool holds(const struct dl_phdr_info *info, uintptr_t address)
{
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr;

		if (p->p_type == PT_LOAD && address >= start &&
		    address - start < p->p_memsz)
			return true;
	}
	return false;
}

static size_t padded(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

/*
 * A note segment (ELF, "Note Section"): each note is
 *
 *   namesz, descsz, type: 4 bytes each | name, padded to 4 | desc, padded to 4
 */
static void read_notes(struct look *l, const char *p, size_t size)
{
	while (size >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *n = (const void *)p;
		size_t name = padded(n->n_namesz), desc = padded(n->n_descsz);
		const char *text = p + sizeof(*n);

		if (name > size - sizeof(*n) ||
		    desc > size - sizeof(*n) - name)
			return;
		if (n->n_type == NT_GNU_BUILD_ID && n->n_namesz == 4 &&
		    memcmp(text, "GNU", 4) == 0) {
			l->file->crc = (uint32_t)crc32_z(
				0, (const Bytef *)text + name, n->n_descsz);
			l->has_id = true;
		}
		p = text + name + desc;
		size -= sizeof(*n) + name + desc;
	}
}

static int visit(struct dl_phdr_info *info, size_t size, void *arg)
{
	struct look *l = arg;

	(void)size;
	if (!holds(info, l->address))
		return 0;
	for (size_t i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + p->p_vaddr;

		if (p->p_type == PT_LOAD && (p->p_flags & PF_X)) {
			l->file->text_start = start;
			l->file->text_end = start + p->p_memsz;
		} else if (p->p_type == PT_NOTE) {
			read_notes(l, (const char *)start, p->p_memsz);
		}
	}
	return 1;
}

static uint32_t file_crc(const char *path)
{
	unsigned char buf[16384];
	FILE *f = *path ? fopen(path, "rbe") : NULL;
	uLong crc = crc32_z(0, NULL, 0);
	size_t n;

	while (f && (n = fread(buf, 1, sizeof(buf), f)) > 0)
		crc = crc32_z(crc, buf, n);
	if (f)
		fclose(f);
	return (uint32_t)crc;
}

void image_file_look(struct image_file *f, uintptr_t address, const char *path)
{
	struct look l = { .file = f, .address = address };

	memset(f, 0, sizeof(*f));
	if (address)
		dl_iterate_phdr(visit, &l);
	if (!l.has_id)
		f->crc = file_crc(path);
}
