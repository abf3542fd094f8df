#ifndef FUZZ_SEEDS_H
#define FUZZ_SEEDS_H

/* A file of seeds: an input a line, in the escapes of C (\r \n \t \\ \xff, the
 * last always with two digits). Lines that begin with # and empty ones say
 * nothing. */

#include <stddef.h>
#include <stdint.h>

typedef void (*fuzz_seed_cb)(void *arg, const uint8_t *data, size_t size);

/* Calls `cb` for each input; each lies in a block of its own. Answers how many
 * there were; -1 for a file that cannot be read, or a wrong escape. */
long fuzz_seeds_each(const char *path, fuzz_seed_cb cb, void *arg);

/* Writes a line for the bytes to stdout. */
void fuzz_seed_print(const uint8_t *data, size_t size);

#endif
