/* replay SEEDS: gives the target each input of the file. Fails where there is
 * none. */
#include "fuzz.h"
#include "seeds.h"

#include <stdio.h>

static void replay(void *arg, const uint8_t *data, size_t size) {
  (void)arg;
  LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv) {
  long count = argc == 2 ? fuzz_seeds_each(argv[1], replay, NULL) : -1;
  if (count <= 0) {
    fprintf(stderr, "no seeds, or none that can be read\n");
    return 1;
  }
  printf("%ld inputs\n", count);
  return 0;
}
