/* A JSON answer: parts that are written one after the other, a piece at a time.
 */
#ifndef ASYNCSCOPE_DEBUG_DOCUMENT_H
#define ASYNCSCOPE_DEBUG_DOCUMENT_H

#include "capture.h"
#include "endpoint.h"
#include "json_writer.h"

/* Writes the next piece: 1 when the part has more, 0 when that was its last.
 * What it counts moves on only behind a piece that was written whole. Errors:
 * UV_ENOBUFS, and the same piece will be asked for again; UV_EAGAIN; UV_ENOMEM.
 */
typedef int (*debug_part_cb)(void *state, json_writer_t *writer);

/* The first member of the state of a format that is JSON. */
typedef struct debug_document_s {
  const debug_part_cb *parts; /* NULL at the end */
  const char *kind;           /* which answer this is; static */
  const debug_capture_t *capture;
  json_writer_t writer;
  size_t head_piece, head_thread; /* where the head stands */
} debug_document_t;

debug_document_t asyncscope__debug_document(const debug_part_cb *parts,
                                            const char *kind,
                                            const debug_capture_t *capture,
                                            const debug_query_t *query);

/* The step of a format whose state begins with its document. */
int asyncscope__debug_document_step(void *state, debug_buffer_t *buffer);

/* A part: opens the document and says what program this is and what the
 * capture is worth. What takes time stands before it, so that its duration is
 * part of it. */
int asyncscope__debug_write_head(void *state, json_writer_t *writer);

#endif
