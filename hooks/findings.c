#include "findings.h"

#include "env.h"
#include "error.h"

static const char *const names[] = {
    [ASYNC_FINDING_SLOW_CALLBACK] = "slow-callback",
    [ASYNC_FINDING_CONTEXT_FOREIGN] = "context-foreign",
    [ASYNC_FINDING_CONTEXT_LOST] = "context-lost",
    [ASYNC_FINDING_SCOPE_UNBALANCED] = "scope-unbalanced",
    [ASYNC_FINDING_DESTROYED_UNRUN] = "destroyed-unrun",
};

const char *async_finding_code_name(async_finding_code_t code) {
  return code >= ASYNC_FINDING_SLOW_CALLBACK &&
                 code <= ASYNC_FINDING_DESTROYED_UNRUN
             ? names[code]
             : "";
}

/* The row of the code and site, or a free one; NULL when there is none. */
static asyncscope__finding_row_t *row_for(asyncscope__findings_t *findings,
                                          const async_finding_t *finding) {
  for (uint32_t i = 0; i < ASYNC_FINDINGS_MAX; i++) {
    asyncscope__finding_row_t *row = &findings->rows[i];
    uint64_t code = asyncscope__get(&row->code);
    if (code == 0 || (code == (uint64_t)finding->code &&
                      asyncscope__get(&row->site) == (uintptr_t)finding->site))
      return row;
  }
  return NULL;
}

static void put_resources(asyncscope__finding_row_t *row,
                          const async_finding_t *finding) {
  asyncscope__put(&row->async_id, (uint64_t)finding->resource.async_id);
  asyncscope__put(&row->type, (uintptr_t)finding->type);
  asyncscope__put(&row->site, (uintptr_t)finding->site);
  asyncscope__put(&row->request, finding->request);
  asyncscope__put(&row->other_async_id, (uint64_t)finding->other.async_id);
  asyncscope__put(&row->other_type, (uintptr_t)finding->other_type);
  asyncscope__put(&row->other_site, (uintptr_t)finding->other_site);
  asyncscope__put(&row->other_request, finding->other_request);
  asyncscope__put(&row->threads_and_internal,
                  asyncscope__pair(finding->other.thread, finding->internal));
}

void asyncscope__finding_report(async_env_t *env,
                                const async_finding_t *finding) {
  asyncscope__finding_row_t *row = row_for(&env->findings, finding);
  if (row == NULL) {
    asyncscope__counter_add(&env->findings.dropped, 1);
    return;
  }
  bool first = asyncscope__get(&row->code) == 0;
  uint64_t value = first ? 0 : asyncscope__get(&row->value);
  asyncscope__slot_begin(&row->slot);
  asyncscope__put(&row->code, (uint64_t)finding->code);
  asyncscope__put(&row->count, first ? 1 : asyncscope__get(&row->count) + 1);
  if (first)
    asyncscope__put(&row->first_ns, env->now_ns);
  asyncscope__put(&row->last_ns, env->now_ns);
  asyncscope__put(&row->value, finding->value > value ? finding->value : value);
  put_resources(row, finding);
  asyncscope__slot_end(&row->slot);
}

void asyncscope__finding_set_scope(async_env_t *env, async_finding_t *finding) {
  const asyncscope__entry_t *top = asyncscope__stack_top(&env->stack);
  if (top == NULL)
    return;
  finding->other = (async_ref_t){env->thread, top->async_id};
  finding->other_type =
      asyncscope__type_name(asyncscope__type_of(top->site_and_type));
  finding->other_site = asyncscope__site_of(top->site_and_type);
}

void asyncscope__finding_unbalanced(async_env_t *env) {
  const asyncscope__entry_t *top = asyncscope__stack_top(&env->stack);
  async_finding_t finding = {
      .code = ASYNC_FINDING_SCOPE_UNBALANCED,
      .resource = {env->thread, top->async_id},
      .type = asyncscope__type_name(asyncscope__type_of(top->site_and_type)),
      .site = asyncscope__site_of(top->site_and_type),
      .request = top->request,
      .internal = asyncscope__whose(top->marks)};
  asyncscope__finding_report(env, &finding);
}

int async_env_set_slow_callback_ns(uint64_t slow_ns) {
  if (asyncscope__env == NULL)
    return asyncscope__fail(UV_EINVAL, "this thread has no environment");
  asyncscope__counter_set(&asyncscope__env->findings.slow_ns,
                          slow_ns == 0 ? UINT64_MAX : slow_ns);
  return 0;
}

void async_slow_callback_set_ns(uint64_t slow_ns) {
  asyncscope__env_list_set_slow(slow_ns == 0 ? UINT64_MAX : slow_ns);
}

static const char *name_at(const _Atomic uint64_t *word) {
  const char *name = (const char *)(uintptr_t)asyncscope__get(word);
  return name == NULL ? "" : name;
}

static const async_site_t *site_at(const _Atomic uint64_t *word) {
  return (const async_site_t *)(uintptr_t)asyncscope__get(word);
}

static void copy(const async_env_t *env, const asyncscope__finding_row_t *row,
                 async_finding_t *ret_finding) {
  uint64_t threads = asyncscope__get(&row->threads_and_internal);
  *ret_finding = (async_finding_t){
      .code = (async_finding_code_t)asyncscope__get(&row->code),
      .count = asyncscope__get(&row->count),
      .first_ns = asyncscope__get(&row->first_ns),
      .last_ns = asyncscope__get(&row->last_ns),
      .resource = {env->thread, (async_id_t)asyncscope__get(&row->async_id)},
      .type = name_at(&row->type),
      .site = site_at(&row->site),
      .request = asyncscope__get(&row->request),
      .other = {asyncscope__high(threads),
                (async_id_t)asyncscope__get(&row->other_async_id)},
      .other_type = name_at(&row->other_type),
      .other_site = site_at(&row->other_site),
      .other_request = asyncscope__get(&row->other_request),
      .value = asyncscope__get(&row->value),
      .internal = asyncscope__low(threads) != 0};
}

size_t async_inspect_findings(async_env_t *env, uint32_t *cursor,
                              async_finding_t *ret_findings, size_t max) {
  size_t count = 0;
  for (; count < max && *cursor < ASYNC_FINDINGS_MAX; ++*cursor) {
    const asyncscope__finding_row_t *row = &env->findings.rows[*cursor];
    asyncscope__reading_t reading = {0};
    while (asyncscope__reading(&reading, &row->slot))
      copy(env, row, &ret_findings[count]);
    count += ret_findings[count].code != 0;
  }
  return count;
}

uint64_t async_inspect_findings_dropped(async_env_t *env) {
  return asyncscope__counter_read(&env->findings.dropped);
}
