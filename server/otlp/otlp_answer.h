/* What a collector's answer means. */
#ifndef ASYNCSCOPE_SERVER_OTLP_ANSWER_H
#define ASYNCSCOPE_SERVER_OTLP_ANSWER_H

#include "http_text.h"
#include <stdint.h>
#include <time.h>

typedef enum otlp_verdict_e {
  OTLP_TAKEN,
  OTLP_AGAIN, /* later, with the same spans */
  OTLP_REFUSED
} otlp_verdict_t;

/* `status` of HTTP, 0 where none came. */
otlp_verdict_t otlp_verdict(unsigned status);

/* Milliseconds of a Retry-After field, seconds or a date; at most
 * OTLP_RETRY_AFTER_MAX_S of them. 0: none, or one that says nothing. */
uint64_t otlp_retry_after_ms(http_text_t value, time_t now);

/* How many of `count` spans a batch that was taken was taken without. */
uint64_t otlp_rejected(const char *body, size_t size, uint64_t count);

/* What went wrong: an HTTP status, an error below 0, or 0 for nothing. */
void otlp_describe(int problem, char *ret_text, size_t bytes);

/* How long to wait before attempt `attempt` (from 1) is followed by another:
 * twice as long each time, of which a random half or more. */
uint64_t otlp_backoff_ms(unsigned attempt, uint64_t first_ms, uint64_t max_ms,
                         uint32_t random);

#endif
