/* A child is known from where it was made to where it is over. One request has
 * few of them, so they are looked through. */
#include "otlp_follow.h"

#include "asyncscope/async_allocator.h"
#include "otlp_limits.h"
#include <string.h>

static const otlp_work_t works[] = {
    {"WORK", "pool task", OTLP_INTERNAL, true},
    {"FSREQCALLBACK", "file request", OTLP_INTERNAL, true},
    {"FSREQPROMISE", "file request", OTLP_INTERNAL, true},
    {"FILEHANDLECLOSEREQ", "file close", OTLP_INTERNAL, true},
    {"GETADDRINFOREQWRAP", "dns lookup", OTLP_CLIENT, true},
    {"GETNAMEINFOREQWRAP", "dns reverse lookup", OTLP_CLIENT, true},
    {"TCPCONNECTWRAP", "connect", OTLP_CLIENT, true},
    {"PIPECONNECTWRAP", "connect", OTLP_CLIENT, true},
    {"RANDOMBYTESREQUEST", "random bytes", OTLP_INTERNAL, true},
    {"HTTPCLIENTREQUEST", "http request", OTLP_CLIENT, false},
    {"PROCESSWRAP", "process", OTLP_INTERNAL, false},
    {NULL, NULL, OTLP_INTERNAL, false}};

/* What a worker does for a task that was submitted elsewhere. */
static const otlp_work_t on_worker = {NULL, "pool run", OTLP_INTERNAL, false};

static const otlp_work_t *work_of(uint32_t thread, async_env_kind_t kind,
                                  const async_event_t *event) {
  const otlp_work_t *work = works;
  if (kind == ASYNC_ENV_WORKER && event->trigger.thread != thread)
    return &on_worker;
  while (work->type != NULL && strcmp(work->type, event->type) != 0)
    work++;
  return work->type == NULL ? NULL : work;
}

static otlp_followed_t **slot_of(otlp_follow_t *follow, uint64_t number) {
  return &follow->slots[number * UINT64_C(0x9e3779b97f4a7c15) >> 54];
}

otlp_followed_t *otlp_follow_find(const otlp_follow_t *follow,
                                  uint64_t number) {
  otlp_followed_t *at = *slot_of((otlp_follow_t *)follow, number);
  while (at != NULL && at->number != number)
    at = at->next_in_slot;
  return at;
}

static void unlink_slot(otlp_follow_t *follow, otlp_followed_t *followed) {
  otlp_followed_t **at = slot_of(follow, followed->number);
  while (*at != followed)
    at = &(*at)->next_in_slot;
  *at = followed->next_in_slot;
}

void otlp_follow_forget(otlp_follow_t *follow, otlp_followed_t *followed) {
  unlink_slot(follow, followed);
  *(followed->older == NULL ? &follow->oldest : &followed->older->newer) =
      followed->newer;
  *(followed->newer == NULL ? &follow->newest : &followed->newer->older) =
      followed->older;
  follow->count--;
  otlp_state_release(followed->state);
  async_free(followed->children);
  async_free(followed);
}

void otlp_follow_finish(otlp_follow_t *follow) {
  while (follow->oldest != NULL)
    otlp_follow_forget(follow, follow->oldest);
}

/* The oldest makes room: its request may have been overwritten before its end
 * was seen. */
static otlp_followed_t *add(otlp_follow_t *follow, uint64_t number) {
  otlp_followed_t *followed;
  if (follow->count == OTLP_FOLLOWED_MAX) {
    follow->given_up += follow->oldest->count;
    otlp_follow_forget(follow, follow->oldest);
  }
  followed = async_calloc(1, sizeof(*followed));
  if (followed == NULL)
    return NULL;
  followed->number = number;
  followed->next_in_slot = *slot_of(follow, number);
  *slot_of(follow, number) = followed;
  followed->older = follow->newest;
  *(follow->newest == NULL ? &follow->oldest : &follow->newest->newer) =
      followed;
  follow->newest = followed;
  follow->count++;
  return followed;
}

static otlp_child_t *add_child(otlp_followed_t *followed) {
  size_t capacity = followed->capacity == 0 ? 8 : followed->capacity * 2;
  otlp_child_t *children;
  if (followed->count == OTLP_CHILDREN_MAX)
    return NULL;
  if (followed->count == followed->capacity) {
    children = async_realloc(followed->children, capacity * sizeof(*children));
    if (children == NULL)
      return NULL;
    followed->children = children;
    followed->capacity = capacity;
  }
  return &followed->children[followed->count++];
}

static void follow_init(otlp_follow_t *follow, uint32_t thread,
                        const otlp_work_t *work, const async_event_t *event) {
  otlp_followed_t *followed = otlp_follow_find(follow, event->request);
  otlp_child_t *child;
  if (followed == NULL)
    followed = add(follow, event->request);
  child = followed == NULL ? NULL : add_child(followed);
  if (child == NULL)
    follow->given_up++;
  else
    *child = (otlp_child_t){.ref = {thread, event->async_id},
                            .trigger = event->trigger,
                            .work = work,
                            .type = event->type,
                            .site = event->site,
                            .start_ns = event->at_ns};
}

otlp_child_t *otlp_followed_child(const otlp_followed_t *followed,
                                  async_ref_t ref) {
  for (size_t i = 0; i < followed->count; i++) {
    otlp_child_t *child = &followed->children[i];
    if (child->ref.thread == ref.thread && child->ref.async_id == ref.async_id)
      return child;
  }
  return NULL;
}

/* What ran on a worker began when it did; what was waited for is over when its
 * callback begins. */
static void child_ran(otlp_child_t *child, const async_event_t *event) {
  if (!child->ran && child->work == &on_worker) {
    child->start_ns = event->at_ns;
    child->end_ns = event->at_ns + event->duration_ns;
  } else if (!child->ran && child->work->one_run) {
    child->end_ns = event->at_ns;
  }
  child->ran = true;
  child->run_ns += event->duration_ns;
}

void otlp_follow_event(otlp_follow_t *follow, uint32_t thread,
                       async_env_kind_t kind, const async_event_t *event) {
  otlp_followed_t *followed;
  otlp_child_t *child;
  if (event->request == 0 || event->internal)
    return;
  if (event->kind == ASYNC_EVENT_INIT) {
    const otlp_work_t *work = work_of(thread, kind, event);
    if (work != NULL)
      follow_init(follow, thread, work, event);
    return;
  }
  followed = otlp_follow_find(follow, event->request);
  child = followed == NULL
              ? NULL
              : otlp_followed_child(followed,
                                    (async_ref_t){thread, event->async_id});
  if (child == NULL)
    return;
  if (event->kind == ASYNC_EVENT_RUN)
    child_ran(child, event);
  else if (event->kind == ASYNC_EVENT_DESTROY && child->end_ns == 0)
    child->end_ns = event->at_ns;
}
