/* A port from the inside, for the Worker that owns one. */
#ifndef ASYNCSCOPE_HOOKS_MESSAGE_PORT_H
#define ASYNCSCOPE_HOOKS_MESSAGE_PORT_H

#include "asyncscope/async_env.h"
#include "asyncscope/async_message_port.h"
#include "asyncscope/async_uv_async.h"
#include "message_channel.h"

struct async_message_port_s {
  async_uv_async_t handle;         /* MESSAGEPORT; first: it is cast to this */
  async_message_end_t *end;        /* NULL: closing */
  async_message_end_t *closed_end; /* until the handle is closed; or NULL */
  async_message_cb on_message;
  async_message_port_cb on_drain, on_close;
  void *data;
  async_env_cleanup_t cleanup;
  unsigned delivering; /* the memory stays: a callback may run the loop */
  bool closed;         /* the handle is */
  /* Not NULL: the port outlives the other end, until its owner closes it and
   * hears, outside of every scope, that it is gone. */
  void (*on_gone)(void *owner);
  void *owner;
};

/* `options` of the MESSAGEPORT, may be NULL. */
int asyncscope__port_create(const async_site_t *site, async_message_end_t *end,
                            const async_resource_options_t *options,
                            async_message_port_t **ret_port);
void asyncscope__port_own(async_message_port_t *port,
                          void (*on_gone)(void *owner), void *owner);
/* What waits now, as if the loop had called. */
void asyncscope__port_deliver(async_message_port_t *port);

#endif
