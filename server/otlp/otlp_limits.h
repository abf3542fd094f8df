/* Every ceiling and every time of the exporter that is no option, in one
 * list. */
#ifndef ASYNCSCOPE_SERVER_OTLP_LIMITS_H
#define ASYNCSCOPE_SERVER_OTLP_LIMITS_H

#define OTLP_TIMEOUT_MS     10000
#define OTLP_DELAY_MS       5000
#define OTLP_QUEUE_MAX      2048
#define OTLP_BATCH_MAX      512
#define OTLP_RETRY_FIRST_MS 1000
#define OTLP_RETRY_MAX_MS   30000
#define OTLP_RETRY_TOTAL_MS 300000
#define OTLP_QUEUE_CEILING  1000000
#define OTLP_BATCH_CEILING  4096 /* a span is some 2 KiB of JSON */
#define OTLP_MS_CEILING     3600000

/* How often the threads' recorders are read: they hold some 70 ms of a loop at
 * full speed. The time doubles while nothing happens. */
#define OTLP_LOOK_MIN_MS    25
#define OTLP_LOOK_MAX_MS    200

#define OTLP_HEADERS_MAX    32
#define OTLP_ATTRIBUTES_MAX 64
#define OTLP_LIST_BYTES     8192 /* of headers, and of attributes */

/* Requests whose work is followed, and of each what it did. */
#define OTLP_FOLLOWED_MAX 8192
#define OTLP_CHILDREN_MAX 128
#define OTLP_THREADS_MAX  4096
/* Kept ones of a thread that are looked at. */
#define OTLP_FINISHED_MAX   65536
#define OTLP_EVENTS_A_BATCH 256
#define OTLP_BATCHES_A_LOOK 256

/* Finished requests that a watched thread keeps at least. Of those that were
 * slow, which the exporter has no use for, as many as without it. */
#define OTLP_REQUESTS_KEPT 2048

/* Threads that have asked to be watched since the last look. */
#define OTLP_NEW_THREADS_MAX 64

/* Of an answer: what it says of spans that were refused. */
#define OTLP_ANSWER_MAX_BYTES  65536
#define OTLP_RETRY_AFTER_MAX_S 300

#endif
