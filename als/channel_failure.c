/* A failure of a subscriber or a transform is uncaught in a tick of its own.
 * The tick itself does not fail: as in Node, those behind it do not wait. */
#include "asyncscope/async_allocator.h"
#include "asyncscope/async_fail.h"
#include "asyncscope/async_queue.h"
#include "channel.h"
#include <string.h>

static void be_uncaught(void *arg) {
  char message[ASYNC_FAILURE_BYTES];
  memcpy(message, arg, sizeof(message));
  async_free(arg);
  async_fail("%s", message);
  async_failure_uncaught();
}

bool asyncscope__channel_failure(void) {
  char message[ASYNC_FAILURE_BYTES];
  if (!async_catch(message))
    return false;
  char *copy = async_malloc(sizeof(message));
  if (copy != NULL)
    memcpy(copy, message, sizeof(message));
  if (copy == NULL || async_next_tick(be_uncaught, copy) != 0) {
    async_free(copy);
    async_fail("%s", message);
  }
  return true;
}
