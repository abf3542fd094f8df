#!/bin/bash
# scripts/port knows libuv's header however it is written, leaves other
# headers, and renames what tells the size of a handle or request.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)
root=$(cd -- "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/uv.c" <<'END'
#include <uv.h>
#include "uv.h"
 #include <uv.h>
# include "uv.h"
#include  <uv.h>
#include<uv.h>
#	include	<uv.h> /* libuv */
#include <uv/errno.h>
#include "my_uv.h"
static union uv_any_handle handle;
static union uv_any_req req;
static void *make(void) { return malloc(uv_handle_size(UV_TIMER)); }
static void *ask(void) { return malloc(uv_req_size(UV_WRITE)); }
static uv_loop_t *loop;
END

cat >"$work/asyncscope.c" <<'END'
#include <asyncscope/async_uv.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/async_uv.h>
#include <asyncscope/async_uv.h> /* libuv */
#include <uv/errno.h>
#include "my_uv.h"
static union async_uv_any_handle handle;
static union async_uv_any_req req;
static void *make(void) { return malloc(async_uv_handle_size(UV_TIMER)); }
static void *ask(void) { return malloc(async_uv_req_size(UV_WRITE)); }
static uv_loop_t *loop;
END

"$root/scripts/port" "$work/uv.c" | diff "$work/asyncscope.c" - || {
  echo "scripts/port makes something else of them"
  exit 1
}
