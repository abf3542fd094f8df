#ifndef FUZZ_H
#define FUZZ_H

/* A fuzz target is a file that defines LLVMFuzzerTestOneInput(). It is linked
 * twice: with libFuzzer (the preset `fuzz`), which makes inputs up, and with
 * replay.c, which has it read its seeds and every input that was a bug once,
 * in each build. What it finds wrong ends the process. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(condition) \
  ((condition) ? (void)0 : fuzz_failed(#condition, __FILE__, __LINE__))

_Noreturn void fuzz_failed(const char *condition, const char *file, int line);

/* What is left of an input. */
typedef struct fuzz_input_s {
  const char *at;
  size_t size_bytes;
} fuzz_input_t;

/* The next byte; 0 at the end. */
unsigned fuzz_byte(fuzz_input_t *input);

/* A number of 8 bytes, little end first, fewer at the end. */
uint64_t fuzz_number(fuzz_input_t *input);

/* The bytes before the next line end, which is cut off too, in a block of their
 * own, so that a byte too far is noticed: fuzz_line() with a NUL behind them,
 * the other without. To be freed. */
char *fuzz_line(fuzz_input_t *input);
char *fuzz_line_bytes(fuzz_input_t *input, size_t *ret_size);

/* All that is left, in a block of its own. To be freed. */
char *fuzz_rest_bytes(fuzz_input_t *input, size_t *ret_size);

#endif
