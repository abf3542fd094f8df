#include "http_status.h"

#define LINE(status, reason)                                \
  {                                                         \
    status, {                                               \
      "HTTP/1.1 " #status " " reason "\r\n",                \
          sizeof("HTTP/1.1 " #status " " reason "\r\n") - 1 \
    }                                                       \
  }

static const struct {
  int status;
  http_text_t line;
} LINES[] = {
    LINE(200, "OK"),
    LINE(201, "Created"),
    LINE(204, "No Content"),
    LINE(206, "Partial Content"),
    LINE(302, "Found"),
    LINE(304, "Not Modified"),
    LINE(400, "Bad Request"),
    LINE(401, "Unauthorized"),
    LINE(403, "Forbidden"),
    LINE(404, "Not Found"),
    LINE(405, "Method Not Allowed"),
    LINE(408, "Request Timeout"),
    LINE(412, "Precondition Failed"),
    LINE(413, "Content Too Large"),
    LINE(414, "URI Too Long"),
    LINE(416, "Range Not Satisfiable"),
    LINE(417, "Expectation Failed"),
    LINE(431, "Request Header Fields Too Large"),
    LINE(500, "Internal Server Error"),
    LINE(501, "Not Implemented"),
    LINE(502, "Bad Gateway"),
    LINE(503, "Service Unavailable"),
    LINE(505, "HTTP Version Not Supported"),
};

http_text_t http_status_line(int status) {
  for (size_t i = 0; i < sizeof(LINES) / sizeof(LINES[0]); i++)
    if (LINES[i].status == status)
      return LINES[i].line;
  return (http_text_t){"", 0};
}
