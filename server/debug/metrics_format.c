/* /metrics: table by table, family by family, sample by sample. */
#include "formats.h"
#include "metrics.h"
#include "opening.h"

#include "asyncscope/async_allocator.h"

static const metrics_row_t *const tables[] = {
    asyncscope__metrics_of_threads,  asyncscope__metrics_of_resources,
    asyncscope__metrics_of_requests, asyncscope__metrics_of_pools,
    asyncscope__metrics_of_warnings, asyncscope__metrics_of_exporters,
    asyncscope__metrics_of_process,  NULL};

typedef struct metrics_answer_s {
  metrics_t metrics;
  bool open_metrics, built;
  const metrics_row_t *const *table;
  const metrics_row_t *row;
  bool headed; /* the row's head is written */
  size_t item;
} metrics_answer_t;

int asyncscope__metrics_write_one(const metrics_row_t *row,
                                  debug_buffer_t *buffer, double value) {
  metrics_labels_t none = {.used_bytes = 0};
  return asyncscope__metrics_sample(buffer, &row->family, &none, value);
}

static void next_row(metrics_answer_t *answer) {
  answer->headed = false;
  answer->item = 0;
  answer->row++;
  if (answer->row->family.name == NULL && *++answer->table != NULL)
    answer->row = *answer->table;
}

static int write_row(metrics_answer_t *answer, debug_buffer_t *buffer) {
  if (!answer->headed) {
    int error = asyncscope__metrics_head(buffer, answer->open_metrics,
                                         &answer->row->family);
    answer->headed = error == 0;
    return error != 0 ? error : 1;
  }
  int status =
      answer->row->write(&answer->metrics, answer->item, answer->row, buffer);
  answer->item += status == 1;
  if (status == 0)
    next_row(answer);
  return status < 0 ? status : 1;
}

static int metrics_step(void *state, debug_buffer_t *buffer) {
  metrics_answer_t *answer = state;
  int error = answer->built ? 0 : asyncscope__metrics_build(&answer->metrics);
  if (error != 0)
    return error;
  answer->built = true;
  if (*answer->table != NULL)
    return write_row(answer, buffer);
  return answer->open_metrics ? asyncscope__debug_append_text(buffer, "# EOF\n")
                              : 0;
}

static int begin(void *state, debug_call_t *call) {
  metrics_answer_t *answer = state;
  answer->table = tables;
  answer->row = tables[0];
  return asyncscope__metrics_init(&answer->metrics, call);
}

static void metrics_close(void *state) {
  metrics_answer_t *answer = state;
  asyncscope__metrics_finish(&answer->metrics);
  async_free(answer);
}

static int open_answer(debug_call_t *call, bool open_metrics,
                       void **ret_state) {
  int error = asyncscope__debug_open_state(call, sizeof(metrics_answer_t),
                                           begin, metrics_close, ret_state);
  if (error == 0)
    ((metrics_answer_t *)*ret_state)->open_metrics = open_metrics;
  return error;
}

static int prometheus_open(debug_call_t *call, void **ret_state) {
  return open_answer(call, false, ret_state);
}

static int openmetrics_open(debug_call_t *call, void **ret_state) {
  return open_answer(call, true, ret_state);
}

const debug_format_t asyncscope__debug_prometheus = {
    "prometheus",    "text/plain; version=0.0.4; charset=utf-8",
    prometheus_open, metrics_step,
    metrics_close,   NULL};

const debug_format_t asyncscope__debug_openmetrics = {
    "openmetrics",
    "application/openmetrics-text; version=1.0.0; charset=utf-8",
    openmetrics_open,
    metrics_step,
    metrics_close,
    NULL};
