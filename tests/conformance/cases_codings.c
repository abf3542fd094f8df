/* Transfer-Encoding: the one coding there is, said once. */
#include "conformance.h"

#define CODING(value) \
  POST HOST "Transfer-Encoding: " value "\r\n\r\n5\r\nhello\r\n0\r\n\r\n"

static const conformance_case_t CASES[] = {
    {CASE(chunked_is_understood), .rfc = "9112 6.1", SEND(CODING("chunked")),
     .answers = "200", .body = "hello"},
    {CASE(chunked_may_be_in_capitals), .rfc = "9112 7", SEND(CODING("CHUNKED")),
     .answers = "200", .body = "hello"},
    {CASE(white_space_around_chunked_is_left_out), .rfc = "9112 5.1",
     SEND(CODING("\t chunked \t")), .answers = "200", .body = "hello"},
    {CASE(a_length_beside_a_coding_is_refused), .rfc = "9112 6.1",
     SEND(POST HOST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "5\r\nhello\r\n0\r\n\r\n"),
     .answers = "400", .ends = true},
    {CASE(a_length_behind_a_coding_is_refused), .rfc = "9112 6.1",
     SEND(POST HOST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"
                    "5\r\nhello\r\n0\r\n\r\n"),
     .answers = "400", .ends = true},
    {CASE(a_length_of_0_beside_a_coding_is_refused), .rfc = "9112 6.1",
     SEND(POST HOST "content-LengtH: 0\r\nTransFer-Encoding: chunked\r\n\r\n"
                    "5\r\nhello\r\n0\r\n\r\n"),
     .answers = "400", .ends = true},
    {CASE(a_coding_before_chunked_is_501), .rfc = "9112 6.1",
     SEND(CODING("gzip, chunked")), .answers = "501", .ends = true},
    {CASE(a_coding_alone_is_refused), .rfc = "9112 6.3", SEND(CODING("gzip")),
     .answers = "400", .ends = true},
    {CASE(a_coding_behind_chunked_is_refused), .rfc = "9112 6.3",
     SEND(CODING("chunked, gzip")), .answers = "400", .ends = true},
    {CASE(identity_is_no_coding), .rfc = "9112 7", SEND(CODING("identity")),
     .answers = "400", .ends = true},
    {CASE(chunked_with_a_parameter_is_refused), .rfc = "9112 7",
     SEND(CODING("chunked;q=1")), .answers = "400", .ends = true},
    {CASE(a_word_that_begins_as_chunked_is_refused), .rfc = "9112 6.3",
     SEND(CODING("chunkedx")), .answers = "400", .ends = true},
    {CASE(a_word_that_ends_as_chunked_is_refused), .rfc = "9112 6.3",
     SEND(CODING("xchunked")), .answers = "400", .ends = true},
    {CASE(chunked_in_quotes_is_refused), .rfc = "9112 6.3",
     SEND(CODING("\"chunked\"")), .answers = "400", .ends = true},
    {CASE(a_coding_between_two_chunked_is_refused), .rfc = "9112 6.1",
     SEND(CODING("chunked, gzip, chunked")), .answers = "400", .ends = true},
    {CASE(two_codings_before_chunked_are_501), .rfc = "9112 6.1",
     SEND(CODING("gzip, br, chunked")), .answers = "501", .ends = true},
    {CASE(chunked_twice_is_refused), .rfc = "9112 6.1",
     SEND(CODING("chunked, chunked")), .answers = "400", .ends = true},
    {CASE(chunked_twice_in_two_fields_is_refused), .rfc = "9112 6.1",
     SEND(CODING("chunked\r\nTransfer-Encoding: chunked")), .answers = "400",
     .ends = true},
    {CASE(two_codings_in_two_fields_are_refused), .rfc = "9112 6.1",
     SEND(CODING("chunked\r\nTransfer-Encoding: identity")), .answers = "400",
     .ends = true},
    {CASE(an_empty_coding_is_refused), .rfc = "9112 6.1", SEND(CODING("")),
     .answers = "400", .ends = true},
    {CASE(an_empty_coding_before_chunked_is_refused), .rfc = "9110 5.6.1",
     SEND(CODING(", chunked")), .answers = "400", .ends = true},
    {CASE(a_vertical_tab_before_chunked_is_refused), .rfc = "9112 6.1",
     SEND(CODING("\x0b"
                 "chunked")),
     .answers = "400", .ends = true},
    {CASE(chunked_on_two_lines_is_refused), .rfc = "9112 5.2",
     SEND(CODING("\r\n chunked")), .answers = "400", .ends = true},
    {CASE(http_1_0_has_no_codings), .rfc = "9112 6.1",
     SEND("POST /echo HTTP/1.0\r\n" HOST
          "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
     .answers = "400", .ends = true},
    {CASE(a_get_may_have_chunks), .rfc = "9112 6.1",
     SEND(GET HOST "Transfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"),
     .answers = "200", .body = "ok"},
    {CASE(te_is_left_alone), .rfc = "9110 10.1.4",
     SEND(GET HOST "TE: trailers, deflate;q=0.5\r\nConnection: TE\r\n\r\n"),
     .answers = "200"},
};

CONFORMANCE_TABLE(conformance_codings, CASES);
