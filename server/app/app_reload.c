/* The two have nothing to do with each other: a certificate that cannot be used
 * keeps no token from being exchanged. */
#include "app_reload.h"

#include "app_tls.h"
#include "systemd.h"

bool app_reloads(const app_options_t *options) {
  return options->tls.cert != NULL || options->debug_token_file != NULL;
}

static int exchange_token(app_t *app, const char *token) {
  int error = asyncscope_debug_listener_set_token(app->debug_listener, token);

  return error == 0 ? debug_secret_set(&app->secret, token) : error;
}

static void reload_token(app_t *app) {
  const char *path = app->options.debug_token_file;
  app_debug_token_t token;
  int error;

  if (path == NULL)
    return;
  error = app_debug_token_read(path, APP_DEBUG_TOKEN_MS, &token);
  if (error == 0)
    error = exchange_token(app, token.text);
  if (error != 0)
    app_log_write(&app->log, APP_LOG_ERROR,
                  "asyncscope: cannot read a token from %.160s: %s; the token "
                  "before holds on",
                  path, uv_strerror(error));
  else
    app_log_write(&app->log, APP_LOG_INFO,
                  "asyncscope: the token was read again");
}

void app_reload(app_t *app) {
  app_systemd_notify("RELOADING=1\nMONOTONIC_USEC=%llu",
                     (unsigned long long)(uv_hrtime() / 1000));
  app_tls_reload(app);
  reload_token(app);
  app_systemd_notify("READY=1");
}
