#ifndef POOL_THROWING_H
#define POOL_THROWING_H

/* Work in C++ that does not return, for the test in C. */
#include "asyncscope/worker_pool.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Throws std::runtime_error("out of range"). */
int throwing_work(worker_task_t *task);
/* Throws an int. */
int throwing_number_work(worker_task_t *task);
/* pthread_exit() from under the wrapper. */
int exiting_work(worker_task_t *task);
/* Returns 7. */
int returning_work(worker_task_t *task);
/* Objects of C++ that are alive: destructors count. */
int throwing_alive(void);

#ifdef __cplusplus
}
#endif
#endif
