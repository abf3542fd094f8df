/* What random programs print: ids and stores, there and in the handlers. */
#ifndef ASYNCSCOPE_PARITY_RANDOM_SHOW_H
#define ASYNCSCOPE_PARITY_RANDOM_SHOW_H

#include "scenario.h"

extern async_local_storage_t *random_storages[2];

/* Makes the storages and sets the handlers, once. `unasked`: not that of
 * rejections. */
void random_show_init(bool unasked);
/* In the callback that begins a program: there is a frame all the time, as
 * Node keeps an empty one behind a run(). */
void random_show_begin(void);
void random_show(const char *what);

#endif
