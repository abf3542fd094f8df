/* Where the ceilings are: what is let pass, and what is one byte or one field
 * too much. Line ends count, and what stands before the request does not. */
#include "conformance.h"

#define LIMIT_16K 16384 /* of a target, of a header section, of trailers */
#define EXTRA     4112  /* of the line before a first chunk */

/* "Host: localhost", "X: " and three line ends are 24 bytes of the section. */
#define SECTION_FILLER (LIMIT_16K - 24)
#define SECTION        GET HOST "X: " FILLER "\r\n\r\n"
#define F10                                  \
  "X: y\r\nX: y\r\nX: y\r\nX: y\r\nX: y\r\n" \
  "X: y\r\nX: y\r\nX: y\r\nX: y\r\nX: y\r\n"
#define F90 F10 F10 F10 F10 F10 F10 F10 F10 F10
#define F9                                   \
  "X: y\r\nX: y\r\nX: y\r\nX: y\r\nX: y\r\n" \
  "X: y\r\nX: y\r\nX: y\r\nX: y\r\n"
#define CHUNKED  POST HOST "Transfer-Encoding: chunked\r\n\r\n"
#define TRAILERS CHUNKED "2\r\nok\r\n0\r\n"

static const conformance_case_t CASES[] = {
    {CASE(a_target_of_the_limit_less_one_is_read), .rfc = "9110 15.5.15",
     SEND("GET /" FILLER " HTTP/1.1\r\n" HOST END),
     .filler_bytes = LIMIT_16K - 2, .answers = "404"},
    {CASE(a_target_of_the_limit_is_read), .rfc = "9110 15.5.15",
     SEND("GET /" FILLER " HTTP/1.1\r\n" HOST END),
     .filler_bytes = LIMIT_16K - 1, .answers = "404"},
    {CASE(a_target_of_the_limit_and_one_is_414), .rfc = "9110 15.5.15",
     SEND("GET /" FILLER " HTTP/1.1\r\n" HOST END), .filler_bytes = LIMIT_16K,
     .answers = "414", .ends = true},
    {CASE(a_section_of_the_limit_less_one_is_read), .rfc = "6585 5",
     SEND(SECTION), .filler_bytes = SECTION_FILLER - 1, .answers = "200"},
    {CASE(a_section_of_the_limit_is_read), .rfc = "6585 5", SEND(SECTION),
     .filler_bytes = SECTION_FILLER, .answers = "200"},
    {CASE(a_section_of_the_limit_and_one_is_431), .rfc = "6585 5",
     SEND(SECTION), .filler_bytes = SECTION_FILLER + 1, .answers = "431",
     .ends = true},
    {CASE(a_section_of_the_limit_may_come_behind_a_request), .rfc = "6585 5",
     SEND(GET HOST END SECTION), .filler_bytes = SECTION_FILLER,
     .answers = "200 200"},
    {CASE(a_section_over_the_limit_behind_a_request_is_431), .rfc = "6585 5",
     SEND(GET HOST END SECTION), .filler_bytes = SECTION_FILLER + 1,
     .answers = "200 431", .ends = true},
    {CASE(empty_lines_before_a_request_are_not_of_its_section),
     .rfc = "9112 2.2", SEND("\r\n\r\n\r\n" SECTION),
     .filler_bytes = SECTION_FILLER, .answers = "200"},
    {CASE(a_section_of_the_limit_is_read_without_its_last_lf), .rfc = "6585 5",
     SEND(GET HOST "X: " FILLER "\r\n\r"), THEN("\n"),
     .filler_bytes = SECTION_FILLER, .answers = "200"},
    {CASE(a_section_over_the_limit_is_431_with_its_last_lf), .rfc = "6585 5",
     SEND(GET HOST "X: " FILLER "\r\n\r"), THEN("\n"),
     .filler_bytes = SECTION_FILLER + 1, .answers = "431", .ends = true},
    {CASE(ninety_nine_fields_are_read), .rfc = "6585 5",
     SEND(GET HOST F90 "X: y\r\nX: y\r\nX: y\r\nX: y\r\n"
                       "X: y\r\nX: y\r\nX: y\r\nX: y\r\n" END),
     .answers = "200"},
    {CASE(a_hundred_fields_are_read), .rfc = "6585 5",
     SEND(GET HOST F90 F9 END), .answers = "200"},
    {CASE(a_hundred_and_one_fields_are_431), .rfc = "6585 5",
     SEND(GET HOST F90 F10 END), .answers = "431", .ends = true},
    {CASE(trailers_of_the_limit_less_one_are_read), .rfc = "6585 5",
     SEND(TRAILERS "X: " FILLER "\r\n\r\n"), .filler_bytes = LIMIT_16K - 8,
     .answers = "200", .body = "ok"},
    {CASE(trailers_of_the_limit_are_read), .rfc = "6585 5",
     SEND(TRAILERS "X: " FILLER "\r\n\r\n"), .filler_bytes = LIMIT_16K - 7,
     .answers = "200", .body = "ok"},
    {CASE(trailers_of_the_limit_and_one_are_431), .rfc = "6585 5",
     SEND(TRAILERS "X: " FILLER "\r\n\r\n"), .filler_bytes = LIMIT_16K - 6,
     .answers = "431", .ends = true},
    {CASE(a_hundred_trailers_are_read), .rfc = "6585 5",
     SEND(TRAILERS F90 F10 END), .answers = "200", .body = "ok"},
    {CASE(a_hundred_and_one_trailers_are_431), .rfc = "6585 5",
     SEND(TRAILERS F90 F10 "X: y\r\n" END), .answers = "431", .ends = true},
    {CASE(extensions_of_the_limit_less_one_are_read), .rfc = "9112 7.1.1",
     SEND(CHUNKED "2;" FILLER "\r\nok\r\n0\r\n\r\n"), .filler_bytes = EXTRA - 5,
     .answers = "200", .body = "ok"},
    {CASE(extensions_of_the_limit_are_read), .rfc = "9112 7.1.1",
     SEND(CHUNKED "2;" FILLER "\r\nok\r\n0\r\n\r\n"), .filler_bytes = EXTRA - 4,
     .answers = "200", .body = "ok"},
    {CASE(extensions_of_the_limit_and_one_are_413), .rfc = "9112 7.1.1",
     SEND(CHUNKED "2;" FILLER "\r\nok\r\n0\r\n\r\n"), .filler_bytes = EXTRA - 3,
     .answers = "413", .ends = true},
};

CONFORMANCE_TABLE(conformance_limits, CASES);
