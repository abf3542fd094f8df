/* A loss is seen where a resource is made, and told when its first callback
 * begins: what never calls back has lost nothing. In between the record has a
 * mark, and the ring what is to be told, as the trigger may end first. */
#include "context_loss.h"

#include "asyncscope/async_allocator.h"
#include "chain.h"
#include "env.h"
#include "error.h"
#include "frame.h"
#include <stdio.h>
#include <string.h>

static const char LEFT_OUT[] =
    "  left out: accepted connections and what else comes from outside, "
    "servers "
    "and\n  signal handlers, what runs inside of exit(), what is given the "
    "empty frame\n";

void async_context_loss_detect(bool on) {
  asyncscope__env_list_set_loss_detection(on);
  if (asyncscope__env != NULL)
    asyncscope__env->loss_detector.on = on;
}

bool async_context_loss_detects(void) {
  return asyncscope__env_list_loss_detection();
}

int async_context_loss_set_handler(async_context_loss_cb handler, void *data) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__env->loss_detector.handler = handler;
  asyncscope__env->loss_detector.data = data;
  return 0;
}

void asyncscope__context_loss_finish(asyncscope__loss_detector_t *detector) {
  async_free(detector->losses);
  detector->losses = NULL;
}

static const char *type_of(const asyncscope__record_t *record) {
  return asyncscope__type_name(
      asyncscope__type_of(asyncscope__get(&record->site_and_type)));
}

static async_ref_t cause_of(const asyncscope__record_t *record) {
  return (async_ref_t){
      asyncscope__high(asyncscope__get(&record->trigger_thread_and_frame)),
      (async_id_t)asyncscope__get(&record->trigger_async_id)};
}

static const async_site_t *site_of(const asyncscope__record_t *record) {
  return asyncscope__site_of(asyncscope__get(&record->site_and_type));
}

/* Its maker says that it is nobody's. */
static bool is_given_none(unsigned flags, const async_context_frame_t *frame) {
  return (flags & ASYNC_RESOURCE_FRAME) != 0 && frame == NULL;
}

/* What has no context to lose. */
static bool is_root(const asyncscope__record_t *record, unsigned flags,
                    const async_context_frame_t *frame) {
  static const char *const types[] = {"SIGNALWRAP", "TCPSERVERWRAP",
                                      "PIPESERVERWRAP"};
  bool root =
      (flags & (ASYNC_RESOURCE_EXECUTION_NONE | ASYNC_RESOURCE_INTERNAL)) !=
          0 ||
      is_given_none(flags, frame);
  for (size_t i = 0; !root && i < sizeof(types) / sizeof(types[0]); i++)
    root = strcmp(type_of(record), types[i]) == 0;
  return root;
}

static asyncscope__losses_t *losses_of(asyncscope__loss_detector_t *detector) {
  if (detector->losses == NULL)
    detector->losses = async_calloc(1, sizeof(*detector->losses));
  return detector->losses;
}

void asyncscope__context_loss_ended(async_env_t *env,
                                    const asyncscope__record_t *record) {
  asyncscope__losses_t *losses = env->loss_detector.losses;
  uint64_t stores = asyncscope__get(&record->exited_and_storages);
  if (losses == NULL || asyncscope__low(stores) == 0)
    return;
  async_id_t async_id = (async_id_t)asyncscope__get(&record->async_id);
  size_t place = (uint64_t)async_id % ASYNCSCOPE__LOSSES_ENDED;
  losses->ended[place].async_id = async_id;
  losses->ended[place].known =
      (asyncscope__known_t){.type = type_of(record),
                            .site = site_of(record),
                            .trigger = cause_of(record),
                            .created_ns = asyncscope__get(&record->created_ns),
                            .storages = asyncscope__low(stores)};
}

static bool find_ended(const async_env_t *env, async_ref_t ref,
                       asyncscope__known_t *ret_known) {
  const asyncscope__losses_t *losses = env->loss_detector.losses;
  size_t place = (uint64_t)ref.async_id % ASYNCSCOPE__LOSSES_ENDED;
  if (losses == NULL || ref.thread != env->thread ||
      losses->ended[place].async_id != ref.async_id)
    return false;
  *ret_known = losses->ended[place].known;
  return true;
}

/* The slots of those storages that the trigger has a store of and the resource
 * has neither a store nor an exit() of. A storage made after the trigger is
 * another one, even in the same slot. */
static uint32_t lost_slots(const async_env_t *env,
                           const asyncscope__record_t *record,
                           asyncscope__known_t *ret_trigger) {
  uint64_t own = asyncscope__get(&record->exited_and_storages);
  uint32_t missing = ~(asyncscope__high(own) | asyncscope__low(own));
  missing &= asyncscope__keys_since(UINT64_MAX);
  async_ref_t cause = cause_of(record);
  if (missing == 0 || cause.async_id <= ASYNC_ID_ROOT ||
      (!find_ended(env, cause, ret_trigger) &&
       !asyncscope__chain_find(cause, ret_trigger)))
    return 0;
  missing &= ret_trigger->storages;
  return missing == 0
             ? 0
             : missing & asyncscope__keys_since(ret_trigger->created_ns);
}

void asyncscope__context_loss_made(async_env_t *env, uint32_t index,
                                   unsigned flags,
                                   const async_context_frame_t *frame) {
  asyncscope__record_t *record = asyncscope__slab_at(&env->records, index);
  asyncscope__known_t trigger;
  asyncscope__losses_t *losses = losses_of(&env->loss_detector);
  uint32_t lost = losses == NULL || is_root(record, flags, frame)
                      ? 0
                      : lost_slots(env, record, &trigger);
  if (lost == 0)
    return;
  async_context_loss_t *loss =
      &losses->pending[losses->next_pending++ % ASYNCSCOPE__LOSSES_PENDING];
  *loss = (async_context_loss_t){
      .resource = {env->thread, (async_id_t)asyncscope__get(&record->async_id)},
      .type = type_of(record),
      .site = site_of(record),
      .trigger = cause_of(record),
      .trigger_type = trigger.type,
      .trigger_site = trigger.site};
  async_inspect_key_name((uint32_t)__builtin_ctz(lost), loss->storage,
                         sizeof(loss->storage));
  asyncscope__flags_add(record, ASYNCSCOPE__CONTEXT_LOST);
}

/* False when this pair of sites was told before, or no more are. */
static bool is_news(asyncscope__losses_t *losses,
                    const async_context_loss_t *loss) {
  for (uint32_t i = 0; i < losses->told_count; i++)
    if (losses->told[i].site == loss->site &&
        losses->told[i].trigger_site == loss->trigger_site)
      return false;
  if (losses->told_count == ASYNCSCOPE__LOSSES_TOLD)
    return false;
  losses->told[losses->told_count].site = loss->site;
  losses->told[losses->told_count++].trigger_site = loss->trigger_site;
  return true;
}

static void print_site(const char *what, const char *type, async_ref_t ref,
                       const async_site_t *site) {
  fprintf(stderr, "  %s: %s(%u:%lld)", what, type, (unsigned)ref.thread,
          (long long)ref.async_id);
  if (site != NULL)
    fprintf(stderr, " at %s:%u %s", site->file, (unsigned)site->line,
            site->function);
  fputc('\n', stderr);
}

static void print(const async_context_loss_t *loss) {
  flockfile(stderr);
  fprintf(stderr,
          "asyncscope: context lost: a callback of %s has no store of \"%s\"\n",
          loss->type, loss->storage);
  print_site("made without it", loss->type, loss->resource, loss->site);
  print_site("by one that has it", loss->trigger_type, loss->trigger,
             loss->trigger_site);
  asyncscope__chain_print("caused by", loss->resource.async_id);
  fputs("  make the resource where it is asked for, or bind its callback "
        "there\n",
        stderr);
  fputs(LEFT_OUT, stderr);
  if (async_context_loss_unwatched() > 0)
    fprintf(stderr, "  not looked after: %zu storages beyond the first\n",
            async_context_loss_unwatched());
  funlockfile(stderr);
}

static void note(async_env_t *env, const async_context_loss_t *loss) {
  async_finding_t finding = {.code = ASYNC_FINDING_CONTEXT_LOST,
                             .resource = loss->resource,
                             .type = loss->type,
                             .site = loss->site,
                             .other = loss->trigger,
                             .other_type = loss->trigger_type,
                             .other_site = loss->trigger_site};
  asyncscope__finding_report(env, &finding);
}

static void report(asyncscope__loss_detector_t *detector,
                   const async_context_loss_t *loss) {
  if (detector->handler != NULL)
    detector->handler(loss, detector->data);
  else if (is_news(detector->losses, loss))
    print(loss);
}

void asyncscope__context_loss_entering(async_env_t *env, uint32_t index) {
  asyncscope__record_t *record = asyncscope__slab_peek(&env->records, index);
  asyncscope__losses_t *losses = env->loss_detector.losses;
  if (losses == NULL || record == NULL ||
      (asyncscope__flags(record) & ASYNCSCOPE__CONTEXT_LOST) == 0)
    return;
  asyncscope__flags_remove(record, ASYNCSCOPE__CONTEXT_LOST);
  async_id_t async_id = (async_id_t)asyncscope__get(&record->async_id);
  for (uint32_t i = 0; i < ASYNCSCOPE__LOSSES_PENDING; i++)
    if (losses->pending[i].resource.async_id == async_id) {
      async_context_loss_t loss = losses->pending[i];
      note(env, &loss);
      report(&env->loss_detector, &loss);
      return;
    }
}
