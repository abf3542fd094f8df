#ifndef ASYNCSCOPE_CONFORMANCE_ANSWER_H
#define ASYNCSCOPE_CONFORMANCE_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

/* One answer, read as strictly as RFC 9112 writes it. */
typedef struct answer_s {
  int status;
  const char *head; /* borrowed, up to and with the empty line */
  size_t head_bytes;
  char *body; /* without its framing, NUL behind it; NULL for want of memory */
  size_t body_bytes;
  bool closes;         /* has `Connection: close` */
  size_t answer_bytes; /* of the whole */
} answer_t;

/* Reads the first answer in `bytes`. `no_body`: of a HEAD. Answers NULL, or
 * what is wrong with it. */
const char *answer_parse(const char *bytes, size_t size, bool no_body,
                         answer_t *ret_answer);

void answer_finish(answer_t *answer);

#endif
