#include "http_client.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Room for `length` more bytes and a NUL; grows by halves, since large files
 * come in small pieces. */
static bool reserve(http_buffer_t *buffer, size_t length) {
  size_t needed = buffer->length + length + 1;
  if (needed <= buffer->capacity) {
    return true;
  }
  size_t capacity = needed + buffer->capacity / 2;
  char *grown = realloc(buffer->bytes, capacity);
  if (grown != NULL) {
    buffer->bytes = grown;
    buffer->capacity = capacity;
  }
  return grown != NULL;
}

/* libcurl's write callback: anything but `count` ends the transfer. */
static size_t append(char *bytes, size_t size, size_t count, void *arg) {
  http_buffer_t *buffer = arg;
  size_t length = size * count;
  if (!reserve(buffer, length)) {
    return 0;
  }
  memcpy(buffer->bytes + buffer->length, bytes, length);
  buffer->length += length;
  buffer->bytes[buffer->length] = '\0';
  return length;
}

void http_answer_attach(http_answer_t *answer, CURL *easy) {
  *answer = (http_answer_t){.code = CURLE_FAILED_INIT};
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &answer->body);
  curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, append);
  curl_easy_setopt(easy, CURLOPT_HEADERDATA, &answer->header);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, HTTP_CLIENT_DEADLINE_MS);
  curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  if (getenv("CURL_CA_BUNDLE") != NULL) {
    curl_easy_setopt(easy, CURLOPT_CAINFO, getenv("CURL_CA_BUNDLE"));
  }
}

CURLcode http_client_init(http_client_t *client, const char *url) {
  bool local = strncmp(url, "unix:", 5) == 0;
  *client = (http_client_t){.easy = curl_easy_init()};
  snprintf(client->url, sizeof(client->url), "%s",
           local ? "http://localhost" : url);
  if (local) {
    snprintf(client->unix_path, sizeof(client->unix_path), "%s", url + 5);
  }
  return client->easy == NULL ? CURLE_OUT_OF_MEMORY : CURLE_OK;
}

static struct curl_slist *field_list(const char *const *fields) {
  struct curl_slist *list = NULL;
  for (size_t i = 0; fields != NULL && fields[i] != NULL; i++) {
    list = curl_slist_append(list, fields[i]);
  }
  return list;
}

static void set_method(CURL *easy, const http_request_t *request) {
  if (request->body != NULL) {
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)request->body_bytes);
  }
  if (request->method != NULL) {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(easy, CURLOPT_NOBODY,
                     strcmp(request->method, "HEAD") == 0 ? 1L : 0L);
  }
}

static void set_url(http_client_t *client, const char *target) {
  char url[4096];
  snprintf(url, sizeof(url), "%s%s", client->url, target);
  curl_easy_setopt(client->easy, CURLOPT_URL, url);
}

CURLcode http_client_send(http_client_t *client, const http_request_t *request,
                          http_answer_t *ret_answer) {
  struct curl_slist *fields = field_list(request->fields);
  CURL *easy = client->easy;
  curl_easy_reset(easy);
  http_answer_attach(ret_answer, easy);
  set_url(client, request->target);
  if (client->unix_path[0] != '\0') {
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, client->unix_path);
  }
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, fields);
  set_method(easy, request);
  ret_answer->code = curl_easy_perform(easy);
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &ret_answer->status);
  curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &ret_answer->new_connections);
  curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &ret_answer->total_us);
  curl_slist_free_all(fields);
  return ret_answer->code;
}

CURLcode http_client_get(http_client_t *client, const char *target,
                         http_answer_t *ret_answer) {
  http_request_t request = {.target = target};
  return http_client_send(client, &request, ret_answer);
}

void http_client_finish(http_client_t *client) {
  if (client->easy != NULL) {
    curl_easy_cleanup(client->easy);
  }
  *client = (http_client_t){0};
}

int http_answer_field(const http_answer_t *answer, const char *name,
                      char *ret_value, size_t value_bytes) {
  size_t length = strlen(name);
  const char *line = answer->header.bytes;
  for (; line != NULL; line = strchr(line, '\n')) {
    line += line[0] == '\n';
    if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
      line += length + 1;
      line += strspn(line, " \t");
      return snprintf(ret_value, value_bytes, "%.*s",
                      (int)strcspn(line, "\r\n"), line);
    }
  }
  return -1;
}

void http_answer_finish(http_answer_t *answer) {
  free(answer->header.bytes);
  free(answer->body.bytes);
  *answer = (http_answer_t){0};
}
