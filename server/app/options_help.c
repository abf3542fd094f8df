/* The text of --help, made from the tables: what can be given, in which unit,
 * from where to where, and what holds when it is not. */
#include "option.h"

#include <inttypes.h>
#include <string.h>

enum { INDENT = 2, COLUMN = 31, WIDTH = 79 };

/* Writes a word behind what the line holds up to `at`, or on a new one that
 * begins at `indent`, and answers where the line stands then. */
static int print_word(FILE *file, const char *word, size_t size, int at,
                      int indent) {
  if (at > indent && at + 1 + (int)size > WIDTH) {
    fprintf(file, "\n%*s", indent, "");
    at = indent;
  }
  return at + fprintf(file, "%s%.*s", at > indent ? " " : "", (int)size, word);
}

static void print_words(FILE *file, const char *words, int at) {
  while (*words != '\0') {
    size_t size = strcspn(words, " ");
    at = print_word(file, words, size, at, COLUMN);
    words += size + (words[size] == ' ');
  }
  fputs("\n", file);
}

static void print_row(FILE *file, const char *name, const char *value,
                      const char *words) {
  int at = fprintf(file, "  %s%s%s", name, *value == '\0' ? "" : " ", value);
  at += fprintf(file, "%*s", at < COLUMN ? COLUMN - at : 2, "");
  print_words(file, words, at);
}

enum { RANGE_BYTES = 2 * APP_OPTION_TEXT_BYTES + 8 };

/* "; 1 to 64", in the option's own notation. */
static void format_range(const app_option_t *option,
                         char ret_text[RANGE_BYTES]) {
  app_options_t ends[2];
  char text[2][APP_OPTION_TEXT_BYTES];
  const uint64_t bounds[2] = {option->min, option->max};
  for (size_t i = 0; i < 2; i++) {
    void *member = (char *)&ends[i] + option->at;
    if (option->set == app_option_set_bytes)
      *(size_t *)member = (size_t)bounds[i];
    else
      *(unsigned *)member = (unsigned)bounds[i];
    option->show(option, &ends[i], text[i]);
  }
  snprintf(ret_text, RANGE_BYTES, "; %s to %s", text[0], text[1]);
}

static void print_option(FILE *file, const app_option_t *option,
                         const app_options_t *defaults) {
  char value[APP_OPTION_TEXT_BYTES] = "";
  char range[RANGE_BYTES] = "";
  char words[1024];
  if (option->show != NULL)
    option->show(option, defaults, value);
  if (option->show != NULL && option->max > 0)
    format_range(option, range);
  snprintf(words, sizeof(words), "%s%s%s%s%s", option->help, range,
           *value == '\0' ? "" : " [", value, *value == '\0' ? "" : "]");
  print_row(file, option->name, option->value == NULL ? "" : option->value,
            words);
}

static void print_group(FILE *file, const app_option_group_t *group,
                        const app_options_t *defaults) {
  fprintf(file, "\n%s:\n", group->heading);
  for (const app_option_t *option = group->options; option->name != NULL;
       option++)
    print_option(file, option, defaults);
}

static void print_variables(FILE *file) {
  char name[APP_VARIABLE_BYTES];
  int at = fprintf(file, "%*s", INDENT, "");
  for (const app_option_group_t *group = app_option_groups;
       group->heading != NULL; group++) {
    for (const app_option_t *option = group->options; option->name != NULL;
         option++) {
      app_option_variable(option, name);
      at = print_word(file, name, strlen(name), at, INDENT);
    }
  }
}

static void print_otlp_variables(FILE *file) {
  int at = fprintf(file, "%*s", INDENT, "");
  for (size_t i = 0; app_otlp_variables[i] != NULL; i++)
    at = print_word(file, app_otlp_variables[i], strlen(app_otlp_variables[i]),
                    at, INDENT);
}

void app_options_help(FILE *file) {
  app_options_t defaults;
  app_options_default(&defaults);
  fputs("usage: asyncscope [OPTION...]\n", file);
  for (const app_option_group_t *group = app_option_groups;
       group->heading != NULL; group++)
    print_group(file, group, &defaults);
  fputs("\nInstead of serving:\n", file);
  print_row(file, "--healthcheck", "",
            "check the health of the server at --listen, then exit 0 or 1");
  print_row(file, "--help", "", "print this, then exit; also -h");
  print_row(file, "--version", "", "print the version, then exit");
  fputs("\nIn brackets is the default. Each option is also read from its "
        "variable;\nthe command line wins:\n",
        file);
  print_variables(file);
  fputs("\n\nThe export also reads those of OpenTelemetry:\n", file);
  print_otlp_variables(file);
  fputs("\n\nExit status: 0 drained after SIGTERM or SIGINT, 1 cannot start, 2 "
        "usage,\n3 ended before all requests were answered.\n",
        file);
}
