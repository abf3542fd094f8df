#include "app_tls.h"

#include "asyncscope/async_env.h"
#include <stdio.h>
#include <sys/stat.h>

/* Said and no more: where the files come from a volume, their modes are not
 * always the operator's choice. */
static void check_mode(app_t *app) {
  const char *key = app->options.tls.key;
  struct stat found;

  if (stat(key, &found) == 0 && (found.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    app_log_write(&app->log, APP_LOG_WARN,
                  "asyncscope: the key %.160s is open to others than its "
                  "owner: mode %03o",
                  key, (unsigned)(found.st_mode & 0777));
}

int app_tls_start(app_t *app) {
  int error;

  if (app->options.tls.cert == NULL)
    return 0;
  error = tls_context_create(&app->options.tls, &app->tls);
  if (error != 0)
    fprintf(stderr, "asyncscope: %s\n", async_error_message());
  else
    check_mode(app);
  return error;
}

void app_tls_reload(app_t *app) {
  int error;

  if (app->tls == NULL)
    return;
  error = tls_context_reload(app->tls);
  if (error != 0) {
    app_log_write(&app->log, APP_LOG_ERROR,
                  "asyncscope: %s; the certificate before holds on",
                  async_error_message());
  } else {
    app_log_write(&app->log, APP_LOG_INFO,
                  "asyncscope: the certificate was read again");
    check_mode(app);
  }
}
