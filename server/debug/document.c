#include "document.h"

debug_document_t asyncscope__debug_document(const debug_part_cb *parts,
                                            const char *kind,
                                            const debug_capture_t *capture,
                                            const debug_query_t *query) {
  return (debug_document_t){.parts = parts,
                            .kind = kind,
                            .capture = capture,
                            .writer = {.pretty = query->pretty}};
}

int asyncscope__debug_document_step(void *state, debug_buffer_t *buffer) {
  debug_document_t *document = state;
  json_writer_t before = document->writer;
  document->writer.buffer = buffer;
  int status = (*document->parts)(state, &document->writer);
  if (status < 0)
    document->writer = before;
  document->parts += status == 0;
  return status != 0 ? status : *document->parts != NULL;
}
