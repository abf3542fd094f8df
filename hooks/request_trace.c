/* The tracestate of a request: kept apart from its account, as it is long and
 * few have one. It is written before the account says where it lies, and given
 * back in the account's slot: who reads it there reads it again then. */
#include "env.h"
#include "error.h"
#include "request.h"
#include <string.h>

/* Members are not divided. */
static size_t whole_members(const char *text, size_t bytes) {
  if (bytes <= ASYNC_TRACE_STATE_BYTES)
    return bytes;
  bytes = ASYNC_TRACE_STATE_BYTES + 1;
  while (bytes > 0 && text[bytes - 1] != ',')
    bytes--;
  return bytes > 0 ? bytes - 1 : 0;
}

static void put_text(asyncscope__trace_state_t *state, const char *text,
                     size_t bytes) {
  for (size_t i = 0; i * 8 < bytes; i++) {
    uint64_t word = 0;
    memcpy(&word, text + i * 8, bytes - i * 8 < 8 ? bytes - i * 8 : 8);
    asyncscope__put(&state->words[i], word);
  }
}

void asyncscope__trace_state_drop(async_env_t *env, async_request_t *request) {
  asyncscope__slab_t *states = &asyncscope__requests_of(env)->trace_states;
  uint64_t word = asyncscope__get(&request->trace_state);
  if (word == 0)
    return;
  uint32_t index = (uint32_t)(word >> 32) - 1;
  asyncscope__trace_state_t *state = asyncscope__slab_at(states, index);
  asyncscope__put(&request->trace_state, 0);
  asyncscope__slab_give(states, index, &state->slot);
}

static void replace(async_env_t *env, async_request_t *request, uint64_t word) {
  asyncscope__slot_begin(&request->slot);
  asyncscope__trace_state_drop(env, request);
  asyncscope__put(&request->trace_state, word);
  asyncscope__slot_end(&request->slot);
}

int async_request_set_trace_state(async_request_t *request, const char *text,
                                  size_t bytes) {
  async_env_t *env = request->env;
  if (env != asyncscope__env)
    return asyncscope__fail(UV_EINVAL, "the request is another thread's");
  asyncscope__slab_t *states = &asyncscope__requests_of(env)->trace_states;
  bytes = text == NULL ? 0 : whole_members(text, bytes);
  uint32_t index =
      bytes == 0 ? ASYNCSCOPE__SLAB_NONE : asyncscope__slab_take(states);
  if (index == ASYNCSCOPE__SLAB_NONE) {
    replace(env, request, 0);
    return bytes == 0 ? 0
                      : asyncscope__fail(UV_ENOMEM, "no memory for tracestate");
  }
  put_text(asyncscope__slab_at(states, index), text, bytes);
  replace(env, request, (uint64_t)(index + 1) << 32 | bytes);
  return 0;
}

static size_t copy(const asyncscope__requests_t *requests,
                   const async_request_t *request, uint64_t number,
                   uint64_t *words) {
  uint64_t word = asyncscope__get(&request->trace_state);
  size_t bytes = (uint32_t)word;
  const asyncscope__trace_state_t *state =
      word == 0 || async_request_number(request) != number
          ? NULL
          : asyncscope__slab_peek(&requests->trace_states,
                                  (uint32_t)(word >> 32) - 1);
  for (size_t i = 0; state != NULL && i * 8 < bytes; i++)
    words[i] = asyncscope__get(&state->words[i]);
  return state == NULL ? 0 : bytes;
}

size_t async_inspect_trace_state(async_env_t *env, uint32_t place,
                                 uint64_t number,
                                 char ret_text[ASYNC_TRACE_STATE_BYTES]) {
  const asyncscope__requests_t *requests = asyncscope__requests_of(env);
  uint64_t words[ASYNC_TRACE_STATE_BYTES / 8];
  asyncscope__reading_t reading = {0};
  size_t bytes = 0;
  if (requests == NULL)
    return 0;
  atomic_fetch_add(&env->readers, 1);
  const async_request_t *request =
      asyncscope__slab_peek(&requests->accounts, place);
  while (request != NULL && asyncscope__reading(&reading, &request->slot))
    bytes = copy(requests, request, number, words);
  atomic_fetch_sub(&env->readers, 1);
  memcpy(ret_text, words, bytes);
  return bytes;
}
