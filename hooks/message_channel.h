/* What the two ends of a channel share. Any thread may call what is declared
 * here for an end that it owns, and nobody else owns it.
 *
 * The lock is held for a few instructions, never while a release or a callback
 * runs. A wake handle is sent to only under the lock, and its owner detaches it
 * under the lock before closing it. */
#ifndef ASYNCSCOPE_HOOKS_MESSAGE_CHANNEL_H
#define ASYNCSCOPE_HOOKS_MESSAGE_CHANNEL_H

#include "asyncscope/async_message_port.h"
#include <uv.h>

/* What is posted to `end` wakes its owner from now on: when the first message
 * comes, when there is room for what was refused, when the other end closes. */
void asyncscope__end_attach(async_message_end_t *end, uv_async_t *wake);
void asyncscope__end_detach(async_message_end_t *end);

/* The first half of async_message_end_destroy(): what waits is released,
 * nothing can be posted from here or to here. The other end does not know. */
void asyncscope__end_close(async_message_end_t *end);

/* As async_message_port_post_message(); `always`: also when it is full. */
int asyncscope__end_post(async_message_end_t *end, async_message_t *message,
                         bool always);

/* What waits at `end`: how much, at least, and the oldest of it or NULL. */
size_t asyncscope__end_count(const async_message_end_t *end);
async_message_t *asyncscope__end_take(async_message_end_t *end);

/* Whether a post from `end` was refused and there is room now; true once. */
bool asyncscope__end_drained(async_message_end_t *end);

/* Nothing waits at `end`, and nothing will come. */
bool asyncscope__end_is_over(const async_message_end_t *end);

#endif
