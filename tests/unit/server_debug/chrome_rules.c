#include "chrome_rules.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static char wrong[256];

static const char *text(const json_t *event, const char *key) {
  const char *value = json_string_value(json_object_get(event, key));
  return value == NULL ? "" : value;
}

static double number(const json_t *event, const char *key) {
  return json_number_value(json_object_get(event, key));
}

static bool is(const json_t *event, const char *phase) {
  return strcmp(text(event, "ph"), phase) == 0;
}

static const char *say(const char *what, const json_t *event) {
  snprintf(wrong, sizeof(wrong), "%s: %s %s at %.3f", what, text(event, "ph"),
           text(event, "name"), number(event, "ts"));
  return wrong;
}

static const char *check_members(const json_t *event) {
  static const char *const known[] = {"M", "X", "b", "e", "s", "t", "f"};
  bool found = false;
  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
    found = found || is(event, known[i]);
  if (!found || !json_is_integer(json_object_get(event, "pid")) ||
      !json_is_integer(json_object_get(event, "tid")) ||
      !json_is_number(json_object_get(event, "ts")) ||
      !json_is_object(json_object_get(event, "args")))
    return say("not an event", event);
  return is(event, "X") && !(number(event, "dur") >= 0) ? say("no dur", event)
                                                        : NULL;
}

/* Two slices of a thread are apart, or one lies in the other. */
static bool overlap(const json_t *a, const json_t *b) {
  double a0 = number(a, "ts"), a1 = a0 + number(a, "dur");
  double b0 = number(b, "ts"), b1 = b0 + number(b, "dur");
  const double slack = 0.002; /* of rounding */
  bool apart = a1 <= b0 + slack || b1 <= a0 + slack;
  bool inside = (a0 + slack >= b0 && a1 <= b1 + slack) ||
                (b0 + slack >= a0 && b1 <= a1 + slack);
  return number(a, "tid") == number(b, "tid") && !apart && !inside;
}

static const char *check_nesting(const json_t *events, size_t at) {
  const json_t *event = json_array_get(events, at);
  for (size_t i = 0; is(event, "X") && i < at; i++) {
    const json_t *other = json_array_get(events, i);
    if (is(other, "X") && overlap(event, other))
      return say("overlaps another of its thread", event);
  }
  return NULL;
}

static bool same_chain(const json_t *a, const json_t *b) {
  return strcmp(text(a, "id"), text(b, "id")) == 0 &&
         strcmp(text(a, "cat"), text(b, "cat")) == 0 &&
         strcmp(text(a, "name"), text(b, "name")) == 0;
}

static bool has_before(const json_t *events, const json_t *event,
                       const char *phase) {
  size_t i;
  const json_t *other;
  json_array_foreach(events, i, other) {
    if (is(other, phase) && same_chain(event, other) &&
        number(other, "ts") <= number(event, "ts"))
      return true;
  }
  return false;
}

static bool lies_in_slice(const json_t *events, const json_t *event) {
  size_t i;
  const json_t *slice;
  double at = number(event, "ts");
  json_array_foreach(events, i, slice) {
    if (is(slice, "X") && number(slice, "tid") == number(event, "tid") &&
        at >= number(slice, "ts") - 0.002 &&
        at <= number(slice, "ts") + number(slice, "dur") + 0.002)
      return true;
  }
  return false;
}

static const char *check_links(const json_t *events, const json_t *event) {
  bool flow = is(event, "s") || is(event, "t") || is(event, "f");
  if (is(event, "e") && !has_before(events, event, "b"))
    return say("ends what never began", event);
  if ((is(event, "t") || is(event, "f")) && !has_before(events, event, "s"))
    return say("a flow from nowhere", event);
  return flow && !lies_in_slice(events, event) ? say("in no slice", event)
                                               : NULL;
}

const char *chrome_rules_broken(const json_t *trace) {
  const json_t *events = json_object_get(trace, "traceEvents");
  const json_t *event;
  size_t i;
  if (!json_is_array(events))
    return "no list of events";
  json_array_foreach(events, i, event) {
    const char *broken = check_members(event);
    if (broken == NULL)
      broken = check_nesting(events, i);
    if (broken == NULL)
      broken = check_links(events, event);
    if (broken != NULL)
      return broken;
  }
  return NULL;
}
