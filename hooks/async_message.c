#include "asyncscope/async_allocator.h"
#include "asyncscope/async_message_port.h"
#include "error.h"
#include <stdalign.h>
#include <string.h>
#include <uv.h>

typedef struct copy_s {
  async_message_t message; /* first: a message of ours is cast to this */
  alignas(max_align_t) unsigned char bytes[];
} copy_t;

void async_message_init(async_message_t *message, void *data, size_t size_bytes,
                        async_message_release_cb release) {
  *message = (async_message_t){
      .data = data, .size_bytes = size_bytes, .release = release};
}

static void free_copy(async_message_t *message) {
  async_free(message);
}

int async_message_create(const void *bytes, size_t size_bytes,
                         async_message_t **ret_message) {
  copy_t *copy = size_bytes > SIZE_MAX - sizeof(*copy)
                     ? NULL
                     : async_calloc(1, sizeof(*copy) + size_bytes);
  if (copy == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a message of %zu bytes",
                            size_bytes);
  if (bytes != NULL && size_bytes > 0)
    memcpy(copy->bytes, bytes, size_bytes);
  async_message_init(&copy->message, copy->bytes, size_bytes, free_copy);
  *ret_message = &copy->message;
  return 0;
}

void async_message_release(async_message_t *message) {
  if (message != NULL && message->release != NULL)
    message->release(message);
}
