/* Where finished requests are sent. The variables have the names that
 * OpenTelemetry gives them: those of traces go before those of all signals. */
#include "option.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <uv.h>

#define NUMBER_MAX 3600000

static bool set_endpoint(const app_option_t *option, app_options_t *options,
                         const char *value,
                         char ret_wrong[APP_OPTION_TEXT_BYTES]) {
  (void)option;
  if (strcmp(value, "off") != 0 && strncasecmp(value, "http://", 7) != 0)
    return app_option_wrong(ret_wrong, "must be http://HOST:PORT or off");
  options->otlp.endpoint = value;
  return true;
}

const app_option_t app_options_otlp[] = {
    {.name = "--otlp-endpoint",
     .value = "URL",
     .help = "OpenTelemetry collector that gets each finished request, as OTLP "
             "in JSON: http://127.0.0.1:4318; or off, whatever the variables "
             "of OpenTelemetry say",
     .set = set_endpoint},
    {.name = NULL},
};

typedef struct variable_s {
  const char *names[2]; /* the first that is set counts */
  size_t at;            /* in asyncscope_otlp_options_t */
  bool number;
} variable_t;

#define AT(member) offsetof(asyncscope_otlp_options_t, member)

static const variable_t variables[] = {
    {{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", NULL}, AT(traces_endpoint), false},
    {{"OTEL_EXPORTER_OTLP_ENDPOINT", NULL}, AT(endpoint), false},
    {{"OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"},
     AT(headers),
     false},
    {{"OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"},
     AT(timeout_ms),
     true},
    {{"OTEL_SERVICE_NAME", NULL}, AT(service_name), false},
    {{"OTEL_RESOURCE_ATTRIBUTES", NULL}, AT(resource_attributes), false},
    {{"OTEL_BSP_SCHEDULE_DELAY", NULL}, AT(delay_ms), true},
    {{"OTEL_BSP_MAX_QUEUE_SIZE", NULL}, AT(queue_max), true},
    {{"OTEL_BSP_MAX_EXPORT_BATCH_SIZE", NULL}, AT(batch_max), true},
};

#define VARIABLES (sizeof(variables) / sizeof(variables[0]))

const char *const app_otlp_variables[] = {"OTEL_EXPORTER_OTLP_ENDPOINT",
                                          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
                                          "OTEL_EXPORTER_OTLP_HEADERS",
                                          "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
                                          "OTEL_EXPORTER_OTLP_TIMEOUT",
                                          "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
                                          "OTEL_SERVICE_NAME",
                                          "OTEL_RESOURCE_ATTRIBUTES",
                                          "OTEL_BSP_SCHEDULE_DELAY",
                                          "OTEL_BSP_MAX_QUEUE_SIZE",
                                          "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
                                          "OTEL_SDK_DISABLED",
                                          "OTEL_TRACES_EXPORTER",
                                          NULL};

static const char *get_text(char *(*get)(const char *name), const char *name) {
  const char *value = name == NULL ? NULL : get(name);
  return value == NULL || *value == '\0' ? NULL : value;
}

static int take(const variable_t *variable, const char *name, const char *value,
                app_options_t *options, char ret_error[APP_ERROR_BYTES]) {
  void *field = (char *)&options->otlp + variable->at;
  uint64_t number;
  if (!variable->number) {
    *(const char **)field = value;
    return 0;
  }
  if (!app_option_parse_number(value, NUMBER_MAX, &number) || number == 0) {
    snprintf(ret_error, APP_ERROR_BYTES, "%s must be a whole number up to %d",
             name, NUMBER_MAX);
    return UV_EINVAL;
  }
  *(unsigned *)field = (unsigned)number;
  return 0;
}

static int read_variable(const variable_t *variable,
                         char *(*get)(const char *name), app_options_t *options,
                         char ret_error[APP_ERROR_BYTES]) {
  for (size_t i = 0; i < 2; i++) {
    const char *value = get_text(get, variable->names[i]);
    if (value != NULL)
      return take(variable, variable->names[i], value, options, ret_error);
  }
  return 0;
}

/* An application that is told to send nothing sends nothing. */
static bool is_disabled(char *(*get)(const char *name)) {
  const char *disabled = get_text(get, "OTEL_SDK_DISABLED");
  const char *exporter = get_text(get, "OTEL_TRACES_EXPORTER");
  return (disabled != NULL && strcasecmp(disabled, "true") == 0) ||
         (exporter != NULL && strcmp(exporter, "none") == 0);
}

int app_options_otlp_environment(app_options_t *options,
                                 char *(*get)(const char *name),
                                 char ret_error[APP_ERROR_BYTES]) {
  const char *endpoint = options->otlp.endpoint;
  int error = 0;
  for (size_t i = 0; i < VARIABLES && error == 0; i++)
    error = read_variable(&variables[i], get, options, ret_error);
  if (endpoint != NULL) {
    options->otlp.endpoint = strcmp(endpoint, "off") == 0 ? NULL : endpoint;
    options->otlp.traces_endpoint = NULL;
  } else if (is_disabled(get)) {
    options->otlp.endpoint = options->otlp.traces_endpoint = NULL;
  }
  return error;
}
