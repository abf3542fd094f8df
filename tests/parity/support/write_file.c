#include "write_file.h"
#include "scenario.h"
#include <stdio.h>

void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  must(file == NULL ? UV_EIO : 0, path);
  must(fputs(text, file) < 0 ? UV_EIO : 0, path);
  must(fclose(file) != 0 ? UV_EIO : 0, path);
}
