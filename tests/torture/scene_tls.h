#ifndef TORTURE_SCENE_TLS_H
#define TORTURE_SCENE_TLS_H

#include "options.h"
#include <stdint.h>

/* What the server is given; without TLS there are none. */
extern tls_files_t scene_files;

/* How many bytes of an answer came, to an end of any kind; negative: there was
 * none for as long as RAW_SOCKET_DEADLINE_MS. `on_wait` is called before each
 * read. */
long scene_ask_tls(uint16_t port, const char *request, void (*on_wait)(int fd),
                   char *ret_answer, size_t max);

#endif
