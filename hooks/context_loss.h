/* Detection of lost contexts, from the inside. */
#ifndef ASYNCSCOPE_HOOKS_CONTEXT_LOSS_H
#define ASYNCSCOPE_HOOKS_CONTEXT_LOSS_H

#include "asyncscope/async_context_loss.h"
#include "asyncscope/async_resource.h"
#include "chain.h"
#include "record.h"

#define ASYNCSCOPE__LOSSES_PENDING 64
#define ASYNCSCOPE__LOSSES_TOLD    32
#define ASYNCSCOPE__LOSSES_ENDED   1024

/* Losses whose callback has not come yet lie in a ring: when more wait, the
 * oldest is forgotten. Pairs of sites beyond the last one told are not told.
 * Resources with a store that have ended are kept by the last digits of their
 * ids, as they may still be given as a trigger; of two in one place the later.
 */
typedef struct asyncscope__losses_s {
  async_context_loss_t pending[ASYNCSCOPE__LOSSES_PENDING];
  struct {
    const async_site_t *site, *trigger_site;
  } told[ASYNCSCOPE__LOSSES_TOLD];
  uint32_t next_pending, told_count;
  struct {
    async_id_t async_id;
    asyncscope__known_t known;
  } ended[ASYNCSCOPE__LOSSES_ENDED];
} asyncscope__losses_t;

typedef struct asyncscope__loss_detector_s {
  bool on;
  async_context_loss_cb handler;
  void *data;
  asyncscope__losses_t *losses; /* NULL until a resource is made */
} asyncscope__loss_detector_t;

struct async_env_s;

/* With detection on: after the record of a resource is published, which was
 * made with options of these flags, in `frame`, */
void asyncscope__context_loss_made(struct async_env_s *env, uint32_t index,
                                   unsigned flags,
                                   const async_context_frame_t *frame);
/* and before a scope of it is entered. */
void asyncscope__context_loss_entering(struct async_env_s *env, uint32_t index);
/* before a record is given back. */
void asyncscope__context_loss_ended(struct async_env_s *env,
                                    const asyncscope__record_t *record);
void asyncscope__context_loss_finish(asyncscope__loss_detector_t *detector);

/* What async_context_loss_detect() gave to environments opened later. */
void asyncscope__env_list_set_loss_detection(bool on);
bool asyncscope__env_list_loss_detection(void);

#endif
