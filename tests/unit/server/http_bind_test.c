/* Who may have a port together. */
#include "http_bind.h"
#include "test_main.h"

#include <netinet/in.h>

static void any_port(struct sockaddr_storage *address) {
  struct sockaddr_in *in = (struct sockaddr_in *)address;

  *address = (struct sockaddr_storage){0};
  in->sin_family = AF_INET;
  in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
}

static uv_os_sock_t first(struct sockaddr_storage *address,
                          http_bind_mode_t mode) {
  uv_os_sock_t sock;

  any_port(address);
  assert_int_equal(http_bind((struct sockaddr *)address, mode, &sock), 0);
  assert_int_equal(http_bound_address(sock, address), 0);
  assert_int_equal(listen(sock, 1), 0);
  return sock;
}

static void second(const struct sockaddr_storage *address,
                   http_bind_mode_t mode, int expected) {
  uv_os_sock_t sock;
  int err = http_bind((const struct sockaddr *)address, mode, &sock);

  if (err == 0)
    http_unbind(sock);
  assert_int_equal(err, expected);
}

static void a_port_alone_is_shared_with_nobody(void **state) {
  struct sockaddr_storage address;
  uv_os_sock_t sock = first(&address, HTTP_BIND_ALONE);

  (void)state;
  second(&address, HTTP_BIND_ALONE, UV_EADDRINUSE);
  second(&address, HTTP_BIND_FIRST, UV_EADDRINUSE);
  second(&address, HTTP_BIND_SHARED, UV_EADDRINUSE);
  http_unbind(sock);
}

static void the_first_lets_others_share(void **state) {
  struct sockaddr_storage address;
  uv_os_sock_t sock = first(&address, HTTP_BIND_FIRST);

  (void)state;
  second(&address, HTTP_BIND_SHARED, 0);
  http_unbind(sock);
}

static void a_second_first_is_refused(void **state) {
  struct sockaddr_storage address;
  uv_os_sock_t sock = first(&address, HTTP_BIND_FIRST);

  (void)state;
  second(&address, HTTP_BIND_FIRST, UV_EADDRINUSE);
  second(&address, HTTP_BIND_ALONE, UV_EADDRINUSE);
  http_unbind(sock);
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_port_alone_is_shared_with_nobody),
      cmocka_unit_test(the_first_lets_others_share),
      cmocka_unit_test(a_second_first_is_refused),
  };
  return test_main(tests, argc, argv);
}
