/* new Worker(__filename): the top level of its script is `main`. */
#ifndef ASYNCSCOPE_PARITY_WORKER_H
#define ASYNCSCOPE_PARITY_WORKER_H

#include "asyncscope/async_worker.h"

/* Ends the program where it cannot be made. */
async_worker_t *make_worker(async_worker_main_cb main,
                            const async_worker_callbacks_t *on);

/* worker.postMessage(text), parentPort.postMessage(text) */
void post_to_worker(async_worker_t *worker, const char *text);
void post_to_parent(const char *text);

/* Callbacks that print "TEXT", "message TEXT", "error TEXT" and "exit CODE". */
void print_text(async_worker_t *worker, async_message_t *message);
void print_message(async_worker_t *worker, async_message_t *message);
void print_error(async_worker_t *worker, const char *message);
void print_exit(async_worker_t *worker, int exit_code);

#endif
