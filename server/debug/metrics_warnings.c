/* How many warnings there are of each code, also where there are none. */
#include "metrics.h"

static uint64_t count_of(const debug_warnings_t *warnings,
                         debug_warning_id_t id) {
  uint64_t count = 0;
  for (size_t i = 0; i < warnings->count; i++)
    count += warnings->items[i].id == id;
  return count;
}

static int write_warnings(const metrics_t *metrics, size_t item,
                          const metrics_row_t *row, debug_buffer_t *buffer) {
  metrics_labels_t labels = {.used_bytes = 0};
  if (item == DEBUG_WARNING_KINDS)
    return 0;
  asyncscope__metrics_label(&labels, "code",
                            asyncscope__debug_warning_kinds[item].code);
  uint64_t count = count_of(&metrics->warnings, (debug_warning_id_t)item);
  int error =
      asyncscope__metrics_sample(buffer, &row->family, &labels, (double)count);
  return error != 0 ? error : 1;
}

const metrics_row_t asyncscope__metrics_of_warnings[] = {
    {{"asyncscope_warnings", METRICS_GAUGE,
      "Warnings that stand, by code: one for each site."},
     write_warnings,
     0},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
