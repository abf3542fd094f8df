#include "http_client_parser.h"

unsigned http_client_response_status(const http_client_response_t *response) {
  return response->head.status;
}

http_text_t http_client_response_reason(
    const http_client_response_t *response) {
  return http_head_text(&response->head, response->head.reason);
}

unsigned http_client_response_field(const http_client_response_t *response,
                                    const char *name, http_text_t *ret_value) {
  return http_head_find(&response->head, name, ret_value);
}

unsigned http_client_response_field_count(
    const http_client_response_t *response) {
  return response->head.field_count;
}

void http_client_response_field_at(const http_client_response_t *response,
                                   unsigned index, http_text_t *ret_name,
                                   http_text_t *ret_value) {
  const http_head_t *head = &response->head;

  *ret_name = http_head_text(head, head->fields[index].name);
  *ret_value = http_head_text(head, head->fields[index].value);
}
