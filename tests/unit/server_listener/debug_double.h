#ifndef DEBUG_DOUBLE_H
#define DEBUG_DOUBLE_H

/* Stands for the diagnostics under the listener, whose answers nobody could
 * time: a stream here gives what the test has allowed it to.
 *   /debug           one line
 *   /debug/large     more than fits between it and its reader
 *   /debug/wait      a line for each debug_double_give(), then the end after
 *                    debug_double_end()
 *   /debug/profile   the same, and says that it waits
 *   /debug/events    the same, and has no end
 *   /debug/question  what was asked, a line each
 *   /debug/fields    with a field of its own
 *   /debug/broken    fails after its first line
 *   /debug/memory    cannot be opened
 * and 404 elsewhere. */
#include <stddef.h>

/* cmocka fixtures: those of the listener, with the double. */
int debug_double_setup(void **state);
int debug_double_teardown(void **state);

#define cmocka_unit_test_double(name)                       \
  cmocka_unit_test_setup_teardown(name, debug_double_setup, \
                                  debug_double_teardown)

void debug_double_give(size_t lines);
void debug_double_end(void);

/* How many streams were opened, up to now. */
size_t debug_double_opened(void);

/* Waits until one more was destroyed. */
void debug_double_await_destroyed(void);

/* Waits until the listener has noted once more how the process is doing. */
void debug_double_await_sampled(void);

/* Waits until a stream has said that it has nothing to give. */
void debug_double_await_waiting(void);

#endif
