#include "message.h"
#include "scenario.h"
#include <string.h>

void make_channel(async_message_port_t *ret_ports[2]) {
  async_message_end_t *ends[2];
  MUST(async_message_channel_create(0, ends));
  MUST(async_message_port_create(ends[0], &ret_ports[0]));
  MUST(async_message_port_create(ends[1], &ret_ports[1]));
}

async_message_t *make_message(const char *text) {
  async_message_t *message;
  MUST(async_message_create(text, strlen(text) + 1, &message));
  return message;
}

void post_message(async_message_port_t *port, const char *text) {
  MUST(async_message_port_post_message(port, make_message(text)));
}
