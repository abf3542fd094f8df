/* What the bare servers answer: as long as the server's own /hello. */
#ifndef BENCH_ANSWER_H
#define BENCH_ANSWER_H

#define BENCH_ANSWER                                                       \
  "HTTP/1.1 200 OK\r\n"                                                    \
  "Date: Sun, 22 Nov 2026 03:03:38 GMT\r\n"                                \
  "Content-Type: text/plain; charset=utf-8\r\n"                            \
  "Content-Length: 6\r\n"                                                  \
  "X-Request-Id: r1000000\r\n"                                             \
  "traceresponse: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" \
  "\r\n"                                                                   \
  "\r\n"                                                                   \
  "hello\n"

#define BENCH_BATCH_MAX 64 /* answers that one write takes */

#endif
