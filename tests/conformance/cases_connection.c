/* Whether a connection stays open, who says so, and what comes behind. */
#include "conformance.h"

#define WITH(value) GET HOST "Connection: " value "\r\n\r\n"
#define HTTP_1_0    "GET /echo HTTP/1.0\r\n" HOST

static const conformance_case_t CASES[] = {
    {CASE(http_1_1_stays_open), .rfc = "9112 9.3", SEND(GET HOST END),
     .answers = "200"},
    {CASE(close_closes), .rfc = "9112 9.6", SEND(WITH("close")),
     .answers = "200", .ends = true},
    {CASE(close_may_be_in_capitals), .rfc = "9110 7.6.1", SEND(WITH("CLOSE")),
     .answers = "200", .ends = true},
    {CASE(close_may_be_the_last_of_a_list), .rfc = "9110 7.6.1",
     SEND(WITH("x, close")), .answers = "200", .ends = true},
    {CASE(close_may_be_the_first_of_a_list), .rfc = "9110 7.6.1",
     SEND(WITH("close, x")), .answers = "200", .ends = true},
    {CASE(close_may_stand_in_a_second_field), .rfc = "9110 5.3",
     SEND(GET HOST "Connection: x\r\nConnection: close\r\n\r\n"),
     .answers = "200", .ends = true},
    {CASE(close_goes_over_keep_alive), .rfc = "9112 9.3",
     SEND(WITH("keep-alive, close")), .answers = "200", .ends = true},
    {CASE(a_word_that_begins_as_close_does_not_close), .rfc = "9110 7.6.1",
     SEND(WITH("closed")), .answers = "200"},
    {CASE(a_word_that_ends_as_close_does_not_close), .rfc = "9110 7.6.1",
     SEND(WITH("x-close")), .answers = "200"},
    {CASE(keep_alive_is_understood), .rfc = "9112 9.3",
     SEND(WITH("keep-alive")), .answers = "200"},
    {CASE(an_empty_connection_field_says_nothing), .rfc = "9110 7.6.1",
     SEND(WITH("")), .answers = "200"},
    {CASE(proxy_connection_says_nothing), .rfc = "9112 C.2.2",
     SEND(GET HOST "Proxy-Connection: close\r\n\r\n"), .answers = "200"},
    {CASE(the_answer_to_close_says_close), .rfc = "9112 9.6",
     SEND(WITH("close")), .answers = "200", .ends = true,
     .has = {"\r\nConnection: close\r\n"}},
    {CASE(http_1_0_closes), .rfc = "9112 9.3", SEND(HTTP_1_0 END),
     .answers = "200", .ends = true},
    {CASE(http_1_0_may_stay_open), .rfc = "9112 9.3",
     SEND(HTTP_1_0 "Connection: keep-alive\r\n\r\n"), .answers = "200",
     .has = {"\r\nConnection: keep-alive\r\n"}},
    {CASE(http_1_0_with_close_closes), .rfc = "9112 9.3",
     SEND(HTTP_1_0 "Connection: close\r\n\r\n"), .answers = "200",
     .ends = true},
    {CASE(http_1_0_is_answered_as_1_1), .rfc = "9110 2.5", SEND(HTTP_1_0 END),
     .answers = "200", .ends = true, .has = {"HTTP/1.1 200"}},
    {CASE(requests_in_a_row_are_answered_in_a_row), .rfc = "9112 9.3.2",
     SEND(POST HOST "Content-Length: 1\r\n\r\n1" POST HOST
                    "Content-Length: 1\r\n\r\n2" POST HOST
                    "Content-Length: 1\r\n\r\n3"),
     .answers = "200 200 200", .body = "3",
     .has = {"\r\n\r\n1HTTP/1.1", "\r\n\r\n2HTTP/1.1"}},
    {CASE(a_slow_answer_does_not_let_the_next_pass), .rfc = "9112 9.3.2",
     SEND("GET /timer?ms=20 HTTP/1.1\r\n" HOST END POST HOST
          "Content-Length: 6\r\n\r\nsecond"),
     .answers = "200 200", .body = "second"},
    {CASE(nothing_is_served_behind_close), .rfc = "9112 9.6",
     SEND(WITH("close") GET HOST END), .answers = "200", .ends = true},
    {CASE(nothing_is_served_behind_an_error), .rfc = "9112 9.6",
     SEND(GET HOST "X : y\r\n\r\n" GET HOST END), .answers = "400",
     .ends = true},
    {CASE(what_comes_before_an_error_is_served), .rfc = "9112 9.3.2",
     SEND(GET HOST END GET END), .answers = "200 400", .ends = true},
    {CASE(an_unread_body_closes_the_connection), .rfc = "9112 9.3",
     SEND("GET /hello HTTP/1.1\r\n" HOST "Content-Length: 100\r\n\r\n"),
     .answers = "200", .ends = true},
    {CASE(an_upgrade_to_h2c_is_not_taken), .rfc = "9110 7.8",
     SEND(GET HOST "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"
                   "\r\nConnection: Upgrade, HTTP2-Settings\r\n\r\n"),
     .answers = "200"},
    {CASE(an_upgrade_to_websocket_is_not_taken), .rfc = "9110 7.8",
     SEND(GET HOST "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                   "Sec-WebSocket-Version: 13\r\n"
                   "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"),
     .answers = "200"},
    {CASE(an_upgrade_with_a_body_is_http), .rfc = "9110 7.8",
     SEND(POST HOST "Upgrade: x\r\nConnection: Upgrade\r\n"
                    "Content-Length: 2\r\n\r\nok"),
     .answers = "200", .body = "ok"},
    {CASE(an_answer_is_followed_by_the_end_of_a_client), .rfc = "9112 9.6",
     SEND(GET HOST END), .hangs_up = true, .answers = "200"},
};

CONFORMANCE_TABLE(conformance_connection, CASES);
