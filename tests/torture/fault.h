#ifndef TORTURE_FAULTS_H
#define TORTURE_FAULTS_H

/* Calls that fail where they are told to, in the whole program: also those of
 * libuv and jansson.
 *
 * Left out is what libuv aborts at by its own design, as nothing can be done
 * about it: its array of watchers cannot grow, its event descriptors cannot be
 * read or written, its own pool has no thread. uv_async_send() is not among
 * these calls, as it has no way to fail but that one. */

#include <stdbool.h>

typedef enum fault_kind_e {
  FAULT_ALLOC,
  FAULT_ACCEPT,
  FAULT_READ,  /* of sockets and files; also recvmsg() and pread() */
  FAULT_WRITE, /* the same, writev(), sendmsg() and send() */
  FAULT_OPEN,
  FAULT_THREAD,
  FAULT_TIMER, /* uv_timer_start() */
  FAULT_KINDS
} fault_kind_t;

const char *fault_name(fault_kind_t kind);

/* All memory of the program is taken here from now on. Call it first. */
int fault_install(void);

/* The nth call from now (1: the next) fails; `lasting`: all behind it too. */
void fault_arm(fault_kind_t kind, long nth, bool lasting);

/* What has begun to fail does not any more. */
void fault_relieve(void);

/* No call fails any more. Answers how many have. */
long fault_disarm(void);

/* Calls of the thread that says so never fail, and do not count. */
void fault_spare_thread(void);

/* Blocks of memory given out and not given back. */
long fault_live_blocks(void);

#endif
