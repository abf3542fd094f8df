/* What systemd hands to a service and is told by it, as sd_listen_fds(3) and
 * sd_notify(3) describe it: a few variables and one datagram. Without systemd
 * all of it does nothing. */
#ifndef ASYNCSCOPE_SERVER_SYSTEMD_H
#define ASYNCSCOPE_SERVER_SYSTEMD_H

#include <uv.h>

/* The listening socket that was passed (LISTEN_FDS), -1 for none; the caller's
 * to close. The variables are unset: no child shall take them for its own.
 * Errors: UV_E2BIG (more than one was passed), UV_ENOTSOCK, UV_EINVAL (it does
 * not listen for TCP). Thread: main, before there is another. */
int app_systemd_socket(uv_os_sock_t *ret_sock);

/* Tells the service manager (NOTIFY_SOCKET), if there is one: lines such as
 * "READY=1". It never waits, and nobody is told when it cannot. */
__attribute__((format(printf, 1, 2))) void app_systemd_notify(
    const char *format, ...);

#endif
