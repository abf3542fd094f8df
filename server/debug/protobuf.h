/* Messages of Protocol Buffers, in as much as a profile takes. */
#ifndef ASYNCSCOPE_DEBUG_PROTOBUF_H
#define ASYNCSCOPE_DEBUG_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A message that is being made: as long as it may be, then it is `full` and
 * nothing is added any more. */
#define PROTOBUF_BYTES 2048
typedef struct protobuf_s {
  size_t used_bytes;
  bool full;
  unsigned char bytes[PROTOBUF_BYTES];
} protobuf_t;

/* A field of wire type 0. Below zero it takes ten bytes. */
void asyncscope__protobuf_integer(protobuf_t *message, unsigned field,
                                  int64_t value);
/* Fields of wire type 2: text, a message, numbers packed. */
void asyncscope__protobuf_bytes(protobuf_t *message, unsigned field,
                                const void *bytes, size_t size);
void asyncscope__protobuf_text(protobuf_t *message, unsigned field,
                               const char *text);
void asyncscope__protobuf_message(protobuf_t *message, unsigned field,
                                  const protobuf_t *inner);
void asyncscope__protobuf_packed(protobuf_t *message, unsigned field,
                                 const int64_t *values, size_t count);

#endif
