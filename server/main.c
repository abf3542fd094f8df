#include "app.h"
#include "asyncscope/async_version.h"
#include "descriptors.h"
#include "healthcheck.h"
#include "options.h"
#include <stdio.h>
#include <stdlib.h>

static int check(const app_options_t *options) {
  int error = app_healthcheck(options);

  if (error != 0)
    fprintf(stderr, "asyncscope: not well: %s\n", uv_strerror(error));
  return error == 0 ? 0 : 1;
}

/* Only what has left the buffer was printed. */
static int printed(void) {
  if (ferror(stdout) == 0 && fflush(stdout) == 0)
    return 0;
  perror("asyncscope: cannot print");
  return APP_EXIT_CANNOT_START;
}

static int run(const app_options_t *options) {
  switch (options->command) {
  case APP_HELP:
    app_options_help(stdout);
    return printed();
  case APP_VERSION:
    puts("asyncscope " ASYNCSCOPE_VERSION_STRING);
    return printed();
  case APP_HEALTHCHECK:
    return check(options);
  default:
    return app_run(options);
  }
}

int main(int argc, char *argv[]) {
  char error[APP_ERROR_BYTES];
  app_options_t options;

  if (!app_descriptors_open_standard()) {
    perror("asyncscope: cannot open /dev/null");
    return APP_EXIT_CANNOT_START;
  }
  if (app_options_parse(argc, argv, getenv, &options, error) != 0) {
    fprintf(stderr, "asyncscope: %s\n", error);
    return APP_EXIT_USAGE;
  }
  return (int)run(&options);
}
