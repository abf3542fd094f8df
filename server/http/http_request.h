/* A request as its handler sees it. It lives from the end of its head until
 * its close callback has returned; who answers later asks to be told. */
#ifndef ASYNCSCOPE_SERVER_HTTP_REQUEST_H
#define ASYNCSCOPE_SERVER_HTTP_REQUEST_H

#include "asyncscope/async_request.h"
#include "asyncscope/async_resource.h"
#include "http_method.h"
#include "http_text.h"
#include <sys/socket.h>

typedef struct http_request_s http_request_t;

http_method_t http_request_method(const http_request_t *request);

/* As sent; path and query are not decoded. A query that is absent is empty.
 * Valid as long as the request. */
http_text_t http_request_target(const http_request_t *request);
http_text_t http_request_path(const http_request_t *request);
http_text_t http_request_query(const http_request_t *request);

/* The host, and port if any, that the request is for: that of its target, or
 * where that has none of its field Host (RFC 9112 3.2.2); empty without both.
 * Valid, and valid as long as the request. */
http_text_t http_request_host(const http_request_t *request);

/* "GET /sum", not NUL-terminated: as it stands in the request, and valid as
 * long as that is; or else put together in `spare`, cut where it does not fit.
 */
http_text_t http_request_name(const http_request_t *request, char *spare,
                              size_t spare_bytes);

/* How many fields have this name, in either case; `ret_value` is the last
 * one's value, without white space at its ends. */
unsigned http_request_field(const http_request_t *request, const char *name,
                            http_text_t *ret_value);

/* Field by field: that before which `skip` others have the name; false where
 * there is none. */
bool http_request_field_at(const http_request_t *request, const char *name,
                           unsigned skip, http_text_t *ret_value);

/* Of a unix socket nothing but its family. Errors: those of
 * uv_tcp_getpeername(). */
int http_request_peer(const http_request_t *request,
                      struct sockaddr_storage *ret_peer);

/* The request's resource, HTTPINCOMINGMESSAGE. Borrowed. */
async_resource_t *http_request_resource(http_request_t *request);

/* The embedder's own, NULL at first. */
void *http_request_context(const http_request_t *request);
void http_request_set_context(http_request_t *request, void *context);

/* It is asyncscope's own, and so is all that is made in its scope: tracked, and
 * not shown unless asked for. Only in on_request_open(), where its resource is
 * still to be made. */
void http_request_set_internal(http_request_t *request);

/* Whose account is charged for the bytes of head, body and answer: for those
 * that there are now, and for the others as they come and go. Until it is set
 * to NULL, which is to be before the account's end. */
void http_request_set_account(http_request_t *request,
                              async_request_t *account);

/* `on_data` gets the body in pieces, borrowed for the call, and `on_end` comes
 * once behind the last one; neither comes when the request is closed before.
 * A peer that waits for it is told to go on. Call it in the handler, before it
 * returns; a body that nobody reads is dropped. It goes on coming while the
 * answer is given, which may begin before its end. `on_data` may be NULL. */
typedef void (*http_body_data_cb)(void *arg, const char *bytes, size_t size);
typedef void (*http_body_end_cb)(void *arg);
void http_request_read_body(http_request_t *request, http_body_data_cb on_data,
                            http_body_end_cb on_end, void *arg);

/* `cb` is called once, in the request's scope: with 0 when the answer was
 * given completely, else with what ended the request (the peer hung up, the
 * deadline passed). Then request and response are gone: stop what is still
 * being done for them. */
typedef void (*http_close_cb)(void *arg, int status);
void http_request_on_close(http_request_t *request, http_close_cb cb,
                           void *arg);

#endif
