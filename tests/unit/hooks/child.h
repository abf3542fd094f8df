#ifndef CHILD_H
#define CHILD_H

/* A process of its own for what ends the process. */
typedef struct child_s {
  int status; /* waitpid()'s */
  char out[256];
  char err[8192];
} child_t;

/* `fn` must end the process; when it returns, the status is 42. */
child_t run_child(void (*fn)(void));

#endif
