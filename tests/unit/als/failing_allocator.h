#ifndef FAILING_ALLOCATOR_H
#define FAILING_ALLOCATOR_H

#include <stdbool.h>

/* Call it before anything is allocated through async_malloc(). */
int failing_allocator_install(void);

/* The nth allocation from now fails (1: the next); 0: none. */
void failing_allocator_fail_at(int nth);
/* Whether it has failed since. */
bool failing_allocator_failed(void);

#endif
