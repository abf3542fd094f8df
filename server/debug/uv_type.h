/* What libuv calls a resource. */
#ifndef ASYNCSCOPE_DEBUG_UV_TYPE_H
#define ASYNCSCOPE_DEBUG_UV_TYPE_H

/* In the words of uv_handle_type_name() and uv_req_type_name(); static. NULL
 * for what is none of libuv's. */
const char *asyncscope__debug_uv_type(const char *type);

#endif
