/* Sites whose resources stay while more come.
 *
 *   age   0      W                             2 W
 *         | young | quarter | quarter | quarter | quarter | older
 *
 * What lives for less than a window W says nothing. Of what was made in the
 * window before that, some of every quarter still lives where a site leaks;
 * what was made once and stays is in one quarter at most, and what ends in time
 * is in none. A slow leak is found in a window sixty times as long. Nothing is
 * kept from one answer to the next: a record says itself how old it is. */
#include "warnings.h"

#include "asyncscope/async_allocator.h"

/* A power of two; sites beyond are left out, and counted. */
#define SITES    1024
#define QUARTERS 4
#define SCALES   2
#define LONGER   60

typedef struct growth_site_s {
  debug_party_t oldest; /* type NULL: free */
  uint64_t oldest_ns;
  uint64_t live; /* as old as the shortest window or older */
  uint32_t quarters[SCALES][QUARTERS];
} growth_site_t;

typedef struct growth_s {
  uint64_t window_us[SCALES];
  uint64_t least; /* in a window */
  growth_site_t sites[SITES];
} growth_t;

static int begin(debug_warnings_t *warnings, void **ret_state) {
  const debug_capture_t *capture = warnings->capture;
  uint64_t least = asyncscope__debug_threshold(capture, DEBUG_GROWTH);
  uint64_t window_us = asyncscope__debug_growth_window_us(capture);
  if (least == UINT64_MAX || window_us > UINT64_MAX / LONGER / 2)
    return 0;
  growth_t *growth = async_calloc(1, sizeof(*growth));
  if (growth == NULL)
    return UV_ENOMEM;
  growth->window_us[0] = window_us;
  growth->window_us[1] = window_us * LONGER;
  growth->least = least;
  *ret_state = growth;
  return 0;
}

/* Types are interned, so both are told apart by their addresses. */
static bool is_of(const growth_site_t *site,
                  const async_resource_info_t *info) {
  return site->oldest.site == info->site && site->oldest.type == info->type;
}

/* NULL when there are too many. */
static growth_site_t *find_site(growth_t *growth,
                                const async_resource_info_t *info) {
  uint64_t hash = ((uintptr_t)info->site ^ (uintptr_t)info->type << 20) *
                  UINT64_C(0x9e3779b97f4a7c15);
  for (size_t i = 0; i < SITES; i++) {
    growth_site_t *site = &growth->sites[((hash >> 32) + i) % SITES];
    if (site->oldest.type == NULL || is_of(site, info))
      return site;
  }
  return NULL;
}

static void count(const growth_t *growth, growth_site_t *site, uint64_t us) {
  for (size_t i = 0; i < SCALES; i++) {
    uint64_t window_us = growth->window_us[i];
    if (us >= window_us && us < 2 * window_us)
      site->quarters[i][(us - window_us) * QUARTERS / window_us]++;
  }
}

static void look(debug_warnings_t *warnings, void *state, size_t thread,
                 const async_resource_info_t *info) {
  growth_t *growth = state;
  uint64_t us = asyncscope__debug_elapsed_us(
      info->created_ns, warnings->capture->threads[thread].captured_ns);
  growth_site_t *site = us < growth->window_us[0] || info->destroyed
                            ? NULL
                            : find_site(growth, info);
  if (site == NULL) {
    warnings->dropped += us >= growth->window_us[0] && !info->destroyed;
    return;
  }
  if (site->oldest.type == NULL || info->created_ns < site->oldest_ns) {
    site->oldest = asyncscope__debug_party(info);
    site->oldest_ns = info->created_ns;
  }
  site->live++;
  count(growth, site, us);
}

/* How many of a window live, 0 where a quarter has too few of them. */
static uint64_t grown(const growth_t *growth, const uint32_t *quarters) {
  uint64_t sum = 0;
  for (size_t i = 0; i < QUARTERS; i++) {
    if (quarters[i] == 0 || quarters[i] < growth->least / QUARTERS)
      return 0;
    sum += quarters[i];
  }
  return sum >= growth->least ? sum : 0;
}

static void judge(debug_warnings_t *warnings, const growth_t *growth,
                  const growth_site_t *site) {
  uint64_t worst = 0;
  for (size_t i = 0; i < SCALES && worst == 0; i++)
    worst = grown(growth, site->quarters[i]);
  const debug_sighting_t sighting = {.of = site->oldest,
                                     .count = site->live,
                                     .worst = worst,
                                     .since_ns = site->oldest_ns};
  if (worst > 0)
    asyncscope__debug_warn(warnings, DEBUG_GROWTH, &sighting);
}

static void end(debug_warnings_t *warnings, void *state) {
  const growth_t *growth = state;
  for (size_t i = 0; i < SITES; i++)
    if (growth->sites[i].oldest.type != NULL)
      judge(warnings, growth, &growth->sites[i]);
}

const debug_detector_t asyncscope__debug_detect_growth = {begin, look, end};
