/* unpack SEEDS DIRECTORY: a file for each input, as libFuzzer wants it.
 * unpack FILE: the line of a file of seeds for what libFuzzer has found. */
#include "seeds.h"

#include <stdio.h>

typedef struct unpacked_s {
  const char *directory;
  int count, failed;
} unpacked_t;

static void unpack(void *arg, const uint8_t *data, size_t size) {
  unpacked_t *unpacked = arg;
  char path[512];
  snprintf(path, sizeof(path), "%s/seed-%d", unpacked->directory,
           unpacked->count++);
  FILE *file = fopen(path, "w");
  if (file == NULL) {
    unpacked->failed = 1;
    return;
  }
  unpacked->failed |= fwrite(data, 1, size, file) != size;
  unpacked->failed |= fclose(file) != 0;
}

static int print_line(const char *path) {
  static uint8_t data[1 << 20];
  FILE *file = fopen(path, "r");
  if (file == NULL) {
    return 1;
  }
  size_t size = fread(data, 1, sizeof(data), file);
  fclose(file);
  fuzz_seed_print(data, size);
  return 0;
}

int main(int argc, char **argv) {
  unpacked_t unpacked = {.directory = argc == 3 ? argv[2] : NULL};
  if (argc == 2) {
    return print_line(argv[1]);
  }
  return argc != 3 || fuzz_seeds_each(argv[1], unpack, &unpacked) <= 0 ||
         unpacked.failed;
}
