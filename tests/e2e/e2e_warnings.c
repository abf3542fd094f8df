#include "e2e_warnings.h"

#include "http_client.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define ROUNDS 400

/* What goes by time is looked for as well, at two minutes: long beyond what a
 * loaded machine adds to anything the tests do. One that wants it sooner says
 * so to its server by an option, which wins. */
static const char *const LOOKS_FOR[] = {
    "ASYNCSCOPE_WARN_SLOW_CALLBACK=120", "ASYNCSCOPE_WARN_LOOP_BLOCKED=120",
    "ASYNCSCOPE_WARN_POOL_STARVED=120", "ASYNCSCOPE_WARN_LONG_PENDING=120",
    "ASYNCSCOPE_WARN_CONTEXT_RETAINED=0.001"};

void e2e_warnings_environment(
    const char *const *environment,
    const char *ret_environment[E2E_WARNINGS_ENVIRONMENT_MAX + 1]) {
  size_t count = 0;
  for (; count < sizeof(LOOKS_FOR) / sizeof(LOOKS_FOR[0]); count++) {
    ret_environment[count] = LOOKS_FOR[count];
  }
  for (; environment != NULL && *environment != NULL &&
         count < E2E_WARNINGS_ENVIRONMENT_MAX;
       environment++) {
    ret_environment[count++] = *environment;
  }
  ret_environment[count] = NULL;
}

/* Whether `code` is one of the comma list `codes`. */
static bool is_listed(const char *codes, const char *code) {
  size_t length = strlen(code);
  while (codes != NULL && *codes != '\0') {
    size_t listed = strcspn(codes, ",");
    if (listed == length && strncmp(codes, code, length) == 0) {
      return true;
    }
    codes += listed + (codes[listed] == ',');
  }
  return false;
}

/* The warnings that nobody has provoked; a new array. NULL: no answer. */
static json_t *unwanted(http_client_t *client, const char *provoked) {
  http_answer_t answer = {.status = 0};
  http_client_get(client, "/debug/warnings", &answer);
  json_t *document = answer.code == CURLE_OK && answer.status == 200
                         ? json_loads(answer.body.bytes, 0, NULL)
                         : NULL;
  http_answer_finish(&answer);
  size_t i = 0;
  json_t *warning = NULL;
  json_t *found = document == NULL ? NULL : json_array();
  json_array_foreach(json_object_get(document, "warnings"), i, warning) {
    if (!is_listed(provoked,
                   json_string_value(json_object_get(warning, "code")))) {
      json_array_append(found, warning);
    }
  }
  json_decref(document);
  return found;
}

static void print(json_t *warnings) {
  char *text = json_dumps(warnings, JSON_INDENT(1));
  fprintf(stderr, "the server is warned of:\n%s\n", text);
  free(text);
}

/* Each round lets the server turn its loops by an answer of its own. */
bool e2e_warnings_none(const char *url, const char *provoked) {
  http_client_t client;
  json_t *found = NULL;
  if (http_client_init(&client, url) != CURLE_OK) {
    return true;
  }
  for (size_t i = 0; i < ROUNDS; i++) {
    json_decref(found);
    found = unwanted(&client, provoked);
    if (json_array_size(found) == 0) {
      break;
    }
    http_answer_t answer = {.status = 0};
    http_client_get(&client, "/timer?ms=5", &answer);
    http_answer_finish(&answer);
  }
  bool none = json_array_size(found) == 0;
  if (!none) {
    print(found);
  }
  json_decref(found);
  http_client_finish(&client);
  return none;
}
