/* In a build without TLS. */
#include "scene.h"
#include "scene_tls.h"

tls_files_t scene_files;

bool scene_use_tls(void) {
  return false;
}

long scene_ask_tls(uint16_t port, const char *request, void (*on_wait)(int fd),
                   char *ret_answer, size_t max) {
  (void)port;
  (void)request;
  (void)on_wait;
  (void)ret_answer;
  (void)max;
  return -1;
}
