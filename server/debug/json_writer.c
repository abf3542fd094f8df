#include "json_writer.h"

#include <string.h>

static int append_indent(json_writer_t *writer) {
  static const char spaces[2 * DEBUG_JSON_DEPTH + 1] =
      "                                ";
  int error = 0;
  if (writer->pretty)
    error = asyncscope__debug_append(writer->buffer, "\n", 1);
  if (writer->pretty && error == 0)
    error = asyncscope__debug_append(writer->buffer, spaces,
                                     (size_t)writer->depth * 2);
  return error;
}

/* What jansson has put on lines of its own moves as far in as the rest. */
static int indent(json_writer_t *writer, size_t from) {
  char *bytes = writer->buffer->bytes;
  size_t deeper = (size_t)writer->depth * 2;
  size_t at = writer->buffer->used_bytes;
  size_t to = at;
  for (size_t i = from; i < at; i++)
    to += bytes[i] == '\n' ? deeper : 0;
  if (to > sizeof(writer->buffer->bytes))
    return UV_ENOBUFS;
  writer->buffer->used_bytes = to;
  while (to > at) {
    char byte = bytes[--at];
    if (byte == '\n') {
      to -= deeper;
      memset(bytes + to, ' ', deeper);
    }
    bytes[--to] = byte;
  }
  return 0;
}

/* Takes `value` over. */
static int append_value(json_writer_t *writer, json_t *value) {
  debug_buffer_t *buffer = writer->buffer;
  size_t from = buffer->used_bytes;
  size_t room = sizeof(buffer->bytes) - from;
  size_t layout = writer->pretty ? JSON_INDENT(2) : JSON_COMPACT;
  size_t length = json_dumpb(value, buffer->bytes + from, room,
                             layout | JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
  json_decref(value);
  if (length == 0)
    return UV_ENOMEM;
  if (length > room)
    return UV_ENOBUFS;
  buffer->used_bytes += length;
  return writer->pretty ? indent(writer, from) : 0;
}

/* What stands before a value: the comma, the line's end, the key. */
static int begin(json_writer_t *writer, const char *key) {
  uint32_t bit = 1u << writer->depth;
  int error = 0;
  if ((writer->filled & bit) != 0)
    error = asyncscope__debug_append(writer->buffer, ",", 1);
  writer->filled |= bit;
  if (error == 0 && writer->depth > 0)
    error = append_indent(writer);
  if (error != 0 || key == NULL)
    return error;
  error = append_value(writer, json_string(key));
  return error != 0 ? error
                    : asyncscope__debug_append_text(
                          writer->buffer, writer->pretty ? ": " : ":");
}

int asyncscope__json_write(json_writer_t *writer, const char *key,
                           json_t *value) {
  int error = value == NULL ? UV_ENOMEM : begin(writer, key);
  if (error == 0)
    return append_value(writer, value);
  json_decref(value);
  return error;
}

int asyncscope__json_write_members(json_writer_t *writer, json_t *object) {
  const char *key;
  json_t *value;
  int error = object == NULL ? UV_ENOMEM : 0;
  json_object_foreach(object, key, value) {
    if (error == 0)
      error = asyncscope__json_write(writer, key, json_incref(value));
  }
  json_decref(object);
  return error;
}

static int open_level(json_writer_t *writer, const char *key, bool array) {
  int error = begin(writer, key);
  if (error == 0)
    error = asyncscope__debug_append(writer->buffer, array ? "[" : "{", 1);
  writer->depth++;
  uint32_t bit = 1u << writer->depth;
  writer->arrays = array ? writer->arrays | bit : writer->arrays & ~bit;
  writer->filled &= ~bit;
  return error;
}

int asyncscope__json_open_object(json_writer_t *writer, const char *key) {
  return open_level(writer, key, false);
}

int asyncscope__json_open_array(json_writer_t *writer, const char *key) {
  return open_level(writer, key, true);
}

int asyncscope__json_close(json_writer_t *writer) {
  uint32_t bit = 1u << writer->depth;
  bool array = (writer->arrays & bit) != 0;
  int error = 0;
  writer->depth--;
  if ((writer->filled & bit) != 0)
    error = append_indent(writer);
  if (error == 0)
    error = asyncscope__debug_append(writer->buffer, array ? "]" : "}", 1);
  if (error == 0 && writer->depth == 0)
    error = asyncscope__debug_append(writer->buffer, "\n", 1);
  return error;
}
