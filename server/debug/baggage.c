#include "asyncscope/asyncscope_trace.h"

#include "trace_list.h"
#include <string.h>

static bool is_token_part(unsigned char byte) {
  return byte > ' ' && byte < 0x7f &&
         strchr("\"(),/:;<=>?@[\\]{}", byte) == NULL;
}

static bool is_value_part(unsigned char byte) {
  return byte > ' ' && byte < 0x7f && byte != '"' && byte != ',' &&
         byte != ';' && byte != '\\';
}

static bool is_key(debug_piece_t key) {
  return asyncscope__debug_piece_all(key, is_token_part);
}

static bool is_value(debug_piece_t value) {
  return value.size_bytes == 0 ||
         asyncscope__debug_piece_all(value, is_value_part);
}

static bool split_pair(debug_piece_t piece, debug_piece_t *ret_key,
                       debug_piece_t *ret_value) {
  if (!asyncscope__debug_piece_split(piece, '=', ret_key, ret_value))
    return false;
  *ret_key = asyncscope__debug_piece_trim(*ret_key);
  *ret_value = asyncscope__debug_piece_trim(*ret_value);
  return true;
}

static bool is_pair(debug_piece_t piece) {
  debug_piece_t key, value;
  return split_pair(piece, &key, &value) && is_key(key) && is_value(value);
}

/* key=value, then properties behind semicolons: a key, with a value or not. */
static bool is_member(debug_piece_t member) {
  debug_piece_t rest = member, part;
  if (!asyncscope__debug_piece_next(&rest, ';', &part) || !is_pair(part))
    return false;
  while (asyncscope__debug_piece_next(&rest, ';', &part))
    if (!is_pair(part) && !is_key(part))
      return false;
  return true;
}

static void append(asyncscope_baggage_t *baggage, debug_piece_t member) {
  size_t comma = baggage->text_bytes > 0;
  if (baggage->members == ASYNCSCOPE_BAGGAGE_MEMBERS ||
      member.size_bytes + comma > sizeof(baggage->text) - baggage->text_bytes)
    return;
  if (comma)
    baggage->text[baggage->text_bytes] = ',';
  memcpy(baggage->text + baggage->text_bytes + comma, member.at,
         member.size_bytes);
  baggage->text_bytes += member.size_bytes + comma;
  baggage->members++;
}

void asyncscope_baggage_add(asyncscope_baggage_t *baggage, const char *field,
                            size_t field_bytes) {
  debug_piece_t rest = {field, field_bytes}, member;
  while (asyncscope__debug_piece_next(&rest, ',', &member))
    if (is_member(member))
      append(baggage, member);
}

static int digit(char byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* A percent sign without two digits stands for itself. */
static char decode_one(debug_piece_t value, size_t *at) {
  char byte = value.at[(*at)++];
  if (byte != '%' || value.size_bytes - *at < 2)
    return byte;
  int high = digit(value.at[*at]), low = digit(value.at[*at + 1]);
  if (high < 0 || low < 0)
    return byte;
  *at += 2;
  return (char)(high << 4 | low);
}

static void decode(debug_piece_t value, char *ret_value, size_t value_bytes) {
  size_t used = 0, at = 0;
  while (at < value.size_bytes && used + 1 < value_bytes)
    ret_value[used++] = decode_one(value, &at);
  ret_value[used] = '\0';
}

static bool has_key(debug_piece_t member, const char *key,
                    debug_piece_t *ret_value) {
  debug_piece_t name, pair = member, properties;
  asyncscope__debug_piece_split(member, ';', &pair, &properties);
  return split_pair(pair, &name, ret_value) && name.size_bytes == strlen(key) &&
         memcmp(name.at, key, name.size_bytes) == 0;
}

bool asyncscope_baggage_get(const char *text, size_t text_bytes,
                            const char *key, char *ret_value,
                            size_t value_bytes) {
  debug_piece_t rest = {text, text_bytes}, member, value;
  while (asyncscope__debug_piece_next(&rest, ',', &member)) {
    if (has_key(member, key, &value)) {
      decode(value, ret_value, value_bytes);
      return true;
    }
  }
  return false;
}
