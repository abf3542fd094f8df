/* node:worker_threads MessageChannel and MessagePort: messages between two
 * threads, each with a loop of its own, or within one.
 *
 *     thread A                                           thread B
 *     port_post_message --> [ queue of B's end ] --> on_message's callback
 *     on_message's callback <-- [ queue of A's end ] <-- port_post_message
 *
 * A channel has two ends. An end can be handed to any thread, as a pointer;
 * there it becomes a port. Messages are pointers and are not copied. Whose a
 * message is:
 *   - the poster's, until posting it answered 0;
 *   - then the channel's;
 *   - the receiver's, from the callback that gets it on: to keep, to post on,
 *     or to give up by async_message_release();
 *   - where nobody receives it, because the receiving end is closed first, the
 *     channel gives it up in the same way.
 * So its release runs at most once, and exactly once where the receiver gives
 * up what it gets.
 *
 * Unless a function says otherwise:
 *   Thread: the port's.
 *   In hooks: yes.
 *   Errors: UV_EINVAL on another thread, UV_ENOMEM; then what was passed is
 *     still the caller's. What answers nothing does nothing on another thread,
 *     and receiving finds nothing there.
 *   Memory: a port is ours, until its close callback has returned; whose a
 *     message is stands above.
 *   Node: where one is named. */
#ifndef ASYNCSCOPE_ASYNC_MESSAGE_PORT_H
#define ASYNCSCOPE_ASYNC_MESSAGE_PORT_H

#include "asyncscope/async_resource.h"
#include "asyncscope/async_types.h"
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is sent. */
typedef struct async_message_s async_message_t;
/* One end of a channel that no thread has made a port of yet. */
typedef struct async_message_end_s async_message_end_t;
/* One end of a channel, on the loop of the thread that made it a port. */
typedef struct async_message_port_s async_message_port_t;

/* Gives the memory of a message up. Runs on the receiver's thread or, for a
 * message that is never received, on the one that closes the receiving end;
 * outside of the library's locks. It must not post on that channel. */
typedef void (*async_message_release_cb)(async_message_t *message);

/* A message in the caller's memory, which stays in place until it is released.
 * Embed it, or let `data` point at what it carries. */
struct async_message_s {
  void *data;        /* public */
  size_t size_bytes; /* public: of `data`, where that means something */
  /* private */
  async_message_release_cb release;
  async_message_t *next;
};

/* Fills a message. `release` may be NULL: then giving it up does nothing. What
 * was posted is not to be filled or posted again before it is received.
 * Thread: any. */
ASYNC_EXTERN void async_message_init(async_message_t *message, void *data,
                                     size_t size_bytes,
                                     async_message_release_cb release);

/* A message with a copy of `size_bytes` bytes, aligned for any type, in memory
 * of ours that its release frees. `bytes` may be NULL: then they are zero.
 * Errors: UV_ENOMEM.
 * Thread: any.
 * Node: what postMessage() makes of its argument. */
ASYNC_EXTERN int async_message_create(const void *bytes, size_t size_bytes,
                                      async_message_t **ret_message);

/* Gives up a message that is the caller's; NULL is left alone. Thread: any. */
ASYNC_EXTERN void async_message_release(async_message_t *message);

/* Messages that may wait in each direction where nothing is said, and at most.
 */
#define ASYNC_MESSAGE_QUEUE_DEFAULT 1024
#define ASYNC_MESSAGE_QUEUE_MAX     (1 << 20)

/* Makes a channel. Each of its two queues holds up to `queue_max` messages; 0
 * is ASYNC_MESSAGE_QUEUE_DEFAULT. Both ends are the caller's, each to be given
 * to async_message_port_create() or async_message_end_destroy(), once.
 * Errors: UV_EINVAL (above ASYNC_MESSAGE_QUEUE_MAX), UV_ENOMEM.
 * Thread: any.
 * Node: new MessageChannel(), in two steps. */
ASYNC_EXTERN int async_message_channel_create(size_t queue_max,
                                              async_message_end_t *ret_ends[2]);

/* Closes an end that is no port: what waits there is released, and the port at
 * the other end closes when it has got what was posted to it. NULL is left
 * alone. Thread: any. */
ASYNC_EXTERN void async_message_end_destroy(async_message_end_t *end);

/* Makes a port of `end` on the calling thread's loop and takes the end over.
 * Init (MESSAGEPORT) here; its callbacks run in its scope, so in the context of
 * this call, whatever the poster's. The port keeps no loop alive, not for room
 * nor for its end either, and receives nothing until
 * async_message_port_on_message(); what comes waits. Its memory is ours, and
 * gone when its close callback has returned: also where it is the other end
 * that was closed. async_env_detach() closes it.
 * Errors, the end is still the caller's: UV_EINVAL (no loop on this thread),
 * UV_ECANCELED (the thread is ending), UV_ENOMEM, UV_EMFILE.
 * Thread: one with an attached loop, and all functions of the port are that
 * thread's.
 * Node: new MessageChannel(), or the port that comes out of a transferList. */
#define async_message_port_create(...) \
  async_message_port_create_at(ASYNC_SITE(), __VA_ARGS__)
ASYNC_EXTERN int async_message_port_create_at(const async_site_t *site,
                                              async_message_end_t *end,
                                              async_message_port_t **ret_port);

/* A message came; it is the receiver's to release. */
typedef void (*async_message_cb)(async_message_port_t *port,
                                 async_message_t *message);

/* Something happened to the port. */
typedef void (*async_message_port_cb)(async_message_port_t *port);

/* From now on cb gets the messages, in the order in which they were posted,
 * each in a scope of its own, with ticks and microtasks after it; the port
 * keeps the loop alive. A cb that fails (async_fail()) is uncaught in a tick of
 * its own. NULL: they wait again, and it does not.
 * Node: port.on('message'), port.off('message'). */
ASYNC_EXTERN void async_message_port_on_message(async_message_port_t *port,
                                                async_message_cb cb);

/* cb runs once after a post was refused with UV_EAGAIN, when the queue is half
 * empty again. Node has no bound, and so nothing like it. */
ASYNC_EXTERN void async_message_port_on_drain(async_message_port_t *port,
                                              async_message_port_cb cb);

/* cb runs when the port is closed, by whichever end. It is the last callback.
 * Node: port.on('close'). */
ASYNC_EXTERN void async_message_port_on_close(async_message_port_t *port,
                                              async_message_port_cb cb);

/* Queues the message for the other end and returns at once.
 * Errors, the message is still the caller's: UV_EAGAIN (the queue is full: see
 * on_drain), UV_EPIPE (the other end, or this port, is closed), UV_EINVAL
 * (another thread's port).
 * Node: port.postMessage(), which drops what nobody can get. */
ASYNC_EXTERN int async_message_port_post_message(async_message_port_t *port,
                                                 async_message_t *message);

/* Takes the oldest waiting message, whether on_message was called or not; NULL
 * when there is none. It is the caller's.
 * Node: receiveMessageOnPort(). */
ASYNC_EXTERN async_message_t *async_message_port_receive_message(
    async_message_port_t *port);

/* Closes both ends: what waits here is released now and nothing is delivered
 * any more; when this port has closed, the one at the other end gets what waits
 * there and closes, where a loop still turns for it. Closing twice does
 * nothing. Node: port.close(), after which some of what waited may still be
 * delivered.
 */
ASYNC_EXTERN void async_message_port_close(async_message_port_t *port);

/* Makes an end of the port again, for another thread, with what waits there;
 * the other end notices nothing. The port itself closes.
 * Errors: UV_EINVAL when it is closing or another thread's.
 * Node: a port in the transferList of postMessage(). */
ASYNC_EXTERN int async_message_port_transfer(async_message_port_t *port,
                                             async_message_end_t **ret_end);

/* Whether the port keeps its loop alive; false in its close callback.
 * Node: ref(), unref(), hasRef(). */
ASYNC_EXTERN void async_message_port_ref(async_message_port_t *port);
ASYNC_EXTERN void async_message_port_unref(async_message_port_t *port);
ASYNC_EXTERN bool async_message_port_has_ref(const async_message_port_t *port);

/* A pointer of the program's, NULL at first, never touched. */
ASYNC_EXTERN void async_message_port_set_data(async_message_port_t *port,
                                              void *data);
ASYNC_EXTERN void *async_message_port_get_data(
    const async_message_port_t *port);

/* The MESSAGEPORT, until the close callback has returned. Borrowed. */
ASYNC_EXTERN async_resource_t *async_message_port_resource(
    async_message_port_t *port);

#ifdef __cplusplus
}
#endif
#endif
