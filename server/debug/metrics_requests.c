/* Requests, by route. */
#include "metrics.h"

enum { ACTIVE, RETAINED };

static int write_count(const metrics_t *metrics, size_t item,
                       const metrics_row_t *row, debug_buffer_t *buffer) {
  (void)item;
  return asyncscope__metrics_write_one(
      row, buffer,
      row->at == ACTIVE ? (double)metrics->requests_active
                        : (double)metrics->requests_retained);
}

static metrics_labels_t route_label(const metrics_route_t *route) {
  metrics_labels_t labels = {.used_bytes = 0};
  asyncscope__metrics_label(&labels, "route", route->route);
  return labels;
}

static int write_failed(const metrics_t *metrics, size_t item,
                        const metrics_row_t *row, debug_buffer_t *buffer) {
  if (item == metrics->route_count)
    return 0;
  metrics_labels_t labels = route_label(&metrics->routes[item]);
  int error = asyncscope__metrics_sample(buffer, &row->family, &labels,
                                         (double)metrics->routes[item].failed);
  return error != 0 ? error : 1;
}

static int write_latency(const metrics_t *metrics, size_t item,
                         const metrics_row_t *row, debug_buffer_t *buffer) {
  if (item == metrics->route_count)
    return 0;
  metrics_labels_t labels = route_label(&metrics->routes[item]);
  int error = asyncscope__metrics_histogram(buffer, &row->family, &labels,
                                            &metrics->routes[item].latency);
  return error != 0 ? error : 1;
}

const metrics_row_t asyncscope__metrics_of_requests[] = {
    {{"asyncscope_requests_in_flight", METRICS_GAUGE,
      "Requests that have not ended."},
     write_count,
     ACTIVE},
    {{"asyncscope_requests_retained", METRICS_GAUGE,
      "Requests that have ended and whose context something still holds."},
     write_count,
     RETAINED},
    {{"asyncscope_requests_failed", METRICS_COUNTER, "Requests that failed."},
     write_failed,
     0},
    {{"asyncscope_request_duration_seconds", METRICS_HISTOGRAM,
      "From the beginning of a request to its end."},
     write_latency,
     0},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
