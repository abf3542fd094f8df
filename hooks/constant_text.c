#if defined(__linux__)
#include <link.h>
#endif
#include "constant_text.h"

#include <stddef.h>
#include <stdint.h>

#if defined(__linux__)
typedef struct search_s {
  uintptr_t address;
  bool behind_first, constant;
} search_t;

static bool is_in(const ElfW(Phdr) * segment, uintptr_t base,
                  uintptr_t address) {
  return segment->p_type == PT_LOAD && (segment->p_flags & PF_W) == 0 &&
         address - (base + segment->p_vaddr) < segment->p_memsz;
}

static bool holds(const struct dl_phdr_info *object, uintptr_t address) {
  bool found = false;
  for (size_t i = 0; !found && i < object->dlpi_phnum; i++)
    found = is_in(&object->dlpi_phdr[i], object->dlpi_addr, address);
  return found;
}

/* The first object is the program. */
static int look(struct dl_phdr_info *object, size_t info_bytes, void *arg) {
  search_t *search = arg;
  (void)info_bytes;
  bool stays = !search->behind_first ||
               holds(object, (uintptr_t)&asyncscope__is_constant_text);
  search->behind_first = true;
  search->constant = stays && holds(object, search->address);
  return search->constant;
}

bool asyncscope__is_constant_text(const char *text) {
  search_t search = {.address = (uintptr_t)text};
  dl_iterate_phdr(look, &search);
  return search.constant;
}
#else
bool asyncscope__is_constant_text(const char *text) {
  (void)text;
  return false;
}
#endif
