#include "scenario.h"
#include <fcntl.h>
#include <stdio.h>

static async_uv_fs_t request;
static uv_file file;
static char bytes[16];

static void on_close(async_uv_fs_t *req) {
  async_uv_fs_req_cleanup(req);
  trace_where("close");
}

static void on_read(async_uv_fs_t *req) {
  char text[32];
  snprintf(text, sizeof(text), "read %d", (int)req->result);
  async_uv_fs_req_cleanup(req);
  trace_where(text);
  MUST(async_uv_fs_close(scenario_loop(), req, file, on_close));
}

static void on_fstat(async_uv_fs_t *req) {
  uv_buf_t buf = uv_buf_init(bytes, sizeof(bytes));
  char text[32];
  snprintf(text, sizeof(text), "fstat %d", (int)req->statbuf.st_size);
  async_uv_fs_req_cleanup(req);
  trace_where(text);
  MUST(async_uv_fs_read(scenario_loop(), req, file, &buf, 1, 0, on_read));
}

static void on_open(async_uv_fs_t *req) {
  file = (uv_file)req->result;
  async_uv_fs_req_cleanup(req);
  trace_where("open");
  MUST(async_uv_fs_fstat(scenario_loop(), req, file, on_fstat));
}

static void write_file(void) {
  async_uv_fs_t req;
  static char content[] = "content";
  uv_buf_t buf = uv_buf_init(content, 7);
  int fd = async_uv_fs_open(NULL, &req, "file", O_CREAT | O_WRONLY, 0600, NULL);
  MUST(fd);
  async_uv_fs_req_cleanup(&req);
  MUST(async_uv_fs_write(NULL, &req, fd, &buf, 1, 0, NULL));
  async_uv_fs_req_cleanup(&req);
  MUST(async_uv_fs_close(NULL, &req, fd, NULL));
  async_uv_fs_req_cleanup(&req);
}

SCENARIO(fs_read_chain) {
  write_file();
  trace_start();
  MUST(async_uv_fs_open(scenario_loop(), &request, "file", O_RDONLY, 0,
                        on_open));
}
