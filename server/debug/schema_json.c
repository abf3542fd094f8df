/* /debug/schema.json: docs/debug.schema.json, which the build puts here. */
#include "bytes.h"
#include "formats.h"

#include "asyncscope/async_allocator.h"

extern const unsigned char asyncscope__debug_schema[];
extern const size_t asyncscope__debug_schema_bytes;

static int schema_open(debug_call_t *call, void **ret_state) {
  (void)call;
  *ret_state = asyncscope__debug_bytes_begin(asyncscope__debug_schema,
                                             asyncscope__debug_schema_bytes);
  return *ret_state == NULL ? UV_ENOMEM : 0;
}

const debug_format_t asyncscope__debug_schema_json = {
    "json",      "application/schema+json",
    schema_open, asyncscope__debug_bytes_step,
    async_free,  NULL};
