/* How fast records may be read that their thread is about to write again.
 *
 * A reader stops nobody, but what it reads has to be fetched back from its
 * core when the owner writes it next: a tenth of a microsecond of the owner's
 * time. Of what has lived for long there is little of that. Where much comes
 * and goes, each record that is young when it is read costs the reader
 * DEBUG_PACE_NS of waiting, and all readers of a process together wait as if
 * they were one: however many read, however often, their part of a writer's
 * time stays the same few percent. Who reads its own thread's waits for
 * nothing. */
#ifndef ASYNCSCOPE_DEBUG_PACE_H
#define ASYNCSCOPE_DEBUG_PACE_H

#include "debug.h"

#include "asyncscope/async_inspect.h"
#include <stdbool.h>
#include <stddef.h>

#define DEBUG_PACE_YOUNG_NS UINT64_C(10000000)
#define DEBUG_PACE_NS       3000
/* So many are read in one go. */
#define DEBUG_PACE_BURST 1024

/* Of one answer. Zeroed it is ready. */
typedef struct debug_pace_s {
  uint64_t young_since_ns; /* as of when it was last its turn */
  uint64_t resume_ns;      /* not before: the next turn */
  uint32_t reader;         /* the thread that has the turn */
  uint32_t read;           /* young ones, in this turn */
} debug_pace_t;

/* False where it is not its turn yet. */
bool asyncscope__debug_pace_begin(debug_pace_t *pace, uint64_t now_ns);

/* Records of `thread` have been read; and one that had ended in the meantime.
 * `pace` may be NULL, here and below: then nothing is waited for. */
void asyncscope__debug_pace_read(debug_pace_t *pace, uint32_t thread,
                                 const async_resource_info_t *infos,
                                 size_t count);
void asyncscope__debug_pace_missed(debug_pace_t *pace, uint32_t thread);

/* Whether enough was read for one turn. */
bool asyncscope__debug_pace_is_spent(const debug_pace_t *pace);

/* Behind a turn that has spent what it may: waits behind all others. */
void asyncscope__debug_pace_end(debug_pace_t *pace, asyncscope_debug_t *debug,
                                uint64_t now_ns);

#endif
