/* Publishing sees the subscribers that were there when it began: each addition,
 * removal and publishing takes the next moment of the channel's clock. Setting
 * stores sees those that are there when it comes to them: the first bound is
 * set first, as the outermost, and the transforms behind it see it.
 *
 * What is removed meanwhile stays in its list until no walk is under way, and
 * so does the channel when it ends inside of one. */
#include "asyncscope/diagnostics_channel.h"

#include "asyncscope/async_allocator.h"
#include "asyncscope/async_env.h"
#include "asyncscope/async_fail.h"
#include "channel.h"
#include "refuse.h"
#include "run.h"
#include <string.h>

#define STILL_THERE UINT64_MAX

typedef struct asyncscope__channel_entry_s {
  struct asyncscope__channel_entry_s *next;
  uint64_t added, removed; /* moments */
  void *data;
  async_diagnostics_subscriber_cb subscriber;
  async_local_storage_t *storage;
  async_diagnostics_transform_cb transform;
} entry_t;

typedef struct asyncscope__channel_s {
  entry_t *subscribers, *stores;
  size_t count; /* that are still there, of both */
  uint64_t moment;
  unsigned walks; /* under way */
  bool removed;   /* something in the lists is */
  bool finished;
  char name[];
} channel_t;

int async_diagnostics_channel_init(async_diagnostics_channel_t *channel,
                                   const char *name) {
  channel->channel = NULL;
  if (name == NULL)
    return async_error_set(UV_EINVAL, "a channel needs a name");
  size_t name_bytes = strlen(name) + 1;
  channel_t *made = async_calloc(1, sizeof(*made) + name_bytes);
  if (made == NULL)
    return async_error_set(UV_ENOMEM, "no memory for channel %s", name);
  memcpy(made->name, name, name_bytes);
  channel->channel = made;
  return 0;
}

const char *async_diagnostics_channel_name(
    const async_diagnostics_channel_t *channel) {
  return channel->channel == NULL ? "" : channel->channel->name;
}

bool async_diagnostics_channel_has_subscribers(
    const async_diagnostics_channel_t *channel) {
  return channel->channel != NULL && channel->channel->count > 0;
}

static int make_entry(async_diagnostics_channel_t *channel,
                      entry_t **ret_entry) {
  if (channel->channel == NULL)
    return async_error_set(UV_EINVAL, "the channel is finished");
  entry_t *entry = async_calloc(1, sizeof(*entry));
  if (entry == NULL)
    return async_error_set(UV_ENOMEM, "no memory for a subscriber of %s",
                           channel->channel->name);
  entry->added = ++channel->channel->moment;
  entry->removed = STILL_THERE;
  channel->channel->count++;
  *ret_entry = entry;
  return 0;
}

static void sweep_list(entry_t **link, bool all) {
  while (*link != NULL) {
    entry_t *entry = *link;
    if (all || entry->removed != STILL_THERE) {
      *link = entry->next;
      async_free(entry);
    } else {
      link = &entry->next;
    }
  }
}

static void sweep(channel_t *channel, bool all) {
  sweep_list(&channel->subscribers, all);
  sweep_list(&channel->stores, all);
  channel->removed = false;
}

static uint64_t begin_walk(channel_t *channel) {
  channel->walks++;
  return ++channel->moment;
}

static void end_walk(channel_t *channel) {
  if (--channel->walks > 0)
    return;
  if (channel->removed || channel->finished)
    sweep(channel, channel->finished);
  if (channel->finished)
    async_free(channel);
}

static bool was_there(const entry_t *entry, uint64_t moment) {
  return entry->added < moment && entry->removed > moment;
}

static bool remove_entry(channel_t *channel, entry_t *entry) {
  if (entry == NULL)
    return false;
  begin_walk(channel);
  entry->removed = ++channel->moment;
  channel->removed = true;
  channel->count--;
  end_walk(channel);
  return true;
}

static void append(entry_t **link, entry_t *entry) {
  while (*link != NULL)
    link = &(*link)->next;
  *link = entry;
}

int async_diagnostics_channel_subscribe(
    async_diagnostics_channel_t *channel,
    async_diagnostics_subscriber_cb subscriber, void *data) {
  entry_t *entry = NULL;
  if (subscriber == NULL)
    return async_error_set(UV_EINVAL, "subscriber is NULL");
  int error = make_entry(channel, &entry);
  if (error != 0)
    return error;
  entry->subscriber = subscriber;
  entry->data = data;
  append(&channel->channel->subscribers, entry);
  return 0;
}

bool async_diagnostics_channel_unsubscribe(
    async_diagnostics_channel_t *channel,
    async_diagnostics_subscriber_cb subscriber, void *data) {
  if (channel->channel == NULL)
    return false;
  entry_t *entry = channel->channel->subscribers;
  while (entry != NULL &&
         (entry->removed != STILL_THERE || entry->subscriber != subscriber ||
          entry->data != data))
    entry = entry->next;
  return remove_entry(channel->channel, entry);
}

static entry_t *store_of(const channel_t *channel,
                         const async_local_storage_t *storage) {
  entry_t *entry = channel->stores;
  while (entry != NULL &&
         (entry->removed != STILL_THERE || entry->storage != storage))
    entry = entry->next;
  return entry;
}

int async_diagnostics_channel_bind_store(
    async_diagnostics_channel_t *channel, async_local_storage_t *storage,
    async_diagnostics_transform_cb transform, void *data) {
  if (storage == NULL)
    return async_error_set(UV_EINVAL, "storage is NULL");
  if (!asyncscope__storage_lives(storage))
    return asyncscope__no_storage();
  entry_t *entry =
      channel->channel == NULL ? NULL : store_of(channel->channel, storage);
  if (entry == NULL) {
    int error = make_entry(channel, &entry);
    if (error != 0)
      return error;
    entry->storage = storage;
    append(&channel->channel->stores, entry);
  }
  entry->transform = transform;
  entry->data = data;
  return 0;
}

bool async_diagnostics_channel_unbind_store(
    async_diagnostics_channel_t *channel, async_local_storage_t *storage) {
  return channel->channel != NULL &&
         remove_entry(channel->channel, store_of(channel->channel, storage));
}

static void publish(channel_t *channel, void *message) {
  char failure[ASYNC_FAILURE_BYTES];
  bool failed = async_catch(failure);
  uint64_t began = begin_walk(channel);
  for (entry_t *each = channel->subscribers; each != NULL && !channel->finished;
       each = each->next) {
    if (!was_there(each, began))
      continue;
    each->subscriber(message, channel->name, each->data);
    async_failure_defer_uncaught();
  }
  end_walk(channel);
  if (failed)
    async_fail("%s", failure);
}

void async_diagnostics_channel_publish(async_diagnostics_channel_t *channel,
                                       void *message) {
  if (async_diagnostics_channel_has_subscribers(channel))
    publish(channel->channel, message);
}

asyncscope__store_walk_t asyncscope__store_walk_begin(
    async_diagnostics_channel_t *channel) {
  begin_walk(channel->channel);
  return (asyncscope__store_walk_t){.channel = channel->channel};
}

static const entry_t *next_store(const asyncscope__store_walk_t *walk) {
  const entry_t *entry =
      walk->passed == NULL ? walk->channel->stores : walk->passed->next;
  while (entry != NULL && entry->removed != STILL_THERE)
    entry = entry->next;
  return entry;
}

/* A failure that is on its way already is not the transform's. */
static bool make_store(const entry_t *entry, void *message, void **ret_store) {
  char failure[ASYNC_FAILURE_BYTES];
  *ret_store = message;
  if (entry->transform == NULL)
    return true;
  bool failed = async_catch(failure);
  *ret_store = entry->transform(message, entry->data);
  bool made = !async_failure_defer_uncaught();
  if (failed)
    async_fail("%s", failure);
  return made;
}

bool asyncscope__store_walk_next(asyncscope__store_walk_t *walk, void *message,
                                 async_local_storage_t **ret_storage,
                                 void **ret_store) {
  const entry_t *entry;
  while ((entry = next_store(walk)) != NULL) {
    walk->passed = entry;
    *ret_storage = entry->storage;
    if (make_store(entry, message, ret_store))
      return true;
  }
  return false;
}

void asyncscope__store_walk_publish(const asyncscope__store_walk_t *walk,
                                    void *message) {
  publish(walk->channel, message);
}

void asyncscope__store_walk_end(asyncscope__store_walk_t *walk) {
  if (walk->channel != NULL)
    end_walk(walk->channel);
  walk->channel = NULL;
}

/* One run_stores() under way. */
typedef struct run_s {
  asyncscope__store_walk_t walk;
  void *message;
  async_local_storage_cb fn;
  void *arg;
} run_t;

/* Sets the next store and goes on inside of it. */
static int run_from(void *arg) {
  run_t *run = arg;
  async_local_storage_t *storage;
  void *store;
  if (asyncscope__store_walk_next(&run->walk, run->message, &storage, &store))
    return asyncscope__run_set(storage, store, run_from, run);
  asyncscope__store_walk_publish(&run->walk, run->message);
  asyncscope__store_walk_end(&run->walk);
  return run->fn(run->arg);
}

static void end_run(run_t *run) {
  asyncscope__store_walk_end(&run->walk);
}

int async_diagnostics_channel_run_stores(async_diagnostics_channel_t *channel,
                                         void *message,
                                         async_local_storage_cb fn, void *arg) {
  if (fn == NULL)
    return asyncscope__no_fn();
  if (!async_diagnostics_channel_has_subscribers(channel))
    return fn(arg);
  __attribute__((cleanup(end_run)))
  run_t run = {asyncscope__store_walk_begin(channel), message, fn, arg};
  return run_from(&run);
}

void async_diagnostics_channel_finish(async_diagnostics_channel_t *channel) {
  if (channel == NULL || channel->channel == NULL)
    return;
  channel_t *ended = channel->channel;
  channel->channel = NULL;
  begin_walk(ended);
  ended->finished = true;
  end_walk(ended);
}
