#include "message_channel.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include <pthread.h>
#include <stdatomic.h>

typedef struct channel_s channel_t;

struct async_message_end_s {
  channel_t *channel;
  /* Guarded by the channel's lock, but that `count` is read without. */
  async_message_t *first, **last;
  _Atomic size_t count;
  uv_async_t *wake;
  bool closed;  /* nothing goes in or out any more, */
  bool gone;    /* and the other end may know it */
  bool refused; /* a post from here, for want of room */
  bool drained; /* there is room again, and the owner has not heard of it */
};

struct channel_s {
  pthread_mutex_t lock;
  size_t queue_max;
  unsigned open; /* ends; the last to close frees the channel */
  async_message_end_t ends[2];
};

static void init_end(channel_t *channel, async_message_end_t *end) {
  end->channel = channel;
  end->last = &end->first;
}

int async_message_channel_create(size_t queue_max,
                                 async_message_end_t *ret_ends[2]) {
  if (queue_max > ASYNC_MESSAGE_QUEUE_MAX)
    return asyncscope__fail(UV_EINVAL, "a queue of %zu messages is too long",
                            queue_max);
  channel_t *channel = async_calloc(1, sizeof(*channel));
  if (channel == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a message channel");
  pthread_mutex_init(&channel->lock, NULL);
  channel->queue_max = queue_max == 0 ? ASYNC_MESSAGE_QUEUE_DEFAULT : queue_max;
  channel->open = 2;
  for (int i = 0; i < 2; i++) {
    init_end(channel, &channel->ends[i]);
    ret_ends[i] = &channel->ends[i];
  }
  return 0;
}

static void lock(const async_message_end_t *end) {
  pthread_mutex_lock(&end->channel->lock);
}

static void unlock(const async_message_end_t *end) {
  pthread_mutex_unlock(&end->channel->lock);
}

static async_message_end_t *other(const async_message_end_t *end) {
  return &end->channel->ends[end == &end->channel->ends[0]];
}

static void wake_locked(async_message_end_t *end) {
  if (end->wake != NULL)
    uv_async_send(end->wake);
}

static bool has_news_locked(const async_message_end_t *end) {
  return end->first != NULL || end->drained || other(end)->gone;
}

void asyncscope__end_attach(async_message_end_t *end, uv_async_t *wake) {
  lock(end);
  end->wake = wake;
  if (has_news_locked(end))
    wake_locked(end);
  unlock(end);
}

void asyncscope__end_detach(async_message_end_t *end) {
  lock(end);
  end->wake = NULL;
  unlock(end);
}

static void set_count_locked(async_message_end_t *end, size_t count) {
  atomic_store_explicit(&end->count, count, memory_order_relaxed);
}

/* Whoever finds the queue empty wakes: the owner looks again when it has taken
 * what it found. */
static void append_locked(async_message_end_t *end, async_message_t *message) {
  message->next = NULL;
  *end->last = message;
  end->last = &message->next;
  set_count_locked(end, end->count + 1);
  if (end->first == message)
    wake_locked(end);
}

static int check_room_locked(async_message_end_t *from,
                             const async_message_end_t *to) {
  size_t queue_max = from->channel->queue_max;
  if (from->closed || to->closed)
    return asyncscope__fail(UV_EPIPE, "the message port is closed");
  if (to->count < queue_max)
    return 0;
  from->refused = true;
  return asyncscope__fail(UV_EAGAIN, "%zu messages wait at the other end",
                          queue_max);
}

int asyncscope__end_post(async_message_end_t *end, async_message_t *message,
                         bool always) {
  lock(end);
  async_message_end_t *to = other(end);
  int error = always && !to->closed ? 0 : check_room_locked(end, to);
  if (error == 0)
    append_locked(to, message);
  unlock(end);
  return error;
}

size_t asyncscope__end_count(const async_message_end_t *end) {
  return atomic_load_explicit(&end->count, memory_order_relaxed);
}

/* Half of it, so that not every message taken wakes the poster. */
static void tell_of_room_locked(async_message_end_t *poster, size_t waiting) {
  if (!poster->refused || waiting > poster->channel->queue_max / 2)
    return;
  poster->refused = false;
  poster->drained = true;
  wake_locked(poster);
}

async_message_t *asyncscope__end_take(async_message_end_t *end) {
  lock(end);
  async_message_t *message = end->first;
  if (message != NULL) {
    end->first = message->next;
    if (end->first == NULL)
      end->last = &end->first;
    set_count_locked(end, end->count - 1);
    tell_of_room_locked(other(end), end->count);
  }
  unlock(end);
  return message;
}

bool asyncscope__end_drained(async_message_end_t *end) {
  lock(end);
  bool drained = end->drained;
  end->drained = false;
  unlock(end);
  return drained;
}

bool asyncscope__end_is_over(const async_message_end_t *end) {
  lock(end);
  bool over = end->first == NULL && other(end)->gone;
  unlock(end);
  return over;
}

static void release_all(async_message_t *message) {
  while (message != NULL) {
    async_message_t *next = message->next;
    async_message_release(message);
    message = next;
  }
}

void asyncscope__end_close(async_message_end_t *end) {
  lock(end);
  async_message_t *undelivered = end->first;
  end->first = NULL;
  end->last = &end->first;
  set_count_locked(end, 0);
  end->closed = true;
  end->wake = NULL;
  unlock(end);
  release_all(undelivered);
}

/* Behind the unlock the channel is whoever's closes the other end. */
void async_message_end_destroy(async_message_end_t *end) {
  if (end == NULL)
    return;
  channel_t *channel = end->channel;
  asyncscope__end_close(end);
  lock(end);
  end->gone = true;
  wake_locked(other(end));
  bool last = --channel->open == 0;
  unlock(end);
  if (!last)
    return;
  pthread_mutex_destroy(&channel->lock);
  async_free(channel);
}
