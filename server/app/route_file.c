/* A file below the root, with what RFC 9110 has for them: validators,
 * conditions, ranges. The job lives as long as its request; the reader, which
 * may outlive it, has its own memory and calls nobody once it is closed. */
#include "routes.h"

#include "app.h"
#include "asyncscope/async_allocator.h"
#include "file_parts.h"
#include "file_reader.h"
#include "file_type.h"
#include "http_condition.h"
#include "reply.h"
#include <inttypes.h>
#include <stdio.h>

typedef struct file_job_s {
  app_loop_t *loop;
  http_request_t *request;
  http_response_t *response;
  file_reader_t *reader; /* NULL before it was opened */
  const char *type;
  file_parts_t parts;
  unsigned next_part;  /* its head was not given yet */
  uint64_t left_bytes; /* of the part before */
} file_job_t;

static void on_close(void *arg, int status) {
  file_job_t *job = arg;
  (void)status;
  if (job->reader != NULL)
    file_reader_close(job->reader);
  async_free(job);
}

static void reply_failed(http_response_t *response, int error) {
  if (error == UV_ENOENT)
    reply_text(response, 404, "path: no such file");
  else
    reply_unavailable(response, error);
}

/* Behind the last part comes a text too, and behind that nothing. */
static void begin_part(file_job_t *job, char ret_text[FILE_PARTS_TEXT_BYTES],
                       size_t *ret_size) {
  unsigned part = job->next_part++;
  *ret_size = file_parts_head(&job->parts, part, ret_text);
  if (part < job->parts.ranges.count) {
    const http_range_t *range = &job->parts.ranges.ranges[part];
    job->left_bytes = range->last - range->first + 1;
    file_reader_seek(job->reader, range->first);
  }
}

static void on_pull(void *arg) {
  file_job_t *job = arg;
  char text[FILE_PARTS_TEXT_BYTES];
  size_t size = 0;
  if (job->left_bytes == 0 && job->next_part <= job->parts.ranges.count)
    begin_part(job, text, &size);
  if (size > 0) {
    http_response_write(job->response, text, size);
  } else if (job->left_bytes == 0) {
    http_response_end(job->response);
  } else {
    int error = file_reader_read(job->reader);
    if (error != 0)
      http_response_abort(job->response, error);
  }
}

/* A file that grows is cut at the length that was announced. */
static void on_read(void *arg, ssize_t size, const char *bytes) {
  file_job_t *job = arg;
  if (size <= 0) {
    http_response_abort(job->response, size == 0 ? UV_EOF : (int)size);
    return;
  }
  if ((uint64_t)size > job->left_bytes)
    size = (ssize_t)job->left_bytes;
  job->left_bytes -= (uint64_t)size;
  http_response_write(job->response, bytes, (size_t)size);
}

/* A file that was written to a moment ago may be written to again within the
 * same tick of the clock: its tag is weak for as long. */
static void make_validators(const file_info_t *info, time_t now,
                            http_validators_t *ret_validators) {
  time_t modified = info->modified.tv_sec;
  bool settled = modified < now - 1;
  snprintf(ret_validators->etag, sizeof(ret_validators->etag),
           "%s\"%" PRIx64 "-%" PRIx64 "-%" PRIx64 "\"", settled ? "" : "W/",
           (uint64_t)modified, (uint64_t)info->modified.tv_nsec,
           info->size_bytes);
  ret_validators->modified = modified < now ? modified : now;
}

static http_range_result_t ranges_of(const file_job_t *job,
                                     const file_info_t *info,
                                     const http_validators_t *validators,
                                     time_t now, http_ranges_t *ret_ranges) {
  http_text_t value;
  if (http_request_method(job->request) != HTTP_METHOD_GET ||
      http_request_field(job->request, "range", &value) != 1 ||
      !http_condition_range(job->request, validators, now))
    return HTTP_RANGE_IGNORED;
  return http_range_parse(value, info->size_bytes, ret_ranges);
}

static void set_content_range(const file_job_t *job, uint64_t size_bytes,
                              const http_range_t *range) {
  char text[FILE_PARTS_TEXT_BYTES];
  file_parts_content_range(size_bytes, range, text);
  http_response_set_field(job->response, "Content-Range", text);
}

static void stream(file_job_t *job, int status) {
  http_source_t source = {.pull = on_pull, .arg = job};
  char type[FILE_PARTS_TEXT_BYTES];
  file_parts_type(&job->parts, type);
  http_response_stream(job->response, status, type,
                       (int64_t)file_parts_length(&job->parts), &source);
}

static void stream_ranges(file_job_t *job, const file_info_t *info,
                          const http_ranges_t *ranges) {
  int error =
      file_parts_ranges(&job->parts, job->type, info->size_bytes, ranges);
  if (error != 0) {
    reply_unavailable(job->response, error);
    return;
  }
  if (!job->parts.multipart)
    set_content_range(job, info->size_bytes, &ranges->ranges[0]);
  stream(job, 206);
}

static void answer(file_job_t *job, const file_info_t *info,
                   const http_validators_t *validators, time_t now) {
  http_ranges_t ranges;
  switch (ranges_of(job, info, validators, now, &ranges)) {
  case HTTP_RANGE_UNSATISFIABLE:
    set_content_range(job, info->size_bytes, NULL);
    reply_text(job->response, 416, "nothing of that range is there");
    break;
  case HTTP_RANGE_PARTIAL:
    stream_ranges(job, info, &ranges);
    break;
  default:
    file_parts_whole(&job->parts, job->type, info->size_bytes);
    stream(job, 200);
  }
}

/* What there is may be kept by its client, and asked for again every time. */
static void set_fields(http_response_t *response,
                       const http_validators_t *validators) {
  http_condition_set_fields(response, validators);
  http_response_set_field(response, "Accept-Ranges", "bytes");
  http_response_set_field(response, "Cache-Control", "no-cache");
  http_response_set_field(response, "X-Content-Type-Options", "nosniff");
}

static void on_open(void *arg, int status, const file_info_t *info) {
  file_job_t *job = arg;
  time_t now = time(NULL);
  http_validators_t validators;
  if (status != 0) {
    reply_failed(job->response, status);
    return;
  }
  make_validators(info, now, &validators);
  set_fields(job->response, &validators);
  switch (http_condition_check(job->request, &validators, now)) {
  case HTTP_CONDITION_NOT_MODIFIED:
    http_response_send(job->response, 304, NULL, NULL, 0);
    break;
  case HTTP_CONDITION_FALSE:
    reply_text(job->response, 412, "the file is not as you have it");
    break;
  default:
    answer(job, info, &validators, now);
  }
}

static void start(app_loop_t *loop, http_request_t *request,
                  http_response_t *response, const char *path) {
  static const file_reader_callbacks_t callbacks = {.on_open = on_open,
                                                    .on_read = on_read};
  file_job_t *job = async_calloc(1, sizeof(*job));
  if (job == NULL) {
    reply_unavailable(response, UV_ENOMEM);
    return;
  }
  job->loop = loop;
  job->request = request;
  job->response = response;
  job->type = file_type(path);
  http_request_on_close(request, on_close, job);
  int error = file_reader_open(&loop->loop, loop->app->root, path, &callbacks,
                               job, &job->reader);
  if (error != 0)
    reply_failed(response, error);
}

void route_file(void *arg, http_request_t *request, http_response_t *response) {
  static const char *const names[] = {"path"};
  char path[ROUTE_PATH_BYTES];
  http_query_t query;
  http_query_init(&query, http_request_query(request), names, 1);
  if (!http_query_string(&query, "path", "README.md", path, sizeof(path))) {
    reply_bad_query(response, &query);
    return;
  }
  start(arg, request, response, path);
}
