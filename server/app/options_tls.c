/* Whether connections are encrypted, and with what. */
#include "option.h"

static bool set_file(const app_option_t *option, app_options_t *options,
                     const char *value, char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  void *member = (char *)options + option->at;
  if (!tls_is_built())
    return app_option_wrong(ret_wrong,
                            "is not for this build, which has no TLS");
  if (*value == '\0')
    return app_option_wrong(ret_wrong, "must name a file");
  *(const char **)member = value;
  return true;
}

int app_options_tls_check(const app_options_t *options,
                          char ret_error[APP_ERROR_BYTES]) {
  bool cert = options->tls.cert != NULL;
  if (cert == (options->tls.key != NULL))
    return 0;
  snprintf(ret_error, APP_ERROR_BYTES, "%s needs %s beside it",
           cert ? "--tls-cert" : "--tls-key",
           cert ? "--tls-key" : "--tls-cert");
  return UV_EINVAL;
}

const app_option_t app_options_tls[] = {
    {.name = "--tls-cert",
     .value = "FILE",
     .help = "PEM file with the server's certificate and those up to its root: "
             "all ports are HTTPS then, /debug too; read again on SIGHUP",
     .set = set_file,
     .at = offsetof(app_options_t, tls.cert)},
    {.name = "--tls-key",
     .value = "FILE",
     .help = "PEM file with the key of that certificate, without a passphrase",
     .set = set_file,
     .at = offsetof(app_options_t, tls.key)},
    {.name = NULL},
};
