#include "udp.h"

static async_local_storage_t *storage;
static async_uv_udp_t *receiver, *sender;
static int port;

static void on_close(async_uv_handle_t *handle) {
  trace_store(handle == (async_uv_handle_t *)sender ? "sender closed"
                                                    : "closed",
              storage);
}

static void close_receiver(void *arg) {
  (void)arg;
  udp_close(receiver, on_close);
}

static void on_message(async_uv_udp_t *udp, ssize_t nread, const uv_buf_t *buf,
                       const struct sockaddr *addr, unsigned int flags) {
  (void)udp, (void)nread, (void)buf, (void)flags;
  if (addr == NULL)
    return;
  trace_where("message");
  trace_store("message", storage);
  run_with(storage, "closer", close_receiver, NULL);
}

static void bind_receiver(void *arg) {
  (void)arg;
  receiver = udp_bind(&port);
}

static void bind_sender(void *arg) {
  (void)arg;
  sender = udp_bind(NULL);
}

SCENARIO(udp_closed_in_its_message) {
  storage = make_storage();
  trace_start();
  run_with(storage, "receiver", bind_receiver, NULL);
  run_with(storage, "sender", bind_sender, NULL);
  udp_receive(receiver, on_message);
  MUST(udp_try_send(sender, "hello", port));
  udp_close(sender, on_close);
}
