/* What a parameter is to the one who parses it. */
#ifndef ASYNCSCOPE_DEBUG_PARAMETER_H
#define ASYNCSCOPE_DEBUG_PARAMETER_H

#include "query.h"

typedef struct debug_parameter_s debug_parameter_t;

/* `value` is decoded, not empty, and stays where it is; it may be cut up.
 * `field` is where what it says belongs. False: not one of `valid`. */
typedef bool (*debug_value_cb)(const debug_parameter_t *parameter, char *value,
                               void *field);

struct debug_parameter_s {
  const char *name;
  debug_value_cb parse;
  size_t offset; /* of its field in debug_query_t */
  uint64_t max;  /* of a number; 0: it is none */
  /* The words, or a sentence that tells what may stand there; NULL at the end.
   */
  const char *const *valid;
};

/* DEBUG_PARAM_COUNT of them. */
extern const debug_parameter_t asyncscope__debug_parameters[];

/* debug_globs_t */
bool asyncscope__debug_value_globs(const debug_parameter_t *, char *, void *);
/* The same, each for one of the words at least. */
bool asyncscope__debug_value_globs_of_words(const debug_parameter_t *, char *,
                                            void *);
/* unsigned: a bit for each word of a comma list */
bool asyncscope__debug_value_words(const debug_parameter_t *, char *, void *);
/* unsigned: which word */
bool asyncscope__debug_value_word(const debug_parameter_t *, char *, void *);
/* bool */
bool asyncscope__debug_value_flag(const debug_parameter_t *, char *, void *);
/* uint64_t */
bool asyncscope__debug_value_number(const debug_parameter_t *, char *, void *);
/* uint64_t, nanoseconds */
bool asyncscope__debug_value_duration(const debug_parameter_t *, char *,
                                      void *);
/* async_ref_t */
bool asyncscope__debug_value_key(const debug_parameter_t *, char *, void *);
/* debug_numbers_t */
bool asyncscope__debug_value_requests(const debug_parameter_t *, char *,
                                      void *);
/* debug_order_t */
bool asyncscope__debug_value_order(const debug_parameter_t *, char *, void *);
/* debug_cursor_t */
bool asyncscope__debug_value_cursor(const debug_parameter_t *, char *, void *);
/* uint64_t, microseconds: a token, as head.c writes it */
bool asyncscope__debug_value_since(const debug_parameter_t *, char *, void *);
/* const char * */
bool asyncscope__debug_value_token(const debug_parameter_t *, char *, void *);

/* The digits at the beginning of `*text`, at most `max`; `*text` then stands
 * behind them. */
bool asyncscope__debug_cut_number(const char **text, uint64_t max,
                                  uint64_t *ret_number);

/* Digits and nothing else, at most `max`. */
bool asyncscope__debug_parse_number(const char *text, uint64_t max,
                                    uint64_t *ret_number);

#endif
