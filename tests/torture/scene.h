#ifndef TORTURE_SCENE_H
#define TORTURE_SCENE_H

/* The server's whole life in this process: it starts, serves what a client
 * asks for, and drains. */

#include <stdbool.h>

typedef struct scene_result_s {
  int exit_status;           /* of app_run() */
  bool served;               /* it got as far as to listen */
  unsigned answered, closed; /* requests with an answer; with an end only */
  /* Without either for as long as RAW_SOCKET_DEADLINE_MS: none may be. */
  unsigned lost;
  bool recovered; /* with no fault any more, a request was answered 200 */
  long fired;     /* faults */
} scene_result_t;

/* From the next scene on the server and its client speak TLS. False: they
 * cannot. */
bool scene_use_tls(void);

/* Faults end when a request waits for long, and before the last ones. stdout is
 * the scene's. */
void scene_run(scene_result_t *ret_result);

#endif
