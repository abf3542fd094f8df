/* Hooks that count leaks: what was made and not destroyed, by the place that
 * made it. A cache keeps a timer for each entry, and forgets to close it when
 * an entry is replaced.
 *
 * init is told of the resource while it is made, destroy only of its id: so the
 * hook remembers the site of each id that lives. A destroy comes later than the
 * end of its resource, from the loop. */
#include <asyncscope/async_env.h>
#include <asyncscope/async_hooks.h>
#include <asyncscope/async_uv.h>
#include <stdio.h>
#include <stdlib.h>

#define LIVE_MAX  64
#define SITES_MAX 16

typedef struct leaks_s {
  struct {
    async_id_t async_id; /* 0: free */
    size_t site;
  } live[LIVE_MAX];
  struct {
    const async_site_t *site;
    const char *type;
    unsigned made, destroyed;
  } sites[SITES_MAX];
  size_t site_count;
} leaks_t;

static uv_loop_t loop;
static leaks_t leaks;

/* SITES_MAX when there is no room: what was made there is not counted. */
static size_t find_site(leaks_t *found, const async_site_t *site,
                        const char *type) {
  size_t i = 0;
  while (i < found->site_count && found->sites[i].site != site)
    i++;
  if (i == found->site_count && i < SITES_MAX) {
    found->sites[i].site = site;
    found->sites[i].type = type;
    found->site_count++;
  }
  return i;
}

static void remember(leaks_t *found, async_id_t async_id, size_t site) {
  for (size_t i = 0; i < LIVE_MAX; i++) {
    if (found->live[i].async_id == 0) {
      found->live[i].async_id = async_id;
      found->live[i].site = site;
      found->sites[site].made++;
      return;
    }
  }
}

static void on_init(async_id_t async_id, const char *type, async_id_t trigger,
                    async_resource_t *resource, void *data) {
  size_t site = find_site(data, async_resource_site(resource), type);
  (void)trigger;
  if (site < SITES_MAX)
    remember(data, async_id, site);
}

static void on_destroy(async_id_t async_id, void *data) {
  leaks_t *found = data;
  for (size_t i = 0; i < LIVE_MAX; i++) {
    if (found->live[i].async_id == async_id) {
      found->live[i].async_id = 0;
      found->sites[found->live[i].site].destroyed++;
    }
  }
}

static void print(const leaks_t *found) {
  for (size_t i = 0; i < found->site_count; i++) {
    unsigned left = found->sites[i].made - found->sites[i].destroyed;
    printf("%u of %u left: %s made in %s\n", left, found->sites[i].made,
           found->sites[i].type, found->sites[i].site->function);
  }
}

static async_uv_timer_t *cache[2];

static void on_expired(async_uv_timer_t *timer) {
  (void)timer;
}

static void on_close(async_uv_handle_t *timer) {
  free(timer);
}

static void cache_put(size_t key) {
  async_uv_timer_t *expiry = calloc(1, sizeof(*expiry));
  if (expiry == NULL)
    return;
  async_uv_timer_init(&loop, expiry);
  async_uv_timer_start(expiry, on_expired, 3600000, 0);
  async_uv_unref((async_uv_handle_t *)expiry);
  cache[key] = expiry; /* the one that was there is forgotten */
}

static void cache_remove(size_t key) {
  async_uv_close((async_uv_handle_t *)cache[key], on_close);
  cache[key] = NULL;
}

static void on_tick(async_uv_timer_t *timer) {
  async_uv_close((async_uv_handle_t *)timer, NULL);
}

static int work(void) {
  static async_uv_timer_t tick;
  int error = async_uv_timer_init(&loop, &tick);
  for (size_t i = 0; i < 5; i++)
    cache_put(i % 2);
  cache_remove(0);
  cache_remove(1);
  return error != 0 ? error : async_uv_timer_start(&tick, on_tick, 1, 0);
}

static void free_one(async_uv_handle_t *handle, void *arg) {
  (void)arg;
  async_uv_close(handle, on_close);
}

int main(void) {
  static const async_hook_callbacks_t callbacks = {.init = on_init,
                                                   .destroy = on_destroy};
  async_hook_t hook;
  int error = uv_loop_init(&loop);
  if (error == 0)
    error = async_env_attach(&loop);
  async_hook_init(&hook, &callbacks, &leaks);
  if (error == 0)
    error = async_hook_enable(&hook);
  if (error == 0)
    error = work();
  uv_run(&loop, UV_RUN_DEFAULT);
  async_hook_disable(&hook);
  print(&leaks);
  async_uv_walk(&loop, free_one, NULL); /* the example itself does not leak */
  uv_run(&loop, UV_RUN_DEFAULT);
  async_env_detach();
  return error != 0 ? 1 : uv_loop_close(&loop);
}
