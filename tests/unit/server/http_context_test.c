/* The store set when a request is parsed is seen in everything that happens to
 * it, and never by the next. The number behind each colon is the store. */
#include "http_fixture.h"

#include <unistd.h>

static void all_callbacks_of_a_request_see_its_store(void **state) {
  http_fixture_t *f = *state;
  int fd;

  http_fixture_start(f);
  fd = raw_socket_connect(f->port);
  http_send(fd, "POST /echo HTTP/1.1\r\nExpect: 100-continue\r\n"
                "Content-Length: 2\r\n" END);
  raw_socket_read_until(fd, "Continue\r\n\r\n", 1, f->answer, 4096);
  http_send(fd, "ab");
  raw_socket_read_all(fd, f->answer, 4096);
  close(fd);
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 end:1 close:1 end=ok/200:1 ");
}

static void the_next_request_sees_only_its_own(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  http_expect(f,
              "POST /echo HTTP/1.1\r\nContent-Length: 2\r\n" KEEP "ab"
              "GET /later HTTP/1.1\r\n" KEEP "GET /stream?10 HTTP/1.1\r\n" END,
              "200 200 200");
  assert_string_equal(http_fixture_notes(f),
                      "handler:1 data:1 end:1 close:1 end=ok/200:1 "
                      "handler:2 timer:2 close:2 end=ok/200:2 "
                      "handler:3 close:3 end=ok/200:3 ");
}

static void connections_do_not_mix(void **state) {
  http_fixture_t *f = *state;

  http_fixture_start(f);
  for (int i = 1; i <= 20; i++) {
    char notes[96];

    http_expect(f, "GET /later HTTP/1.1\r\n" END, "200");
    snprintf(notes, sizeof(notes),
             "handler:%d timer:%d close:%d end=ok/200:%d ", i, i, i, i);
    assert_string_equal(http_fixture_notes(f), notes);
  }
}

int main(int argc, char **argv) {
  static const struct CMUnitTest tests[] = {
      cmocka_unit_test_http(all_callbacks_of_a_request_see_its_store),
      cmocka_unit_test_http(the_next_request_sees_only_its_own),
      cmocka_unit_test_http(connections_do_not_mix),
  };
  return test_main(tests, argc, argv);
}
