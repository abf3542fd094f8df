/* From the text of a value to the field of its parameter. Each looks at all of
 * the text: nothing is read over. */
#include "parameter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Cuts the first item off a comma list; NULL behind the last. */
static char *next_item(char **rest) {
  char *item = *rest;
  char *comma = item == NULL ? NULL : strchr(item, ',');
  if (comma != NULL)
    *comma++ = '\0';
  *rest = comma;
  return item;
}

bool asyncscope__debug_value_globs(const debug_parameter_t *parameter,
                                   char *value, void *field) {
  debug_globs_t *globs = field;
  const char *item;
  (void)parameter;
  while ((item = next_item(&value)) != NULL) {
    if (*item == '\0' || globs->count == DEBUG_LIST_MAX)
      return false;
    globs->items[globs->count++] = item;
  }
  return true;
}

static bool is_of_words(const debug_parameter_t *parameter,
                        const char *pattern) {
  const debug_globs_t one = {.count = 1, .items = {pattern}};
  size_t i = 0;
  while (parameter->valid[i] != NULL &&
         !asyncscope__debug_globs_match(&one, parameter->valid[i]))
    i++;
  return parameter->valid[i] != NULL;
}

bool asyncscope__debug_value_globs_of_words(const debug_parameter_t *parameter,
                                            char *value, void *field) {
  const debug_globs_t *globs = field;
  bool valid = asyncscope__debug_value_globs(parameter, value, field);
  for (size_t i = 0; i < globs->count && valid; i++)
    valid = is_of_words(parameter, globs->items[i]);
  return valid;
}

static bool find_word(const debug_parameter_t *parameter, const char *text,
                      unsigned *ret_index) {
  for (unsigned i = 0; parameter->valid[i] != NULL; i++) {
    *ret_index = i;
    if (strcmp(parameter->valid[i], text) == 0)
      return true;
  }
  return false;
}

bool asyncscope__debug_value_words(const debug_parameter_t *parameter,
                                   char *value, void *field) {
  unsigned *words = field;
  const char *item;
  unsigned index;
  while ((item = next_item(&value)) != NULL) {
    if (!find_word(parameter, item, &index))
      return false;
    *words |= 1u << index;
  }
  return true;
}

bool asyncscope__debug_value_word(const debug_parameter_t *parameter,
                                  char *value, void *field) {
  return find_word(parameter, value, field);
}

bool asyncscope__debug_value_flag(const debug_parameter_t *parameter,
                                  char *value, void *field) {
  (void)parameter;
  *(bool *)field = value[0] == '1';
  return strcmp(value, "0") == 0 || strcmp(value, "1") == 0;
}

bool asyncscope__debug_cut_number(const char **text, uint64_t max,
                                  uint64_t *ret_number) {
  uint64_t number = 0;
  const char *at = *text;
  for (; *at >= '0' && *at <= '9'; at++) {
    uint64_t digit = (uint64_t)(*at - '0');
    if (digit > max || number > (max - digit) / 10)
      return false;
    number = number * 10 + digit;
  }
  *ret_number = number;
  bool any = at != *text;
  *text = at;
  return any;
}

bool asyncscope__debug_parse_number(const char *text, uint64_t max,
                                    uint64_t *ret_number) {
  return asyncscope__debug_cut_number(&text, max, ret_number) && *text == '\0';
}

bool asyncscope__debug_value_number(const debug_parameter_t *parameter,
                                    char *value, void *field) {
  return asyncscope__debug_parse_number(value, parameter->max, field);
}

bool asyncscope__debug_value_duration(const debug_parameter_t *parameter,
                                      char *value, void *field) {
  static const struct {
    const char *name;
    uint64_t ns;
  } units[] = {{"ns", 1},
               {"us", 1000},
               {"ms", 1000000},
               {"s", 1000000000},
               {"m", UINT64_C(60) * 1000000000},
               {"h", UINT64_C(3600) * 1000000000}};
  size_t digits = strspn(value, "0123456789");
  uint64_t *ns = field;
  (void)parameter;
  for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
    if (strcmp(value + digits, units[i].name) == 0) {
      value[digits] = '\0';
      if (!asyncscope__debug_parse_number(value, UINT64_MAX / units[i].ns, ns))
        return false;
      *ns *= units[i].ns;
      return true;
    }
  return false;
}

bool asyncscope__debug_parse_key(const char *text, async_ref_t *ret_ref) {
  const char *colon = strchr(text, ':');
  char thread[16];
  uint64_t number, id;
  if (colon == NULL || (size_t)(colon - text) >= sizeof(thread))
    return false;
  memcpy(thread, text, (size_t)(colon - text));
  thread[colon - text] = '\0';
  if (!asyncscope__debug_parse_number(thread, ASYNC_THREAD_NONE - 1, &number) ||
      !asyncscope__debug_parse_number(colon + 1, ((uint64_t)1 << 53) - 1, &id))
    return false;
  *ret_ref = (async_ref_t){(uint32_t)number, (async_id_t)id};
  return true;
}

bool asyncscope__debug_value_key(const debug_parameter_t *parameter,
                                 char *value, void *field) {
  (void)parameter;
  return asyncscope__debug_parse_key(value, field);
}

bool asyncscope__debug_parse_request(const char *text, uint64_t *ret_request) {
  return asyncscope__debug_parse_number(text + (text[0] == 'r'), UINT64_MAX,
                                        ret_request);
}

bool asyncscope__debug_value_requests(const debug_parameter_t *parameter,
                                      char *value, void *field) {
  debug_numbers_t *numbers = field;
  const char *item;
  (void)parameter;
  while ((item = next_item(&value)) != NULL) {
    if (numbers->count == DEBUG_LIST_MAX ||
        !asyncscope__debug_parse_request(item,
                                         &numbers->items[numbers->count++]))
      return false;
  }
  return true;
}

static const char *const sort_names[] = {"id", "age", "runTime", "count"};

static bool parse_order(const char *text, debug_order_t *ret_order) {
  ret_order->descending = text[0] == '-';
  for (unsigned i = 0; i < sizeof(sort_names) / sizeof(sort_names[0]); i++)
    if (strcmp(text + ret_order->descending, sort_names[i]) == 0) {
      ret_order->by = (debug_sort_t)i;
      return i != DEBUG_SORT_ID || !ret_order->descending;
    }
  return false;
}

bool asyncscope__debug_value_order(const debug_parameter_t *parameter,
                                   char *value, void *field) {
  (void)parameter;
  return parse_order(value, field);
}

/* ORDER,VALUE,THREAD:ID with tildes in place of the commas: nothing that has
 * to be escaped in a query. */
void asyncscope__debug_format_cursor(const debug_cursor_t *cursor,
                                     char ret_text[DEBUG_CURSOR_BYTES]) {
  snprintf(ret_text, DEBUG_CURSOR_BYTES,
           "%s%s~%" PRIu64 "~%" PRIu32 ":%" PRId64,
           cursor->order.descending ? "-" : "", sort_names[cursor->order.by],
           cursor->value, cursor->ref.thread, cursor->ref.async_id);
}

bool asyncscope__debug_parse_cursor(const char *text,
                                    debug_cursor_t *ret_cursor) {
  char copy[DEBUG_CURSOR_BYTES];
  char *value, *key;
  if (strlen(text) >= sizeof(copy))
    return false;
  memcpy(copy, text, strlen(text) + 1);
  value = strchr(copy, '~');
  key = value == NULL ? NULL : strchr(value + 1, '~');
  if (key == NULL)
    return false;
  *value++ = '\0';
  *key++ = '\0';
  return parse_order(copy, &ret_cursor->order) &&
         asyncscope__debug_parse_number(value, UINT64_MAX,
                                        &ret_cursor->value) &&
         asyncscope__debug_parse_key(key, &ret_cursor->ref);
}

bool asyncscope__debug_value_cursor(const debug_parameter_t *parameter,
                                    char *value, void *field) {
  (void)parameter;
  return asyncscope__debug_parse_cursor(value, field);
}

bool asyncscope__debug_value_since(const debug_parameter_t *parameter,
                                   char *value, void *field) {
  (void)parameter;
  return strncmp(value, "s-", 2) == 0 &&
         asyncscope__debug_parse_number(value + 2, UINT64_MAX / 1000, field);
}

/* Nothing that would have to be escaped anywhere. */
bool asyncscope__debug_value_token(const debug_parameter_t *parameter,
                                   char *value, void *field) {
  (void)parameter;
  for (const char *at = value; *at != '\0'; at++)
    if (strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
               "-_.~:",
               *at) == NULL)
      return false;
  *(const char **)field = value;
  return true;
}
