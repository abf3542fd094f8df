#include "fs_directory.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int fs_fixture_setup(void **state) {
  fs_fixture_t *fixture = calloc(1, sizeof(*fixture));
  const char *parent = getenv("TMPDIR");
  assert_non_null(fixture);
  snprintf(fixture->directory, sizeof(fixture->directory),
           "%s/asyncscope-XXXXXX", parent == NULL ? "/tmp" : parent);
  assert_non_null(mkdtemp(fixture->directory));
  assert_int_equal(uv_loop_init(&fixture->uv.loop), 0);
  assert_int_equal(async_env_attach(&fixture->uv.loop), 0);
  assert_int_equal(recorder_start(&fixture->uv.recorder), 0);
  *state = fixture;
  return 0;
}

static int remove_entry(const char *path, const struct stat *status, int flag,
                        struct FTW *place) {
  (void)status;
  (void)flag;
  (void)place;
  return remove(path);
}

int fs_fixture_teardown(void **state) {
  fs_fixture_t *fixture = *state;
  assert_int_equal(
      nftw(fixture->directory, remove_entry, 8, FTW_DEPTH | FTW_PHYS), 0);
  return uv_fixture_teardown(state);
}

const char *fs_path(fs_fixture_t *fixture, const char *name) {
  char *path = fixture->paths[fixture->next_path++ % 8];
  int length = snprintf(path, FS_PATH_BYTES, "%s/%s", fixture->directory, name);
  assert_in_range(length, 1, FS_PATH_BYTES - 1);
  return path;
}

const char *fs_file(fs_fixture_t *fixture, const char *name, const char *text) {
  const char *path = fs_path(fixture, name);
  FILE *file = fopen(path, "w");
  assert_non_null(file);
  assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
  assert_int_equal(fclose(file), 0);
  return path;
}
