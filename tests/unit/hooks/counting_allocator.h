#ifndef COUNTING_ALLOCATOR_H
#define COUNTING_ALLOCATOR_H

/* An allocator for asyncscope that counts, and fails where it is told to.
 * Thread: any, but for counting_allocator_fail_at() and _disarm(). */
#include <stdbool.h>
#include <stddef.h>

/* Call it first in main(): asyncscope takes all its memory here from now on. */
int counting_allocator_install(void);

/* The nth allocation from now (1: the next) fails, all others succeed. */
void counting_allocator_fail_at(long nth);
/* No allocation fails any more; true when one had. */
bool counting_allocator_disarm(void);

/* Blocks given out and not given back. */
long counting_allocator_live(void);
/* Requests since the start of the program. */
long counting_allocator_calls(void);

#endif
