#include "protobuf.h"

#include <string.h>

#define WIRE_VARINT 0u
#define WIRE_BYTES  2u

static void append(protobuf_t *message, const void *bytes, size_t size) {
  if (message->full || size > sizeof(message->bytes) - message->used_bytes) {
    message->full = true;
    return;
  }
  memcpy(message->bytes + message->used_bytes, bytes, size);
  message->used_bytes += size;
}

/* Seven bits a byte, the low ones first. */
static void append_varint(protobuf_t *message, uint64_t value) {
  unsigned char bytes[10];
  size_t size = 0;
  for (; value >= 0x80; value >>= 7)
    bytes[size++] = (unsigned char)(value | 0x80);
  bytes[size++] = (unsigned char)value;
  append(message, bytes, size);
}

static void append_tag(protobuf_t *message, unsigned field, unsigned wire) {
  append_varint(message, field << 3 | wire);
}

void asyncscope__protobuf_integer(protobuf_t *message, unsigned field,
                                  int64_t value) {
  append_tag(message, field, WIRE_VARINT);
  append_varint(message, (uint64_t)value);
}

void asyncscope__protobuf_bytes(protobuf_t *message, unsigned field,
                                const void *bytes, size_t size) {
  append_tag(message, field, WIRE_BYTES);
  append_varint(message, size);
  append(message, bytes, size);
}

void asyncscope__protobuf_text(protobuf_t *message, unsigned field,
                               const char *text) {
  asyncscope__protobuf_bytes(message, field, text, strlen(text));
}

void asyncscope__protobuf_message(protobuf_t *message, unsigned field,
                                  const protobuf_t *inner) {
  message->full = message->full || inner->full;
  asyncscope__protobuf_bytes(message, field, inner->bytes, inner->used_bytes);
}

void asyncscope__protobuf_packed(protobuf_t *message, unsigned field,
                                 const int64_t *values, size_t count) {
  protobuf_t packed = {.used_bytes = 0};
  for (size_t i = 0; i < count; i++)
    append_varint(&packed, (uint64_t)values[i]);
  asyncscope__protobuf_message(message, field, &packed);
}
