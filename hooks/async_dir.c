/* Made and kept as a file handle is: async_file_handle.c. */
#include "asyncscope/async_dir.h"

#include "asyncscope/async_allocator.h"
#include "error.h"
#include "fs_promise.h"
#include <string.h>

struct async_dir_s {
  asyncscope__held_t held; /* first */
  async_resource_t resource;
  const async_site_t *site;
  uv_loop_t *loop;
  uv_dir_t *dir; /* NULL: not open */
  bool reads;
  uv_dirent_t *entries; /* where libuv puts what it reads */
};

static void close_now(uv_dir_t *dir) {
  uv_fs_t req;
  uv_fs_closedir(NULL, &req, dir, NULL);
  uv_fs_req_cleanup(&req);
}

static void end(asyncscope__held_t *held) {
  async_dir_t *dir = (async_dir_t *)held;
  if (dir->dir != NULL)
    close_now(dir->dir);
  async_resource_finish(&dir->resource);
  async_free(dir->entries);
  async_free(dir);
}

static async_dir_t *dir_new(const async_site_t *site, uv_loop_t *loop) {
  async_dir_t *dir = async_calloc(1, sizeof(*dir));
  if (dir == NULL)
    return NULL;
  dir->held = (asyncscope__held_t){.references = 1, .end = end};
  dir->site = site;
  dir->loop = loop;
  return dir;
}

static void fulfil_opendir(asyncscope__fs_promise_t *operation) {
  async_dir_t *dir = (async_dir_t *)operation->of;
  dir->dir = operation->req.ptr;
  async_resource_init_at(dir->site, &dir->resource, "DIRHANDLE", NULL);
  if (operation->req.path != NULL)
    async_resource_set_name(&dir->resource, operation->req.path,
                            strlen(operation->req.path));
  asyncscope__promise_fulfil(operation->promise, dir, &dir->held);
}

int async_uv_fs_opendir_promise_at(const async_site_t *site, uv_loop_t *loop,
                                   const char *path,
                                   async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  async_dir_t *dir = dir_new(site, loop);
  if (dir == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for a directory");
  int error =
      asyncscope__fs_promise_begin(site, loop, "FSREQPROMISE", &operation);
  if (error != 0) {
    async_dir_release(dir);
    return error;
  }
  operation->of = &dir->held;
  operation->fulfil = fulfil_opendir;
  error =
      uv_fs_opendir(loop, &operation->req.uv, path, asyncscope__on_fs_promise);
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

async_dir_t *async_dir_retain(async_dir_t *dir) {
  if (dir != NULL)
    asyncscope__held_retain(&dir->held);
  return dir;
}

void async_dir_release(async_dir_t *dir) {
  if (dir != NULL)
    asyncscope__held_release(&dir->held);
}

static int check(const async_dir_t *dir) {
  if (dir->dir == NULL)
    return asyncscope__fail(UV_EBADF, "the directory was closed before");
  if (dir->reads)
    return asyncscope__fail(UV_EBUSY, "the directory is being read");
  return 0;
}

static int begin(const async_site_t *site, async_dir_t *dir,
                 asyncscope__fs_promise_t **ret_operation) {
  int error = asyncscope__fs_promise_begin(site, dir->loop, "FSREQPROMISE",
                                           ret_operation);
  if (error == 0)
    (*ret_operation)->of = asyncscope__held_retain(&dir->held);
  return error;
}

/* A copy of what libuv read, in one piece: it frees its own names by way of the
 * open directory, which may be closed before the entries are given up. */
typedef struct entries_s {
  asyncscope__held_t held; /* first */
  async_dir_entries_t result;
  uv_dirent_t entries[]; /* then their names */
} entries_t;

static void end_entries(asyncscope__held_t *held) {
  async_free(held);
}

static size_t names_bytes(const uv_dirent_t *entries, size_t count) {
  size_t bytes = 0;
  for (size_t i = 0; i < count; i++)
    bytes += strlen(entries[i].name) + 1;
  return bytes;
}

static void copy_entries(entries_t *to, const uv_dirent_t *from) {
  char *name = (char *)&to->entries[to->result.count];
  for (size_t i = 0; i < to->result.count; i++) {
    size_t bytes = strlen(from[i].name) + 1;
    memcpy(name, from[i].name, bytes);
    to->entries[i] = (uv_dirent_t){.name = name, .type = from[i].type};
    name += bytes;
  }
  to->result.entries = to->entries;
}

static entries_t *entries_new(const uv_dirent_t *from, size_t count) {
  entries_t *entries =
      async_malloc(sizeof(*entries) + count * sizeof(entries->entries[0]) +
                   names_bytes(from, count));
  if (entries == NULL)
    return NULL;
  entries->held = (asyncscope__held_t){.references = 1, .end = end_entries};
  entries->result.count = count;
  copy_entries(entries, from);
  return entries;
}

/* What libuv read is given up before anybody can read on. */
static void fulfil_read(asyncscope__fs_promise_t *operation) {
  async_dir_t *dir = (async_dir_t *)operation->of;
  entries_t *entries = entries_new(dir->entries, (size_t)operation->req.result);
  async_uv_fs_req_cleanup(&operation->req);
  if (entries == NULL) {
    async_promise_reject(operation->promise, (void *)(intptr_t)UV_ENOMEM);
    return;
  }
  asyncscope__promise_fulfil(operation->promise, &entries->result,
                             &entries->held);
  asyncscope__held_release(&entries->held);
}

static int make_room(async_dir_t *dir, size_t max) {
  if (max == 0 || max > ASYNC_DIR_READ_MAX)
    return asyncscope__fail(UV_EINVAL, "%zu entries cannot be read at once",
                            max);
  uv_dirent_t *entries = async_realloc(dir->entries, max * sizeof(*entries));
  if (entries == NULL)
    return asyncscope__fail(UV_ENOMEM, "no memory for %zu entries", max);
  dir->entries = entries;
  return 0;
}

int async_dir_read_at(const async_site_t *site, async_dir_t *dir, size_t max,
                      async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error = check(dir);
  if (error == 0)
    error = make_room(dir, max);
  if (error == 0)
    error = begin(site, dir, &operation);
  if (error != 0)
    return error;
  operation->fulfil = fulfil_read;
  operation->busy = &dir->reads;
  dir->dir->dirents = dir->entries;
  dir->dir->nentries = max;
  error = uv_fs_readdir(dir->loop, &operation->req.uv, dir->dir,
                        asyncscope__on_fs_promise);
  dir->reads = error == 0;
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}

static void fulfil_close(asyncscope__fs_promise_t *operation) {
  async_dir_t *dir = (async_dir_t *)operation->of;
  async_resource_finish(&dir->resource);
  async_promise_resolve(operation->promise, NULL);
}

int async_dir_close_at(const async_site_t *site, async_dir_t *dir,
                       async_promise_t **ret_promise) {
  asyncscope__fs_promise_t *operation;
  int error = check(dir);
  if (error == 0)
    error = begin(site, dir, &operation);
  if (error != 0)
    return error;
  operation->fulfil = fulfil_close;
  operation->promise->cancel = NULL; /* the directory would stay open */
  error = uv_fs_closedir(dir->loop, &operation->req.uv, dir->dir,
                         asyncscope__on_fs_promise);
  if (error == 0)
    dir->dir = NULL;
  return asyncscope__fs_promise_end(operation, error, ret_promise);
}
