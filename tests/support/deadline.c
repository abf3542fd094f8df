#include "deadline.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

static int64_t now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

deadline_t deadline_in(int64_t from_now_ms) {
  return (deadline_t){now_ms() + from_now_ms};
}

int deadline_left_ms(deadline_t deadline) {
  int64_t left = deadline.at_ms - now_ms();
  if (left < 0) {
    return 0;
  }
  return left > INT_MAX ? INT_MAX : (int)left;
}

int deadline_poll(deadline_t deadline, int fd, short events) {
  struct pollfd entry = {.fd = fd, .events = events};
  for (;;) {
    int count = poll(&entry, 1, deadline_left_ms(deadline));
    if (count > 0) {
      return 0;
    }
    if (count == 0) {
      return -ETIMEDOUT;
    }
    if (errno != EINTR) {
      return -errno;
    }
  }
}
