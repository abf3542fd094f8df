#include "placement.h"

#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
#include <uv.h>

/* What the process was given at its start. */
static cpu_set_t given;

static int read_given(void) {
  if (CPU_COUNT(&given) == 0 && sched_getaffinity(0, sizeof(given), &given))
    return uv_translate_sys_error(errno);
  return 0;
}

/* The nth core of those given; -1: there is none. */
static int core(int n) {
  for (int i = 0; i < CPU_SETSIZE; i++)
    if (CPU_ISSET(i, &given) && n-- == 0)
      return i;
  return -1;
}

static int place(pid_t thread, int number) {
  cpu_set_t cores;
  CPU_ZERO(&cores);
  if (number >= 0)
    CPU_SET(number, &cores);
  else
    cores = given;
  return sched_setaffinity(thread, sizeof(cores), &cores) == 0
             ? 0
             : uv_translate_sys_error(errno);
}

static int place_all(DIR *threads, int main_core, int others_core) {
  int error = 0;
  const struct dirent *entry;
  while (error == 0 && (entry = readdir(threads)) != NULL) {
    pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);
    if (thread > 0)
      error = place(thread, thread == getpid() ? main_core : others_core);
  }
  return error;
}

int placement_set(placement_t placement) {
  int error = read_given();
  int first = placement == PLACEMENT_FREE ? -1 : core(0);
  int second = placement == PLACEMENT_APART ? core(1) : first;
  if (error != 0 || (placement == PLACEMENT_APART && second < 0))
    return error != 0 ? error : UV_ENOTSUP;
  DIR *threads = opendir("/proc/self/task");
  if (threads == NULL)
    return uv_translate_sys_error(errno);
  error = place_all(threads, first, second);
  closedir(threads);
  return error;
}
