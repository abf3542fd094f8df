#include "scene_tls.h"

#include "certificate.h"
#include "scene.h"
#include "tls_peer.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

tls_files_t scene_files;

static struct {
  char directory[64];
  certificate_t certificate;
  pid_t owner; /* the scenes are this process's children */
} made = {.directory = "/tmp/asyncscope-torture-XXXXXX"};

static void remove_files(void) {
  if (getpid() == made.owner) {
    unlink(made.certificate.cert);
    unlink(made.certificate.key);
    rmdir(made.directory);
  }
}

bool scene_use_tls(void) {
  made.owner = getpid();
  if (mkdtemp(made.directory) == NULL ||
      !certificate_make(CERTIFICATE_EC, made.directory, "server",
                        &made.certificate) ||
      atexit(remove_files) != 0) {
    return false;
  }
  scene_files =
      (tls_files_t){.cert = made.certificate.cert, .key = made.certificate.key};
  return true;
}

long scene_ask_tls(uint16_t port, const char *request, void (*on_wait)(int fd),
                   char *ret_answer, size_t max) {
  const tls_peer_options_t options = {.on_wait = on_wait};
  tls_peer_t peer;
  size_t size = 0;
  ret_answer[0] = '\0';
  if (tls_peer_open(&peer, port, &options) && tls_peer_handshake(&peer) &&
      tls_peer_send(&peer, request)) {
    size = tls_peer_read_all(&peer, ret_answer, max);
  }
  bool waited = peer.words != NULL && strcmp(peer.words, "nothing came") == 0;
  tls_peer_finish(&peer);
  return waited ? -1 : (long)size;
}
