#include "debug_snapshot.h"

#include <stdbool.h>
#include <string.h>

json_t *debug_capture(e2e_t *e2e) {
  return e2e_get_json(e2e, "/debug");
}

json_t *debug_resource(const json_t *debug, const char *key) {
  size_t i = 0;
  json_t *resource = NULL;
  json_array_foreach(e2e_array(debug, "resources"), i, resource) {
    if (strcmp(e2e_string(resource, "key"), key) == 0) {
      return resource;
    }
  }
  return NULL;
}

static bool is_of_request(const json_t *resource, const char *request_id) {
  const char *id = json_string_value(json_object_get(resource, "requestId"));
  return request_id == NULL || (id != NULL && strcmp(id, request_id) == 0);
}

json_t *debug_find(const json_t *debug, const char *type,
                   const char *request_id) {
  size_t i = 0;
  json_t *resource = NULL;
  json_array_foreach(e2e_array(debug, "resources"), i, resource) {
    if (strcmp(e2e_string(resource, "type"), type) == 0 &&
        is_of_request(resource, request_id)) {
      return resource;
    }
  }
  return NULL;
}

size_t debug_count(const json_t *debug, const char *type) {
  size_t i = 0;
  size_t count = 0;
  json_t *resource = NULL;
  json_array_foreach(e2e_array(debug, "resources"), i, resource) {
    count += strcmp(e2e_string(resource, "type"), type) == 0;
  }
  return count;
}

json_t *debug_thread(const json_t *debug, json_int_t number) {
  size_t i = 0;
  json_t *thread = NULL;
  json_array_foreach(e2e_array(debug, "threads"), i, thread) {
    if (e2e_integer(thread, "thread") == number) {
      return thread;
    }
  }
  fail_msg("no thread %lld", (long long)number);
  return NULL;
}

size_t debug_threads(const json_t *debug, const char *kind) {
  size_t i = 0;
  size_t count = 0;
  json_t *thread = NULL;
  json_array_foreach(e2e_array(debug, "threads"), i, thread) {
    count += strcmp(e2e_string(thread, "kind"), kind) == 0;
  }
  return count;
}

json_int_t debug_stores_held(const json_t *debug) {
  json_t *stores = json_object_get(json_object_get(debug, "counts"), "stores");
  return e2e_integer(stores, "created") - e2e_integer(stores, "released");
}

static bool is_quiet(const json_t *debug, size_t listeners) {
  return json_array_size(e2e_array(debug, "resources")) == listeners &&
         debug_count(debug, "TCPSERVERWRAP") == listeners &&
         json_array_size(e2e_array(debug, "requests")) == 0 &&
         debug_stores_held(debug) == 1;
}

/* Each round lets the server turn its loops by an answer of its own. */
void debug_assert_quiet(e2e_t *e2e, size_t listeners) {
  for (size_t i = 0; i < DEBUG_POLLS; i++) {
    if (is_quiet(debug_capture(e2e), listeners)) {
      return;
    }
    e2e_get(e2e, 200, "/timer?ms=5");
  }
  fail_msg("not quiet: %s", json_dumps(e2e->json, JSON_INDENT(1)));
}
