/* Expect: 100-continue. */
#include "conformance.h"

#define EXPECT   "Expect: 100-continue\r\n"
#define LENGTH_5 "Content-Length: 5\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"

static const conformance_case_t CASES[] = {
    {CASE(who_expects_a_100_gets_it), .rfc = "9110 10.1.1",
     SEND(POST HOST EXPECT LENGTH_5 END), .await = CONTINUE, THEN("hello"),
     .answers = "100 200", .body = "hello"},
    {CASE(the_expectation_may_be_in_capitals), .rfc = "9110 10.1.1",
     SEND(POST HOST "EXPECT: 100-CONTINUE\r\n" LENGTH_5 END), .await = CONTINUE,
     THEN("hello"), .answers = "100 200", .body = "hello"},
    {CASE(a_100_comes_before_chunks_too), .rfc = "9110 10.1.1",
     SEND(POST HOST EXPECT "Transfer-Encoding: chunked\r\n\r\n"),
     .await = CONTINUE, THEN("5\r\nhello\r\n0\r\n\r\n"), .answers = "100 200",
     .body = "hello"},
    {CASE(a_request_without_a_body_gets_no_100), .rfc = "9110 10.1.1",
     SEND(POST HOST EXPECT END), .answers = "200"},
    {CASE(a_body_that_came_along_gets_no_100), .rfc = "9110 10.1.1",
     .in_one = true, SEND(POST HOST EXPECT LENGTH_5 END "hello"),
     .answers = "200", .body = "hello"},
    {CASE(the_first_byte_of_a_body_is_enough), .rfc = "9110 10.1.1",
     .in_one = true, SEND(POST HOST EXPECT LENGTH_5 END "h"), THEN("ello"),
     .answers = "200", .body = "hello"},
    {CASE(a_length_of_0_gets_no_100), .rfc = "9110 10.1.1",
     SEND(POST HOST EXPECT "Content-Length: 0\r\n\r\n"), .answers = "200"},
    {CASE(http_1_0_gets_no_100), .rfc = "9110 10.1.1",
     SEND("POST /echo HTTP/1.0\r\n" EXPECT LENGTH_5 END), THEN("hello"),
     .answers = "200", .ends = true, .body = "hello"},
    {CASE(a_body_that_is_too_long_gets_no_100), .rfc = "9110 10.1.1",
     SEND(POST HOST EXPECT "Content-Length: 1048577\r\n\r\n"), .answers = "413",
     .ends = true},
    {CASE(who_does_not_read_the_body_sends_no_100), .rfc = "9110 10.1.1",
     SEND("POST /hello HTTP/1.1\r\n" HOST EXPECT LENGTH_5 END),
     .answers = "405", .ends = true},
    {CASE(another_expectation_is_417), .rfc = "9110 15.5.18",
     SEND(POST HOST "Expect: tea\r\n" LENGTH_5 END), .answers = "417",
     .ends = true},
    {CASE(two_expectations_are_417), .rfc = "9110 15.5.18",
     SEND(POST HOST EXPECT EXPECT LENGTH_5 END), .answers = "417",
     .ends = true},
    {CASE(an_expectation_with_a_parameter_is_417), .rfc = "9110 15.5.18",
     SEND(POST HOST "Expect: 100-continue;x=1\r\n" LENGTH_5 END),
     .answers = "417", .ends = true},
    {CASE(the_request_behind_an_expectation_is_served), .rfc = "9112 9.3.2",
     SEND(POST HOST EXPECT LENGTH_5 END), .await = CONTINUE,
     THEN("hello" GET HOST END), .answers = "100 200 200"},
};

CONFORMANCE_TABLE(conformance_expect, CASES);
