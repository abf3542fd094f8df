#include "profile.h"

#include "asyncscope/async_allocator.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whatever is asked for, a path is what a profile goes by, and all of it. */
static void set_query(debug_profile_t *profile, const debug_query_t *query) {
  profile->query = *query;
  profile->query.given |= DEBUG_TAKES(DEBUG_PARAM_GROUP_BY);
  profile->query.group_by = DEBUG_GROUP_PATH;
  profile->query.limit = DEBUG_GROUPS_MAX;
}

int asyncscope__debug_profile_init(debug_profile_t *profile,
                                   const debug_call_t *call) {
  memset(profile, 0, sizeof(*profile));
  set_query(profile, call->query);
  profile->call = *call;
  profile->call.query = &profile->query;
  call->answer->waits =
      asyncscope__debug_given(call->query, DEBUG_PARAM_SECONDS) &&
      call->query->seconds > 0;
  if (call->answer->waits)
    profile->until_ns =
        async_inspect_now_ns() + call->query->seconds * UINT64_C(1000000000);
  return asyncscope__debug_grouping_init(
      profile->until_ns == 0 ? &profile->grouping : &profile->before,
      &profile->call);
}

/* The same path has another number in the other grouping: a cause stands
 * before what it causes, so that its new number is known in time. */
static int subtract_before(debug_profile_t *profile) {
  const debug_groups_t *before = &profile->before.groups;
  uint32_t *number = async_calloc(before->count + 1, sizeof(*number));
  int error = number == NULL ? UV_ENOMEM : 0;
  for (size_t i = 0; i < before->count && error == 0; i++) {
    debug_group_key_t key = before->items[i].key;
    if (key.parent != DEBUG_GROUP_LOST)
      key.parent = number[key.parent];
    error = asyncscope__debug_groups_find(&profile->grouping.groups, &key,
                                          &number[i]);
    if (error != 0 || number[i] == DEBUG_GROUP_LOST)
      continue;
    profile->counts[number[i]] -= (int64_t)before->items[i].count;
    profile->ages_us[number[i]] -= (int64_t)before->items[i].age_us;
  }
  async_free(number);
  return error;
}

/* Room for the groups of both. */
static int count(debug_profile_t *profile) {
  const debug_groups_t *groups = &profile->grouping.groups;
  size_t most = groups->count + profile->before.groups.count + 1;
  profile->counts = async_calloc(most, sizeof(*profile->counts));
  profile->ages_us = async_calloc(most, sizeof(*profile->ages_us));
  if (profile->counts == NULL || profile->ages_us == NULL)
    return UV_ENOMEM;
  for (size_t i = 0; i < groups->count; i++) {
    profile->counts[i] = (int64_t)groups->items[i].count;
    profile->ages_us[i] = (int64_t)groups->items[i].age_us;
  }
  return profile->until_ns == 0 ? 0 : subtract_before(profile);
}

/* A group to be sorted by what its frame is. */
typedef struct placed_s {
  debug_frame_t frame;
  uint32_t group;
} placed_t;

static int compare_placed(const void *left, const void *right) {
  const placed_t *a = left, *b = right;
  uintptr_t a_type = (uintptr_t)a->frame.type;
  uintptr_t b_type = (uintptr_t)b->frame.type;
  uintptr_t a_site = (uintptr_t)a->frame.site;
  uintptr_t b_site = (uintptr_t)b->frame.site;
  if (a_type != b_type)
    return a_type < b_type ? -1 : 1;
  return (a_site > b_site) - (a_site < b_site);
}

static void number_frames(debug_profile_t *profile, const placed_t *placed,
                          size_t placed_count) {
  for (size_t i = 0; i < placed_count; i++) {
    if (i == 0 || compare_placed(&placed[i - 1], &placed[i]) != 0)
      profile->frames[profile->frame_count++] = placed[i].frame;
    profile->frame_of[placed[i].group] = (uint32_t)profile->frame_count - 1;
  }
}

static int find_frames(debug_profile_t *profile) {
  const debug_groups_t *groups = &profile->grouping.groups;
  placed_t *placed = async_calloc(groups->count + 1, sizeof(*placed));
  profile->frame_of =
      async_calloc(groups->count + 1, sizeof(*profile->frame_of));
  profile->frames = async_calloc(groups->count + 1, sizeof(*profile->frames));
  int error =
      placed == NULL || profile->frame_of == NULL || profile->frames == NULL
          ? UV_ENOMEM
          : 0;
  for (size_t i = 0; i < groups->count && error == 0; i++)
    placed[i] = (placed_t){
        {groups->items[i].key.type, groups->items[i].key.site}, (uint32_t)i};
  if (error == 0) {
    qsort(placed, groups->count, sizeof(*placed), compare_placed);
    number_frames(profile, placed, groups->count);
  }
  async_free(placed);
  return error;
}

/* The first of the two is there, and its time is not over. */
static int wait(debug_profile_t *profile) {
  int error = profile->before_built
                  ? 0
                  : asyncscope__debug_grouping_build(&profile->before);
  if (error != 0)
    return error;
  profile->before_built = true;
  if (async_inspect_now_ns() < profile->until_ns)
    return UV_EAGAIN;
  error = asyncscope__debug_grouping_init(&profile->grouping, &profile->call);
  profile->waited = error == 0;
  return error;
}

int asyncscope__debug_profile_build(debug_profile_t *profile) {
  int error = 0;
  if (profile->until_ns != 0 && !profile->waited)
    error = wait(profile);
  if (error == 0)
    error = asyncscope__debug_grouping_build(&profile->grouping);
  if (error == 0)
    error = count(profile);
  return error == 0 ? find_frames(profile) : error;
}

/* While there is work to do it lets others have their turn. */
uint64_t asyncscope__debug_profile_wait_ms(const debug_profile_t *profile) {
  uint64_t now_ns = async_inspect_now_ns();
  bool waits = profile->until_ns > now_ns && profile->before_built;
  return waits ? (profile->until_ns - now_ns) / 1000000 + 1 : 0;
}

size_t asyncscope__debug_profile_stack(
    const debug_profile_t *profile, size_t group,
    uint32_t ret_frames[DEBUG_PROFILE_DEPTH]) {
  const debug_group_t *items = profile->grouping.groups.items;
  size_t depth = 0;
  uint32_t at = (uint32_t)group;
  while (at != DEBUG_GROUP_LOST && depth < DEBUG_PROFILE_DEPTH) {
    ret_frames[depth++] = profile->frame_of[at];
    at = items[at].key.parent;
  }
  return depth;
}

bool asyncscope__debug_profile_next(const debug_profile_t *profile,
                                    size_t *group) {
  while (*group < profile->grouping.groups.count &&
         profile->counts[*group] == 0)
    ++*group;
  return *group < profile->grouping.groups.count;
}

/* A semicolon separates frames, a line end stacks. */
static void clean(char *name) {
  for (; *name != '\0'; name++)
    if (*name == ';' || iscntrl((unsigned char)*name) ||
        (unsigned char)*name > '~')
      *name = '_';
}

void asyncscope__debug_frame_name(const debug_frame_t *frame,
                                  char ret_name[DEBUG_FRAME_BYTES]) {
  const char *type = frame->type == NULL ? "gone" : frame->type;
  const char *file = frame->site == NULL ? "" : frame->site->file;
  const char *slash = strrchr(file, '/');
  if (frame->site == NULL)
    snprintf(ret_name, DEBUG_FRAME_BYTES, "%.64s", type);
  else
    snprintf(ret_name, DEBUG_FRAME_BYTES, "%.64s %.64s:%u", type,
             slash == NULL ? file : slash + 1, (unsigned)frame->site->line);
  clean(ret_name);
}

void asyncscope__debug_profile_finish(debug_profile_t *profile) {
  asyncscope__debug_grouping_finish(&profile->before);
  asyncscope__debug_grouping_finish(&profile->grouping);
  async_free(profile->counts);
  async_free(profile->ages_us);
  async_free(profile->frame_of);
  async_free(profile->frames);
  profile->counts = profile->ages_us = NULL;
  profile->frame_of = NULL;
  profile->frames = NULL;
}
