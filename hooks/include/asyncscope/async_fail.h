/* Failing: what an exception is to Node, for a language that has none.
 *
 * A callback that cannot go on calls async_fail() and returns. The failure
 * then travels outwards as an exception would: scopes entered by the program
 * close (after fires) and it is the business of whoever called them, who may
 * take it with async_catch(); at the outermost callback of a loop or queue the
 * uncaught exception handler gets it, in that callback's scope and context,
 * and then after fires. Without a handler the program ends. A failure left at
 * top level, or made there, is uncaught as soon as the loop turns, or else when
 * the environment is detached or flushed, or the thread that failed exits the
 * program; the handler then runs with the root's ids and the frame of the top
 * level.
 *
 * A hook callback must not fail: there async_fail() ends the program.
 *
 * On the thread of a Worker (async_worker.h) all that is said here to end the
 * program ends that worker, once its running callback has returned; so there
 * async_fail() returns, unless it is to abort. Its creator gets the failure.
 *
 * Unless a function says otherwise:
 *   Thread: any.
 *   In hooks: yes.
 *   Errors: UV_EINVAL without an environment.
 *   Memory: messages are copied.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_FAIL_H
#define ASYNCSCOPE_ASYNC_FAIL_H

#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ASYNC_FAILURE_BYTES 256 /* of the message, with the final NUL */

/* Marks the running callback as failed; the message is copied and cut. A
 * failure on its way is replaced, as by a throw in a finally block.
 *
 * Inside a hook it does not return: message, stack trace and the chain of
 * causes of the running resource go to stderr, exit handlers run, exit code 1;
 * or, with abort on uncaught exception, abort() and a core. The same on a
 * thread without an environment.
 * Node: throw. */
__attribute__((format(printf, 1, 2))) ASYNC_EXTERN void async_fail(
    const char *format, ...);

/* The message of the failure on its way, NULL when there is none. Borrowed,
 * until the failure is taken or replaced. */
ASYNC_EXTERN const char *async_failure(void);

/* Takes the failure on its way: true, and its message in `ret_message` (NULL:
 * not wanted). Node: catch. */
ASYNC_EXTERN bool async_catch(char ret_message[ASYNC_FAILURE_BYTES]);

/* Takes the failure on its way and lets it begin again in the next tick, where
 * it is uncaught; true when there was one. Without memory for the tick it stays
 * on its way. For who calls several callbacks, one of which has failed.
 * Node: process.nextTick(() => { throw error; }). */
ASYNC_EXTERN bool async_failure_defer(void);

/* The same, in a tick that does not fail itself: it goes to the uncaught
 * exception handler there, and the ticks behind do not wait.
 * Node: what a channel does with a subscriber that throws. */
ASYNC_EXTERN bool async_failure_defer_uncaught(void);

/* Takes the failure on its way to the uncaught exception handler, in the scope
 * that is current; false when there is none. For who calls a program's callback
 * in a scope of its own, before it leaves that scope: what comes behind it in
 * the same callback of the loop has nothing to do with the failure. Without a
 * handler the program ends, as by any failure.
 * In hooks: there is none to take.
 * Node: what an exception does that leaves JavaScript. */
ASYNC_EXTERN bool async_failure_uncaught(void);

/* Gets each failure that reached the outermost callback of this thread, with
 * that callback's ids, resource and frame current; or that was left at top
 * level. The failure is over when
 * it returns; a failure inside of it ends the program. */
typedef void (*async_uncaught_exception_cb)(const char *message, void *data);

/* NULL removes it. Errors: UV_EINVAL without an environment.
 * Thread: the environment's. Node: process.on('uncaughtException'). */
ASYNC_EXTERN int async_set_uncaught_exception_handler(
    async_uncaught_exception_cb handler, void *data);

/* From now on a fatal failure on this thread aborts, a Worker's too, and so
 * does a corrupted stack of scopes. Errors as above.
 * Node: --abort-on-uncaught-exception. */
ASYNC_EXTERN int async_set_abort_on_uncaught_exception(bool abort);

/* Formats to standard error, or to `fd`, in one write(2) and nothing else: no
 * resource is made, nothing is buffered and errno stays, so hooks may call it.
 * Cut at 1,023 bytes.
 * Node: fs.writeFileSync() in the documents' debug(). */
__attribute__((format(printf, 1, 2))) ASYNC_EXTERN void async_debug_print(
    const char *format, ...);
__attribute__((format(printf, 2, 3))) ASYNC_EXTERN void async_debug_print_to(
    int fd, const char *format, ...);

#ifdef __cplusplus
}
#endif
#endif
