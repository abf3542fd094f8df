/* Resources by type. */
#include "metrics.h"

static metrics_labels_t type_label(const char *type) {
  metrics_labels_t labels = {.used_bytes = 0};
  asyncscope__metrics_label(&labels, "type", type);
  return labels;
}

/* Group by group, state by state. */
static int write_live(const metrics_t *metrics, size_t item,
                      const metrics_row_t *row, debug_buffer_t *buffer) {
  const debug_groups_t *groups = &metrics->grouping.groups;
  size_t at = item / DEBUG_STATES, state = item % DEBUG_STATES;
  if (at == groups->count)
    return 0;
  const debug_group_t *group = &groups->items[at];
  if (group->states[state] == 0)
    return 1;
  metrics_labels_t labels = type_label(group->key.type);
  asyncscope__metrics_label(&labels, "state",
                            asyncscope__debug_state_name((debug_state_t)state));
  int error = asyncscope__metrics_sample(buffer, &row->family, &labels,
                                         (double)group->states[state]);
  return error != 0 ? error : 1;
}

enum { CREATED, DESTROYED };

static int write_count(const metrics_t *metrics, size_t item,
                       const metrics_row_t *row, debug_buffer_t *buffer) {
  if (item == metrics->types.count)
    return 0;
  const debug_type_run_t *type = &metrics->types.items[item];
  metrics_labels_t labels = type_label(type->type);
  int error = asyncscope__metrics_sample(
      buffer, &row->family, &labels,
      (double)(row->at == CREATED ? type->created : type->destroyed));
  return error != 0 ? error : 1;
}

static int write_run(const metrics_t *metrics, size_t item,
                     const metrics_row_t *row, debug_buffer_t *buffer) {
  if (item == metrics->types.count)
    return 0;
  metrics_labels_t labels = type_label(metrics->types.items[item].type);
  int error = asyncscope__metrics_histogram(buffer, &row->family, &labels,
                                            &metrics->types.items[item].run);
  return error != 0 ? error : 1;
}

const metrics_row_t asyncscope__metrics_of_resources[] = {
    {{"asyncscope_resources", METRICS_GAUGE, "Live resources."}, write_live, 0},
    {{"asyncscope_resources_created", METRICS_COUNTER, "Resources made."},
     write_count,
     CREATED},
    {{"asyncscope_resources_destroyed", METRICS_COUNTER, "Resources ended."},
     write_count,
     DESTROYED},
    {{"asyncscope_callback_duration_seconds", METRICS_HISTOGRAM,
      "Time in callbacks."},
     write_run,
     0},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
