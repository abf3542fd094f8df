/* new MessageChannel() and messages that are text. */
#ifndef ASYNCSCOPE_PARITY_MESSAGE_H
#define ASYNCSCOPE_PARITY_MESSAGE_H

#include "asyncscope/async_active_resources.h"
#include "asyncscope/async_message_port.h"

/* port1 and port2. */
void make_channel(async_message_port_t *ret_ports[2]);

/* A copy of the text; ends the program without memory. */
async_message_t *make_message(const char *text);

/* port.postMessage(text) */
void post_message(async_message_port_t *port, const char *text);

#endif
