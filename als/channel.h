/* A channel from the inside: its stores, one after the other, and the events of
 * an operation. */
#ifndef ASYNCSCOPE_ALS_CHANNEL_H
#define ASYNCSCOPE_ALS_CHANNEL_H

#include "asyncscope/diagnostics_channel.h"

struct asyncscope__channel_entry_s;

/* One way along a channel's stores, first bound first. What a transform binds
 * meanwhile is met, what it unbinds is not. The channel's memory stays until it
 * is over, also when the channel ends. */
typedef struct asyncscope__store_walk_s {
  struct asyncscope__channel_s *channel; /* NULL: over */
  const struct asyncscope__channel_entry_s *passed;
} asyncscope__store_walk_t;

asyncscope__store_walk_t asyncscope__store_walk_begin(
    async_diagnostics_channel_t *channel);
/* The next storage with its store for `message`. One whose transform fails is
 * left out. False when there is none. */
bool asyncscope__store_walk_next(asyncscope__store_walk_t *walk, void *message,
                                 async_local_storage_t **ret_storage,
                                 void **ret_store);
/* Publishes to who is there now. */
void asyncscope__store_walk_publish(const asyncscope__store_walk_t *walk,
                                    void *message);
/* One that is over is left alone. */
void asyncscope__store_walk_end(asyncscope__store_walk_t *walk);

/* The channel "tracing:NAME:EVENT". */
int asyncscope__event_channel_init(async_diagnostics_channel_t *channel,
                                   const char *name, const char *event);

/* `start` with its stores around fn(arg), and `end` behind it, inside of them:
 * when one of the two has a subscriber or a store as this begins. Returns what
 * fn returned. Errors as of async_diagnostics_channel_run_stores(). */
int asyncscope__window_run(async_diagnostics_channel_t *start,
                           async_diagnostics_channel_t *end, void *message,
                           async_local_storage_cb fn, void *arg);

#endif
