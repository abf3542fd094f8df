#include "json_lines.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static json_lines_level_t *top(json_lines_t *lines) {
  return &lines->levels[lines->depth - 1];
}

/* There is room: that is the caller's promise. */
static void put(debug_buffer_t *buffer, const char *bytes, size_t size) {
  (void)asyncscope__debug_append(buffer, bytes, size);
}

static void put_text(debug_buffer_t *buffer, const char *text) {
  put(buffer, text, strlen(text));
}

static void add_name(json_lines_t *lines, const char *name, size_t size) {
  size_t room = DEBUG_LINES_PATH - lines->path_bytes;
  if (size > room)
    size = room;
  memcpy(lines->path + lines->path_bytes, name, size);
  lines->path_bytes += size;
}

/* Of the things that are listed, which have a line each, names begin behind
 * that of the list. */
static bool has_line(const json_lines_t *lines) {
  return lines->depth > 2 || (lines->depth == 2 && !lines->levels[1].array);
}

static size_t line_begin(const json_lines_t *lines) {
  if (lines->depth < 2)
    return 0;
  size_t level = lines->levels[1].array ? 2 : 1;
  return lines->depth > level ? lines->levels[level].path_bytes
                              : lines->path_bytes;
}

static void put_path(const json_lines_t *lines, debug_buffer_t *buffer) {
  size_t from = line_begin(lines);
  if (from < lines->path_bytes && lines->path[from] == '.')
    from++;
  put(buffer, lines->path + from, lines->path_bytes - from);
}

static bool is_plain(const json_lines_t *lines) {
  static const char marks[] = " =,\"\\";
  if (lines->value_bytes == 0)
    return false;
  for (size_t i = 0; i < lines->value_bytes; i++)
    if (memchr(marks, lines->value[i], sizeof(marks) - 1) != NULL)
      return false;
  return true;
}

static void put_value(json_lines_t *lines, debug_buffer_t *buffer) {
  bool quotes = lines->quoted && !is_plain(lines);
  put(buffer, "\"", quotes);
  put(buffer, lines->value, lines->value_bytes);
  put(buffer, "\"", quotes);
}

/* The first one puts the name; all the others a comma. */
static void put_element(json_lines_t *lines, debug_buffer_t *buffer) {
  json_lines_level_t *level = top(lines);
  if (lines->depth == 2) {
    put(buffer, lines->path, lines->path_bytes);
    put_text(buffer, ": ");
    put_value(lines, buffer);
    put_text(buffer, "\n");
    return;
  }
  if (level->listed) {
    put_text(buffer, ",");
  } else {
    put_text(buffer, " ");
    put_path(lines, buffer);
    put_text(buffer, "=");
  }
  put_value(lines, buffer);
  level->listed = true;
}

static void put_member(json_lines_t *lines, debug_buffer_t *buffer) {
  if (has_line(lines))
    put_text(buffer, " ");
  put_path(lines, buffer);
  put_text(buffer, "=");
  put_value(lines, buffer);
  if (!has_line(lines))
    put_text(buffer, "\n");
}

/* Behind a value: the next one has another name. */
static void leave_name(json_lines_t *lines) {
  if (lines->depth == 0)
    return;
  lines->path_bytes = top(lines)->path_bytes;
  lines->named = false;
  top(lines)->index++;
}

static void end_scalar(json_lines_t *lines, debug_buffer_t *buffer) {
  if (lines->depth > 0) {
    if (top(lines)->array)
      put_element(lines, buffer);
    else
      put_member(lines, buffer);
  }
  lines->value_bytes = 0;
  lines->quoted = false;
  leave_name(lines);
}

static void add_index(json_lines_t *lines) {
  char text[24];
  int size = snprintf(text, sizeof(text), ".%" PRIu64, top(lines)->index);
  add_name(lines, text, (size_t)size);
}

static bool begins_line(const json_lines_t *lines, bool array) {
  return !array &&
         (lines->depth == 1 || (lines->depth == 2 && lines->levels[1].array));
}

/* What is listed in a list of its own has its number in the name. */
static void open_level(json_lines_t *lines, bool array,
                       debug_buffer_t *buffer) {
  if (lines->depth == DEBUG_LINES_DEPTH)
    return;
  if (begins_line(lines, array)) {
    put(buffer, lines->path, lines->path_bytes);
    put_text(buffer, ":");
  } else if (lines->depth > 2 && top(lines)->array) {
    add_index(lines);
  }
  lines->levels[lines->depth++] =
      (json_lines_level_t){.array = array, .path_bytes = lines->path_bytes};
  lines->named = false;
}

static void close_level(json_lines_t *lines, debug_buffer_t *buffer) {
  const json_lines_level_t *level = top(lines);
  bool empty = level->array && level->index == 0;
  if (lines->depth == 2 && empty) {
    put(buffer, lines->path, level->path_bytes);
    put_text(buffer, ": none\n");
  }
  lines->depth--;
  if (begins_line(lines, level->array) && lines->depth > 0)
    put_text(buffer, "\n");
  leave_name(lines);
}

static void end_key(json_lines_t *lines) {
  if (lines->depth > 1)
    add_name(lines, ".", 1);
  add_name(lines, lines->value, lines->value_bytes);
  lines->value_bytes = 0;
  lines->quoted = false;
  lines->named = true;
}

static void add_byte(json_lines_t *lines, char byte) {
  if (lines->value_bytes < sizeof(lines->value))
    lines->value[lines->value_bytes++] = byte;
}

/* JSON lets DEL be; a terminal need not. */
static void add_byte_of_string(json_lines_t *lines, char byte) {
  static const char delete[] = "\\u007f";
  if (byte != 0x7f) {
    add_byte(lines, byte);
    return;
  }
  for (const char *at = delete; *at != '\0'; at++)
    add_byte(lines, *at);
}

static void take_in_string(json_lines_t *lines, char byte,
                           debug_buffer_t *buffer) {
  if (byte == '"' && !lines->escaped) {
    lines->in_string = false;
    if (lines->depth > 0 && !top(lines)->array && !lines->named)
      end_key(lines);
    else
      end_scalar(lines, buffer);
    return;
  }
  lines->escaped = byte == '\\' && !lines->escaped;
  add_byte_of_string(lines, byte);
}

/* Numbers and words end where anything else begins. */
static void end_word(json_lines_t *lines, debug_buffer_t *buffer) {
  if (lines->value_bytes > 0)
    end_scalar(lines, buffer);
}

void asyncscope__json_lines_take(json_lines_t *lines, char byte,
                                 debug_buffer_t *buffer) {
  if (lines->in_string) {
    take_in_string(lines, byte, buffer);
    return;
  }
  if (strchr(",:{}[]\" \n", byte) != NULL)
    end_word(lines, buffer);
  else
    add_byte(lines, byte);
  if (byte == '"')
    lines->in_string = lines->quoted = true;
  else if (byte == '{' || byte == '[')
    open_level(lines, byte == '[', buffer);
  else if ((byte == '}' || byte == ']') && lines->depth > 0)
    close_level(lines, buffer);
}
