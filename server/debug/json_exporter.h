/* Those who send elsewhere what is seen here. */
#ifndef ASYNCSCOPE_DEBUG_JSON_EXPORTER_H
#define ASYNCSCOPE_DEBUG_JSON_EXPORTER_H

#include "capture.h"
#include "json_writer.h"

/* The next one: 1 when there are more, 0 behind the last. Errors as of
 * asyncscope__json_write(). */
int asyncscope__debug_write_exporter(const debug_capture_t *capture, size_t *at,
                                     json_writer_t *writer);

#endif
