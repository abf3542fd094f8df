#ifndef ASYNCSCOPE_RAW_SOCKET_H
#define ASYNCSCOPE_RAW_SOCKET_H

#include <stddef.h>
#include <stdint.h>

/*
 * A TCP connection for what libcurl would not send. Errors are negative errno
 * values, -ETIMEDOUT after RAW_SOCKET_DEADLINE_MS. No function asserts.
 */
#define RAW_SOCKET_DEADLINE_MS 50000

/* A descriptor connected to 127.0.0.1:`port`. */
int raw_socket_connect(uint16_t port);

/* A descriptor listening on 127.0.0.1, on the port written to `*ret_port`. */
int raw_socket_listen(uint16_t *ret_port);

int raw_socket_write(int fd, const char *bytes, size_t length);

/* Reads until the peer ends the connection or `max` bytes have come; answers
 * how many. A NUL is put behind them: `ret_bytes` has room for max + 1. */
long raw_socket_read_all(int fd, char *ret_bytes, size_t max);

/* Reads until `text` has come `times` times. -EPIPE: the end came first. */
long raw_socket_read_until(int fd, const char *text, size_t times,
                           char *ret_bytes, size_t max);

#endif
