#ifndef ASYNCSCOPE_DEADLINE_H
#define ASYNCSCOPE_DEADLINE_H

#include <stdint.h>

/* A moment of the monotonic clock at which waiting ends in failure. */
typedef struct deadline_s {
  int64_t at_ms;
} deadline_t;

deadline_t deadline_in(int64_t from_now_ms);

/* Never negative: fit for poll(). */
int deadline_left_ms(deadline_t deadline);

/* Waits until one of `events` (POLLIN, POLLOUT) or an end is there on `fd`: 0,
 * -ETIMEDOUT or another negative errno value. */
int deadline_poll(deadline_t deadline, int fd, short events);

#endif
