#ifndef ASYNCSCOPE_FS_DIRECTORY_H
#define ASYNCSCOPE_FS_DIRECTORY_H

#include "uv_fixture.h"

#define FS_PATH_BYTES 256

/* A uv_fixture_t with an empty directory of its own, removed with all that is
 * in it. */
typedef struct fs_fixture_s {
  uv_fixture_t uv; /* first: taken for one */
  char directory[FS_PATH_BYTES];
  char paths[8][FS_PATH_BYTES];
  unsigned next_path;
} fs_fixture_t;

int fs_fixture_setup(void **state);
int fs_fixture_teardown(void **state);

#define cmocka_unit_test_fs(test) \
  cmocka_unit_test_setup_teardown(test, fs_fixture_setup, fs_fixture_teardown)

/* A path in the directory; good for seven more calls. */
const char *fs_path(fs_fixture_t *fixture, const char *name);

/* A file of that name with that text; its path. */
const char *fs_file(fs_fixture_t *fixture, const char *name, const char *text);

#endif
