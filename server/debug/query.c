/* Names first, then values: a name that is not known hides what is wrong with
 * a value, as the list of names is what the client needs then. */
#include "query.h"

#include "parameter.h"
#include <string.h>
#include <uv.h>

/* What one parse works on. */
typedef struct query_parser_s {
  const debug_accepts_t *accepts;
  debug_query_t *query;
  debug_fault_t *fault;
} query_parser_t;

static bool fail(query_parser_t *parser, const char *problem,
                 const debug_parameter_t *parameter) {
  *parser->fault = (debug_fault_t){.problem = problem};
  if (parameter != NULL) {
    parser->fault->parameter = parameter->name;
    parser->fault->valid = parameter->valid;
    parser->fault->max = parameter->max;
  }
  return false;
}

static int hex_digit(char byte) {
  if (byte >= '0' && byte <= '9')
    return byte - '0';
  if (byte >= 'a' && byte <= 'f')
    return byte - 'a' + 10;
  return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* Percent-escapes and `+`, in place. False for an escape that is none, and for
 * a NUL. */
static bool decode(char *text) {
  char *out = text;
  for (const char *at = text; *at != '\0'; at++) {
    int byte = *at == '+' ? ' ' : (unsigned char)*at;
    if (*at == '%') {
      int high = hex_digit(at[1]);
      int low = high < 0 ? -1 : hex_digit(at[2]);
      if (low < 0 || high + low == 0)
        return false;
      byte = high * 16 + low;
      at += 2;
    }
    *out++ = (char)byte;
  }
  *out = '\0';
  return true;
}

/* The row of that name that the endpoint takes: there may be two of a name. */
static int find(const debug_accepts_t *accepts, const char *name) {
  for (int i = 0; i < DEBUG_PARAM_COUNT; i++)
    if ((accepts->parameters & DEBUG_TAKES(i)) != 0 &&
        strcmp(asyncscope__debug_parameters[i].name, name) == 0)
      return i;
  return -1;
}

/* Valid are the words that this path takes, of those there are. */
static bool fail_include(query_parser_t *parser, const char *problem) {
  const char *const *words =
      asyncscope__debug_parameters[DEBUG_PARAM_INCLUDE].valid;
  debug_query_t *query = parser->query;
  size_t count = 0;
  for (size_t i = 0; words[i] != NULL; i++)
    if ((parser->accepts->include & 1u << i) != 0)
      query->valid[count++] = words[i];
  fail(parser, problem, &asyncscope__debug_parameters[DEBUG_PARAM_INCLUDE]);
  parser->fault->valid = query->valid;
  return false;
}

static bool take_value(query_parser_t *parser, int id, char *value) {
  debug_parameter_t parameter = asyncscope__debug_parameters[id];
  debug_query_t *query = parser->query;
  if (id == DEBUG_PARAM_LIMIT && parser->accepts->limit_max != 0)
    parameter.max = parser->accepts->limit_max;
  if ((query->given & DEBUG_TAKES(id)) != 0)
    return fail(parser, "must be given once", &parameter);
  query->given |= DEBUG_TAKES(id);
  if (value == NULL || !decode(value) || value[0] == '\0' ||
      !parameter.parse(&parameter, value, (char *)query + parameter.offset)) {
    const char *problem = "has a value that is not valid";
    return id == DEBUG_PARAM_INCLUDE ? fail_include(parser, problem)
                                     : fail(parser, problem, &parameter);
  }
  return true;
}

/* A pair is what stands between two `&`; an empty one is nothing. */
static bool take_pair(query_parser_t *parser, char *pair, bool values) {
  char *value = strchr(pair, '=');
  int id;
  if (*pair == '\0')
    return true;
  if (value != NULL)
    *value++ = '\0';
  id = decode(pair) ? find(parser->accepts, pair) : -1;
  if (id < 0)
    return fail(parser, "unknown parameter", NULL);
  return !values || take_value(parser, id, value);
}

static bool take_pairs(query_parser_t *parser, const char *raw, bool values) {
  char *rest = parser->query->text;
  memcpy(rest, raw, strlen(raw) + 1);
  while (rest != NULL) {
    char *pair = rest;
    rest = strchr(pair, '&');
    if (rest != NULL)
      *rest++ = '\0';
    if (!take_pair(parser, pair, values))
      return false;
  }
  return true;
}

static bool is_field(const debug_accepts_t *accepts, const char *name) {
  for (const char *const *field = accepts->fields; *field != NULL; field++)
    if (strcmp(*field, name) == 0)
      return true;
  return false;
}

static bool check_fields(query_parser_t *parser) {
  const debug_globs_t *fields = &parser->query->fields;
  for (size_t i = 0; i < fields->count; i++)
    if (!is_field(parser->accepts, fields->items[i])) {
      fail(parser, "names a member that is not there",
           &asyncscope__debug_parameters[DEBUG_PARAM_FIELDS]);
      parser->fault->valid = parser->accepts->fields;
      return false;
    }
  return true;
}

static bool check_include(query_parser_t *parser) {
  return (parser->query->include & ~parser->accepts->include) == 0 ||
         fail_include(parser, "asks for what this path does not have");
}

static bool same_order(debug_order_t a, debug_order_t b) {
  return a.by == b.by && a.descending == b.descending;
}

static bool check_cursor(query_parser_t *parser) {
  const debug_query_t *query = parser->query;
  return !asyncscope__debug_given(query, DEBUG_PARAM_CURSOR) ||
         same_order(query->order, query->cursor.order) ||
         fail(parser, "belongs to an answer in another order",
              &asyncscope__debug_parameters[DEBUG_PARAM_CURSOR]);
}

int asyncscope__debug_query_parse(const char *raw,
                                  const debug_accepts_t *accepts,
                                  debug_query_t *ret_query,
                                  debug_fault_t *ret_fault) {
  query_parser_t parser = {accepts, ret_query, ret_fault};
  memset(ret_query, 0, sizeof(*ret_query));
  ret_query->limit = accepts->limit == 0 ? DEBUG_LIMIT : accepts->limit;
  if (raw == NULL)
    return 0;
  if (strlen(raw) >= DEBUG_QUERY_BYTES) {
    fail(&parser, "the query is too long", NULL);
    return UV_EINVAL;
  }
  return take_pairs(&parser, raw, false) && take_pairs(&parser, raw, true) &&
                 check_fields(&parser) && check_include(&parser) &&
                 check_cursor(&parser)
             ? 0
             : UV_EINVAL;
}
