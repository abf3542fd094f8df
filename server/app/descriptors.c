/* A connection takes one descriptor, and one more while it reads a file; what
 * is kept free is for loops, listeners, pool and log. When files take it all
 * the same, opening one fails and is answered 503. */
#include "descriptors.h"

#include "http_limits.h"
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* The lowest that is free is opened, which is the one that is asked for: all
 * below it are open. */
static int open_null_as(int fd) {
  return fcntl(fd, F_GETFD) < 0 ? open("/dev/null", O_RDWR) : fd;
}

bool app_descriptors_open_standard(void) {
  return open_null_as(STDIN_FILENO) >= 0 && open_null_as(STDOUT_FILENO) >= 0 &&
         open_null_as(STDERR_FILENO) >= 0;
}

static rlim_t raise_limit(rlim_t useful) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return 0;
  if (limit.rlim_cur < useful) {
    rlim_t before = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max < useful ? limit.rlim_max : useful;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
      limit.rlim_cur = before;
  }
  return limit.rlim_cur;
}

unsigned app_descriptors_connections(unsigned wanted, unsigned loops) {
  rlim_t for_loops = (rlim_t)loops * HTTP_DESCRIPTORS_PER_LOOP;
  rlim_t reserved = HTTP_DESCRIPTORS_RESERVED + for_loops;
  rlim_t most = wanted > 0 ? wanted : HTTP_CONNECTIONS_MAX;
  rlim_t limit = raise_limit(2 * most + reserved);
  if (limit < HTTP_DESCRIPTORS_LEAST + for_loops)
    return 0;
  if (limit <= reserved)
    return 1;
  return (unsigned)(limit - reserved < most ? limit - reserved : most);
}
