#include "asyncscope/asyncscope_trace.h"

#include "trace_list.h"

enum {
  KEY_BYTES = 256,
  TENANT_BYTES = 241,
  SYSTEM_BYTES = 14,
  VALUE_BYTES = 256
};

static bool is_lower(unsigned char byte) {
  return byte >= 'a' && byte <= 'z';
}

static bool is_digit(unsigned char byte) {
  return byte >= '0' && byte <= '9';
}

static bool is_key_part(unsigned char byte) {
  return is_lower(byte) || is_digit(byte) || byte == '_' || byte == '-' ||
         byte == '*' || byte == '/';
}

static bool is_value_part(unsigned char byte) {
  return byte >= ' ' && byte <= '~' && byte != '=';
}

static bool is_name(debug_piece_t piece, size_t bytes_max) {
  return piece.size_bytes <= bytes_max &&
         asyncscope__debug_piece_all(piece, is_key_part);
}

/* vendor, or tenant@system. */
static bool is_key(debug_piece_t key) {
  debug_piece_t tenant, system;
  if (!asyncscope__debug_piece_split(key, '@', &tenant, &system))
    return is_name(key, KEY_BYTES) && is_lower((unsigned char)key.at[0]);
  return is_name(tenant, TENANT_BYTES) &&
         (is_lower((unsigned char)tenant.at[0]) ||
          is_digit((unsigned char)tenant.at[0])) &&
         is_name(system, SYSTEM_BYTES) && is_lower((unsigned char)system.at[0]);
}

static bool is_member(debug_piece_t member) {
  debug_piece_t key, value;
  return asyncscope__debug_piece_split(member, '=', &key, &value) &&
         is_key(key) && value.size_bytes <= VALUE_BYTES &&
         asyncscope__debug_piece_all(value, is_value_part);
}

bool asyncscope_tracestate_is_valid(const char *text, size_t text_bytes) {
  debug_piece_t rest = {text, text_bytes}, member;
  unsigned members = 0;
  if (text_bytes > ASYNCSCOPE_TRACESTATE_BYTES)
    return false;
  while (asyncscope__debug_piece_next(&rest, ',', &member)) {
    if (member.size_bytes == 0)
      continue;
    if (++members > ASYNCSCOPE_TRACESTATE_MEMBERS || !is_member(member))
      return false;
  }
  return members > 0;
}
