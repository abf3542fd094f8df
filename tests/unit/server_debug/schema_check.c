#include "schema_check.h"

#include "test_main.h"
#include <regex.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct check_s {
  const json_t *root;
  const char *where; /* the innermost key that was entered */
  char *reason;
  size_t reason_bytes;
} check_t;

typedef bool (*rule_cb)(check_t *check, const json_t *schema,
                        const json_t *rule, const json_t *value);

static bool conforms(check_t *check, const json_t *schema, const json_t *value);

static bool wrong(check_t *check, const char *format, ...) {
  va_list arguments;
  int used = snprintf(check->reason, check->reason_bytes, "%s: ", check->where);
  va_start(arguments, format);
  vsnprintf(check->reason + used, check->reason_bytes - (size_t)used, format,
            arguments);
  va_end(arguments);
  return false;
}

static bool ignored(check_t *check, const json_t *schema, const json_t *rule,
                    const json_t *value) {
  (void)check;
  (void)schema;
  (void)rule;
  (void)value;
  return true;
}

static bool is_of_type(const json_t *value, const char *name) {
  static const char *const names[] = {
      [JSON_OBJECT] = "object", [JSON_ARRAY] = "array",
      [JSON_STRING] = "string", [JSON_INTEGER] = "integer",
      [JSON_REAL] = "number",   [JSON_TRUE] = "boolean",
      [JSON_FALSE] = "boolean", [JSON_NULL] = "null",
  };
  return strcmp(names[json_typeof(value)], name) == 0;
}

static bool has_type(check_t *check, const json_t *schema, const json_t *rule,
                     const json_t *value) {
  size_t i;
  json_t *name;
  (void)schema;
  if (!json_is_array(rule))
    return is_of_type(value, json_string_value(rule)) ||
           wrong(check, "no %s", json_string_value(rule));
  json_array_foreach(rule, i, name) {
    if (is_of_type(value, json_string_value(name)))
      return true;
  }
  return wrong(check, "none of its types");
}

static bool has_required(check_t *check, const json_t *schema,
                         const json_t *rule, const json_t *value) {
  size_t i;
  json_t *key;
  (void)schema;
  json_array_foreach(rule, i, key) {
    if (json_object_get(value, json_string_value(key)) == NULL) {
      return wrong(check, "no %s", json_string_value(key));
    }
  }
  return true;
}

static json_t *mutable(const json_t *value) {
  return (json_t *)(uintptr_t)value;
}

static bool has_properties(check_t *check, const json_t *schema,
                           const json_t *rule, const json_t *value) {
  const char *key;
  json_t *member;
  (void)schema;
  json_object_foreach(mutable(value), key, member) {
    const json_t *known = json_object_get(rule, key);
    check->where = key;
    if (known != NULL && !conforms(check, known, member)) {
      return false;
    }
  }
  return true;
}

static bool has_additional(check_t *check, const json_t *schema,
                           const json_t *rule, const json_t *value) {
  const json_t *properties = json_object_get(schema, "properties");
  const char *key;
  json_t *member;
  json_object_foreach(mutable(value), key, member) {
    if (json_object_get(properties, key) != NULL) {
      continue;
    }
    check->where = key;
    if (json_is_false(rule)) {
      return wrong(check, "not in the schema");
    }
    if (!conforms(check, rule, member)) {
      return false;
    }
  }
  return true;
}

static bool has_items(check_t *check, const json_t *schema, const json_t *rule,
                      const json_t *value) {
  const char *where = check->where;
  size_t i;
  json_t *item;
  (void)schema;
  json_array_foreach(value, i, item) {
    check->where = where;
    if (!conforms(check, rule, item)) {
      return false;
    }
  }
  return true;
}

static bool is_one_of(check_t *check, const json_t *schema, const json_t *rule,
                      const json_t *value) {
  size_t i;
  json_t *allowed;
  (void)schema;
  json_array_foreach(rule, i, allowed) {
    if (json_equal(allowed, value)) {
      return true;
    }
  }
  return wrong(check, "not one of the enum");
}

static bool is_const(check_t *check, const json_t *schema, const json_t *rule,
                     const json_t *value) {
  (void)schema;
  return json_equal(rule, value) || wrong(check, "not the const");
}

static bool is_above(check_t *check, const json_t *schema, const json_t *rule,
                     const json_t *value) {
  (void)schema;
  return json_integer_value(value) >= json_integer_value(rule) ||
         wrong(check, "below the minimum");
}

static bool is_below(check_t *check, const json_t *schema, const json_t *rule,
                     const json_t *value) {
  (void)schema;
  return json_integer_value(value) <= json_integer_value(rule) ||
         wrong(check, "above the maximum");
}

static bool matches(check_t *check, const json_t *schema, const json_t *rule,
                    const json_t *value) {
  const char *text = json_string_value(value);
  regex_t pattern;
  (void)schema;
  if (regcomp(&pattern, json_string_value(rule), REG_EXTENDED | REG_NOSUB) !=
      0) {
    return wrong(check, "no pattern");
  }
  bool match = text != NULL && regexec(&pattern, text, 0, NULL, 0) == 0;
  regfree(&pattern);
  return match || wrong(check, "does not match the pattern");
}

static bool refers(check_t *check, const json_t *schema, const json_t *rule,
                   const json_t *value) {
  const char *path = json_string_value(rule);
  const json_t *definitions = json_object_get(check->root, "$defs");
  const char *name = strncmp(path, "#/$defs/", 8) == 0 ? path + 8 : "";
  (void)schema;
  return conforms(check, json_object_get(definitions, name), value);
}

static const json_t *definition(const check_t *check, const json_t *rule) {
  const char *path = json_string_value(json_object_get(rule, "$ref"));
  return path == NULL ? rule
                      : json_object_get(json_object_get(check->root, "$defs"),
                                        path + strlen("#/$defs/"));
}

/* Alternatives are told apart by the constant of their `kind`. */
static bool is_of_one(check_t *check, const json_t *schema, const json_t *rule,
                      const json_t *value) {
  const json_t *kind = json_object_get(value, "kind");
  size_t i;
  json_t *item;
  (void)schema;
  json_array_foreach(rule, i, item) {
    const json_t *alternative = definition(check, item);
    const json_t *expected = json_object_get(
        json_object_get(json_object_get(alternative, "properties"), "kind"),
        "const");
    if (expected != NULL && json_equal(expected, kind))
      return conforms(check, alternative, value);
  }
  return wrong(check, "no such kind");
}

/* The reason is that of the last one. */
static bool is_of_any(check_t *check, const json_t *schema, const json_t *rule,
                      const json_t *value) {
  const char *where = check->where;
  size_t i;
  json_t *item;
  (void)schema;
  json_array_foreach(rule, i, item) {
    check->where = where;
    if (conforms(check, item, value))
      return true;
  }
  return false;
}

static bool apply(check_t *check, const json_t *schema, const char *keyword,
                  const json_t *rule, const json_t *value) {
  static const struct {
    const char *keyword;
    rule_cb holds;
  } rules[] = {
      {"$schema", ignored},
      {"$id", ignored},
      {"$defs", ignored},
      {"title", ignored},
      {"description", ignored},
      {"$ref", refers},
      {"oneOf", is_of_one},
      {"anyOf", is_of_any},
      {"type", has_type},
      {"required", has_required},
      {"properties", has_properties},
      {"additionalProperties", has_additional},
      {"items", has_items},
      {"enum", is_one_of},
      {"const", is_const},
      {"minimum", is_above},
      {"maximum", is_below},
      {"pattern", matches},
  };
  for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
    if (strcmp(rules[i].keyword, keyword) == 0) {
      return rules[i].holds(check, schema, rule, value);
    }
  }
  return wrong(check, "unknown keyword %s", keyword);
}

static bool conforms(check_t *check, const json_t *schema,
                     const json_t *value) {
  const char *where = check->where;
  const char *keyword;
  json_t *rule;
  if (!json_is_object(schema)) {
    return wrong(check, "no schema");
  }
  json_object_foreach(mutable(schema), keyword, rule) {
    check->where = where;
    if (!apply(check, schema, keyword, rule, value)) {
      return false;
    }
  }
  return true;
}

json_t *schema_load(void) {
  char path[4096];
  const char *root = getenv("ASYNCSCOPE_SOURCE_DIR");
  snprintf(path, sizeof(path), "%s/docs/debug.schema.json",
           root == NULL ? "." : root);
  return json_load_file(path, 0, NULL);
}

bool schema_check(const json_t *schema, const json_t *document,
                  char *ret_reason, size_t reason_bytes) {
  check_t check = {schema, "the document", ret_reason, reason_bytes};
  ret_reason[0] = '\0';
  return conforms(&check, schema, document);
}

void assert_schema(const json_t *document) {
  char reason[256];
  json_t *schema = schema_load();
  bool good = schema_check(schema, document, reason, sizeof(reason));
  json_decref(schema);
  if (!good) {
    fail_msg("%s", reason);
  }
}
