#include "debug_fixture.h"

#include "schema_check.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void add_chunk(answer_t *answer, const char *chunk, size_t length) {
  answer->text = realloc(answer->text, answer->length + length + 1);
  memcpy(answer->text + answer->length, chunk, length);
  answer->length += length;
  answer->text[answer->length] = '\0';
  answer->chunks += length > 0;
  if (length > answer->longest_chunk)
    answer->longest_chunk = length;
}

void read_stream(asyncscope_debug_stream_t *stream, answer_t *answer) {
  const char *chunk = "";
  size_t length;
  do {
    length = 0;
    answer->error = asyncscope_debug_stream_next(stream, &chunk, &length);
    answer->waits += answer->error == UV_EAGAIN;
    if (answer->error == 0)
      add_chunk(answer, chunk, length);
  } while (answer->error == UV_EAGAIN || (answer->error == 0 && length > 0));
  asyncscope_debug_stream_destroy(stream);
}

answer_t ask_accepting(asyncscope_debug_t *debug, const char *target,
                       const char *accept) {
  char path[4096];
  char *query;
  asyncscope_debug_answer_t opened;
  answer_t answer = {.status = 0};
  snprintf(path, sizeof(path), "%s", target);
  query = strchr(path, '?');
  if (query != NULL)
    *query++ = '\0';
  const asyncscope_debug_request_t request = {
      .path = path, .query = query, .accept = accept};
  answer.error = asyncscope_debug_open(debug, &request, &opened);
  if (answer.error != 0)
    return answer;
  answer.status = opened.status;
  answer.content_type = opened.content_type;
  read_stream(opened.stream, &answer);
  return answer;
}

answer_t ask(asyncscope_debug_t *debug, const char *target) {
  return ask_accepting(debug, target, NULL);
}

answer_t ask_alone(const char *target) {
  asyncscope_debug_t *debug = NULL;
  answer_t answer = {.error = asyncscope_debug_create(NULL, &debug)};
  if (answer.error == 0)
    answer = ask(debug, target);
  asyncscope_debug_destroy(debug);
  return answer;
}

void answer_free(answer_t *answer) {
  free(answer->text);
  *answer = (answer_t){.status = 0};
}

void answer_unzip(answer_t *answer) {
  enum { MOST = 16 << 20 };
  z_stream stream = {.next_in = (Bytef *)answer->text,
                     .avail_in = (uInt)answer->length};
  char *plain = malloc(MOST);
  assert_int_equal(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_out = (Bytef *)plain;
  stream.avail_out = MOST - 1;
  int status = inflate(&stream, Z_FINISH);
  assert_int_equal(inflateEnd(&stream), Z_OK);
  assert_int_equal(status, Z_STREAM_END);
  assert_int_equal(stream.avail_in, 0);
  free(answer->text);
  answer->text = plain;
  answer->length = MOST - 1 - stream.avail_out;
  plain[answer->length] = '\0';
}

json_t *answer_json(answer_t *answer) {
  json_t *document = answer->error != 0
                         ? NULL
                         : json_loadb(answer->text, answer->length,
                                      JSON_REJECT_DUPLICATES, NULL);
  answer_free(answer);
  return document;
}

int scene_setup(void **state) {
  scene_t *scene = calloc(1, sizeof(*scene));
  async_resource_t probe;
  *state = scene;
  if (async_env_open(ASYNC_ENV_OTHER, "tester") != 0 ||
      asyncscope_debug_create(NULL, &scene->debug) != 0 ||
      async_context_key_create("request", &scene->key) != 0 ||
      async_resource_init(&probe, "PROBE", NULL) != 0)
    return -1;
  scene->first = async_resource_async_id(&probe) + 1;
  scene->thread = async_env_thread();
  async_resource_finish(&probe);
  async_env_flush();
  return 0;
}

int scene_teardown(void **state) {
  scene_t *scene = *state;
  for (size_t i = 0; i < scene->count; i++)
    async_resource_finish(&scene->resources[i]);
  asyncscope_debug_destroy(scene->debug);
  async_context_key_destroy(&scene->key);
  int error = async_env_detach();
  free(scene);
  return error;
}

static async_resource_t *init(scene_t *scene, const char *type,
                              const async_resource_options_t *options) {
  assert_true(scene->count < SCENE_MAX);
  async_resource_t *resource = &scene->resources[scene->count++];
  assert_int_equal(async_resource_init(resource, type, options), 0);
  return resource;
}

async_resource_t *make(scene_t *scene, const char *type, async_id_t trigger) {
  const async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER,
                                            .trigger_async_id = trigger};
  return init(scene, type, &options);
}

async_resource_t *make_across(scene_t *scene, const char *type,
                              async_ref_t trigger) {
  const async_resource_options_t options = {.origin = &trigger};
  return init(scene, type, &options);
}

async_resource_t *make_internal(scene_t *scene, const char *type,
                                async_id_t trigger) {
  const async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER |
                                                     ASYNC_RESOURCE_INTERNAL,
                                            .trigger_async_id = trigger};
  return init(scene, type, &options);
}

async_resource_t *make_task(scene_t *scene, async_id_t trigger) {
  const async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER |
                                                     ASYNC_RESOURCE_TASK,
                                            .trigger_async_id = trigger};
  return init(scene, "WORK", &options);
}

async_resource_t *make_for(scene_t *scene, const char *type, async_id_t trigger,
                           uint64_t request) {
  const async_context_value_t value = {.store = scene, .request = request};
  async_resource_options_t options = {.flags = ASYNC_RESOURCE_TRIGGER |
                                               ASYNC_RESOURCE_FRAME,
                                      .trigger_async_id = trigger};
  assert_int_equal(
      async_context_frame_with(NULL, &scene->key, &value, &options.frame), 0);
  async_resource_t *resource = init(scene, type, &options);
  async_context_frame_release(options.frame);
  return resource;
}

void end(scene_t *scene, async_resource_t *resource) {
  (void)scene;
  async_resource_finish(resource);
  async_env_flush();
}

async_id_t id_of(const async_resource_t *resource) {
  return async_resource_async_id(resource);
}

const char *key_of(const async_resource_t *resource) {
  static char keys[4][32];
  static unsigned turn;
  char *key = keys[turn++ % 4];
  snprintf(key, sizeof(keys[0]), "%u:%lld", async_env_thread(),
           (long long)id_of(resource));
  return key;
}

static answer_t ask_formatted(scene_t *scene, const char *format,
                              va_list arguments) {
  char target[4096];
  vsnprintf(target, sizeof(target), format, arguments);
  answer_t answer = ask(scene->debug, target);
  assert_int_equal(answer.error, 0);
  assert_true(answer.length > 0);
  assert_int_equal(answer.text[answer.length - 1], '\n');
  assert_true(answer.longest_chunk <= ASYNCSCOPE_DEBUG_CHUNK_BYTES);
  return answer;
}

static json_t *document_of(answer_t *answer) {
  assert_string_equal(answer->content_type, "application/json");
  json_t *document = answer_json(answer);
  assert_non_null(document);
  return document;
}

json_t *ask_json(scene_t *scene, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  answer_t answer = ask_formatted(scene, format, arguments);
  va_end(arguments);
  if (answer.status != 200)
    fail_msg("%d: %s", answer.status, answer.text);
  json_t *document = document_of(&answer);
  if (strstr(format, "fields=") == NULL)
    assert_schema(document);
  return document;
}

answer_t ask_text(scene_t *scene, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  answer_t answer = ask_formatted(scene, format, arguments);
  va_end(arguments);
  if (answer.status != 200)
    fail_msg("%d: %s", answer.status, answer.text);
  return answer;
}

json_t *ask_error(scene_t *scene, int status, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  answer_t answer = ask_formatted(scene, format, arguments);
  va_end(arguments);
  if (answer.status != status)
    fail_msg("%d: %s", answer.status, answer.text);
  json_t *document = document_of(&answer);
  assert_schema(document);
  json_t *error = json_incref(json_object_get(document, "error"));
  json_decref(document);
  assert_int_equal(json_integer_of(error, "status"), status);
  return error;
}

static void stay(void *arg) {
  other_t *other = arg;
  async_resource_t resource;
  const async_resource_options_t options = {
      .origin =
          other->cause.thread == ASYNC_THREAD_NONE ? NULL : &other->cause};
  (void)async_env_open(other->kind, other->name);
  (void)async_resource_init(&resource, other->type, &options);
  if (other->running)
    (void)async_resource_enter(&resource);
  other->made = (async_ref_t){async_env_thread(), id_of(&resource)};
  uv_sem_post(&other->ready);
  uv_sem_wait(&other->go);
  if (other->running)
    async_resource_leave(&resource);
  async_resource_finish(&resource);
  (void)async_env_detach();
}

void other_start(other_t *other) {
  assert_int_equal(uv_sem_init(&other->ready, 0), 0);
  assert_int_equal(uv_sem_init(&other->go, 0), 0);
  assert_int_equal(uv_thread_create(&other->id, stay, other), 0);
  uv_sem_wait(&other->ready);
}

void other_stop(other_t *other) {
  uv_sem_post(&other->go);
  uv_thread_join(&other->id);
  uv_sem_destroy(&other->ready);
  uv_sem_destroy(&other->go);
}

const char *json_text_of(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text == NULL ? "" : text;
}

json_int_t json_integer_of(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  if (!json_is_integer(value))
    fail_msg("no integer %s", key);
  return json_integer_value(value);
}

json_t *json_named(const json_t *document, const char *array, const char *key,
                   const char *value) {
  size_t i;
  json_t *item;
  json_array_foreach(json_object_get(document, array), i, item) {
    if (strcmp(json_text_of(item, key), value) == 0)
      return item;
  }
  return NULL;
}

const char *json_keys(const json_t *object) {
  static char keys[1024];
  size_t used = 0;
  const char *key;
  json_t *value;
  json_object_foreach((json_t *)(uintptr_t)object, key, value) {
    (void)value;
    used += (size_t)snprintf(keys + used, sizeof(keys) - used, "%s ", key);
    assert_true(used < sizeof(keys));
  }
  keys[used] = '\0';
  return keys;
}

/* Not with strstr(): under a sanitizer each call measures the whole text. */
size_t occurrences(const char *text, const char *part) {
  size_t length = strlen(part);
  size_t count = 0;
  for (const char *at = text; *at != '\0'; at++)
    count += *at == *part && strncmp(at, part, length) == 0;
  return count;
}

const char *line_with(const char *text, const char *part) {
  static char line[4096];
  const char *at = strstr(text, part);
  line[0] = '\0';
  if (at != NULL) {
    const char *begin = at;
    while (begin > text && begin[-1] != '\n')
      begin--;
    snprintf(line, sizeof(line), "%.*s", (int)strcspn(begin, "\n"), begin);
  }
  return line;
}
