#ifndef MOVED_CLOCK_H
#define MOVED_CLOCK_H

#include <stdint.h>

/* The monotonic clock of the whole program, libuv's too, goes on by so much. */
void moved_clock_by_ms(uint64_t ms);

/* From now on it goes on by that alone. What the kernel waits for takes its
 * time all the same. */
void moved_clock_hold(void);

#endif
