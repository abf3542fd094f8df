/* What happens to every request of a loop, whatever its route: its context
 * and its line in the log. */
#ifndef ASYNCSCOPE_SERVER_REQUESTS_H
#define ASYNCSCOPE_SERVER_REQUESTS_H

#include "app_loop.h"

void requests_server_options(app_loop_t *loop,
                             http_server_options_t *ret_options);

#endif
