#ifndef REQUEST_FIXTURE_H
#define REQUEST_FIXTURE_H

/* Requests with a frame of their own, and reading them back. */
#include "asyncscope/async_request.h"
#include "hooks_fixture.h"

/* Begins request `number` and makes it current by a value under a key that
 * lives as long as the process. */
async_request_t *request_begin(uint64_t number);
/* A frame that shows `request`; owned by the caller. */
async_context_frame_t *request_frame(async_request_t *request);
/* Makes `frame` (taken over) current; the one before goes. */
void frame_use(async_context_frame_t *frame);

/* The account of `number` among those of thread `thread` that are one of
 * `which`; false when there is none. */
bool request_find(uint32_t thread, unsigned which, uint64_t number,
                  async_request_info_t *ret_info);
/* How many of the calling thread's are one of `which`. */
size_t request_count(unsigned which);
/* How many of `type` it has made. */
uint64_t request_made(const async_request_info_t *info, const char *type);

/* Keeps the processor busy for `ns` of the clock. */
void spin(uint64_t ns);

#endif
