/* The process, under the names that every exporter uses. What the system does
 * not tell is left out. */
#include "metrics.h"

#include <dirent.h>
#include <sys/resource.h>
#include <uv.h>

static int write_cpu(const metrics_t *metrics, size_t item,
                     const metrics_row_t *row, debug_buffer_t *buffer) {
  struct rusage usage;
  (void)metrics;
  (void)item;
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    return 0;
  double seconds =
      (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
      (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  return asyncscope__metrics_write_one(row, buffer, seconds);
}

static int write_memory(const metrics_t *metrics, size_t item,
                        const metrics_row_t *row, debug_buffer_t *buffer) {
  size_t bytes;
  (void)metrics;
  (void)item;
  return uv_resident_set_memory(&bytes) != 0
             ? 0
             : asyncscope__metrics_write_one(row, buffer, (double)bytes);
}

/* The entries of /proc/self/fd, without the one that reads it. */
static int write_open_fds(const metrics_t *metrics, size_t item,
                          const metrics_row_t *row, debug_buffer_t *buffer) {
  DIR *directory = opendir("/proc/self/fd");
  const struct dirent *entry;
  size_t count = 0;
  (void)metrics;
  (void)item;
  if (directory == NULL)
    return 0;
  while ((entry = readdir(directory)) != NULL)
    count += entry->d_name[0] != '.';
  closedir(directory);
  return asyncscope__metrics_write_one(row, buffer, (double)(count - 1));
}

static int write_max_fds(const metrics_t *metrics, size_t item,
                         const metrics_row_t *row, debug_buffer_t *buffer) {
  struct rlimit limit;
  (void)metrics;
  (void)item;
  return getrlimit(RLIMIT_NOFILE, &limit) != 0
             ? 0
             : asyncscope__metrics_write_one(row, buffer,
                                             (double)limit.rlim_cur);
}

static int write_start(const metrics_t *metrics, size_t item,
                       const metrics_row_t *row, debug_buffer_t *buffer) {
  const debug_capture_t *capture = &metrics->grouping.capture;
  (void)item;
  double now_s =
      (double)capture->time.tv_sec + (double)capture->time.tv_nsec / 1e9;
  double age_s = (double)(capture->begun_ns - capture->started_ns) / 1e9;
  return asyncscope__metrics_write_one(row, buffer, now_s - age_s);
}

const metrics_row_t asyncscope__metrics_of_process[] = {
    {{"process_cpu_seconds", METRICS_COUNTER, "Processor time used."},
     write_cpu,
     0},
    {{"process_resident_memory_bytes", METRICS_GAUGE, "Resident memory."},
     write_memory,
     0},
    {{"process_open_fds", METRICS_GAUGE, "Open file descriptors."},
     write_open_fds,
     0},
    {{"process_max_fds", METRICS_GAUGE, "How many there may be."},
     write_max_fds,
     0},
    {{"process_start_time_seconds", METRICS_GAUGE,
      "When the process began, since the epoch."},
     write_start,
     0},
    {{NULL, METRICS_GAUGE, NULL}, NULL, 0},
};
