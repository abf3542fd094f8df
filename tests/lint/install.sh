# What `cmake --install` lays down is enough for another
# CMake project, and for a compiler that is given the pkg-config files' words.
. "$(dirname -- "$0")/lib.sh"

for component in runtime debug development; do
  cmake --install "$BUILD_DIR" --component $component \
    --prefix "$work/prefix" >/dev/null
done
example=$root/examples/debug_any_program

mkdir "$work/user"
cat >"$work/user/CMakeLists.txt" <<'USER'
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(asyncscope 0.1 REQUIRED
  COMPONENTS hooks als worker_pool debug)
function(add name source kind)
  add_executable(${name} ${source})
  target_compile_definitions(${name} PRIVATE _GNU_SOURCE)
  target_link_libraries(${name} asyncscope::${kind})
endfunction()
foreach(kind asyncscope shared)
  add(${kind}_user main.c ${kind})
endforeach()
foreach(kind debug debug_shared)
  add(${kind}_user names.c ${kind})
  add(${kind}_example ${EXAMPLE}.c ${kind})
endforeach()
USER
cat >"$work/user/main.c" <<'USER'
#include "asyncscope/async_hooks.h"
#include "asyncscope/async_version.h"
#include <string.h>
int main(void) {
  return (int)async_hooks_execution_async_id() +
         (strlen(ASYNCSCOPE_VERSION_STRING) == 0);
}
USER
# A program has a right to names like those inside the library, which must not
# call them.
cat >"$work/user/names.c" <<'USER'
#include "asyncscope/asyncscope_debug_listen.h"
#include <stdlib.h>
void http_server_init(void);
void http_server_init(void) { abort(); }
void llhttp_init(void);
void llhttp_init(void) { abort(); }
void debug_mount_init(void);
void debug_mount_init(void) { abort(); }
int main(void) {
  asyncscope_debug_listener_t *listener;
  int error = asyncscope_debug_listen(0, "127.0.0.1:0", 0, &listener);
  if (error == 0)
    asyncscope_debug_listener_close(listener);
  return error != 0;
}
USER

# Where llhttp is shared with the system, its names are the program's, too.
if nm -u "$(find "$work/prefix" -name libasyncscope_debug.a)" 2>/dev/null |
  grep -w llhttp_init >/dev/null; then
  sed -i '/llhttp_init/d' "$work/user/names.c"
fi

# The libuv that the library was built with, wherever it lies.
built_with() {
  sed -n "s/^$1:[A-Z]*=//p" "$BUILD_DIR/CMakeCache.txt"
}
libuv=$(built_with LibUV_LIBRARY)
libuv_headers=$(built_with LibUV_INCLUDE_DIR)
libdir=$(dirname "$(find "$work/prefix" -name libasyncscope.so)")
export LD_LIBRARY_PATH=$libdir:${libuv%/*} LIBRARY_PATH=${libuv%/*}

build_project() {
  cmake -S "$1" -B "$2" -DCMAKE_PREFIX_PATH="$work/prefix" \
    -DLibUV_LIBRARY="$libuv" -DLibUV_INCLUDE_DIR="$libuv_headers" \
    -DCMAKE_C_COMPILER="$CC" -DEXAMPLE="$example" >"$work/log" 2>&1 &&
    cmake --build "$2" >>"$work/log" 2>&1
}

if build_project "$work/user" "$work/build"; then
  for kind in asyncscope shared debug debug_shared; do
    "$work/build/${kind}_user" || found "the program on asyncscope::$kind fails"
  done
  for kind in debug debug_shared; do
    "$example.sh" "$work/build/${kind}_example" ||
      found "the example on asyncscope::$kind fails"
  done
else
  cat "$work/log"
  found "a project cannot use the installed CMake package"
fi

mkdir "$work/wrong"
cat >"$work/wrong/CMakeLists.txt" <<'USER'
cmake_minimum_required(VERSION 3.25)
project(wrong LANGUAGES C)
find_package(asyncscope REQUIRED COMPONENTS nothing)
USER
if build_project "$work/wrong" "$work/wrong_build"; then
  found "a component that does not exist is found"
fi

# What it was built with may have functions that an older libuv has not.
mkdir -p "$work/older/uv"
cp "$libuv_headers/uv.h" "$work/older"
sed 's/^\(#define UV_VERSION_MINOR\) .*/\1 1/' "$libuv_headers/uv/version.h" \
  >"$work/older/uv/version.h"
if (libuv_headers=$work/older && build_project "$work/user" "$work/older_build"); then
  found "a libuv older than the one it was built with is taken"
fi

# compile OUTPUT WORD...: the example, with what pkg-config says
compile() {
  local output=$1
  shift
  "$CC" -D_GNU_SOURCE -o "$work/$output" "$example.c" "$@" ||
    found "the pkg-config file's words do not build $output"
}

export PKG_CONFIG_PATH=$libdir/pkgconfig:${libuv%/*}/pkgconfig

if command -v pkg-config >/dev/null; then
  "$CC" -D_GNU_SOURCE -o "$work/core" "$work/user/main.c" \
    $(pkg-config --cflags --libs asyncscope) || found "asyncscope.pc does not link"
  "$work/core" || found "the program on asyncscope.pc fails"
  compile shared $(pkg-config --cflags --libs asyncscope-debug)
  # Ours from the archives, those of the system as they are.
  compile static $(pkg-config --cflags --static --libs asyncscope-debug |
    sed 's/-lasyncscope[a-z_]*/-Wl,-Bstatic & -Wl,-Bdynamic/g')
  if readelf -d "$work/static" | grep -q 'NEEDED.*asyncscope'; then
    found "the static program needs our shared libraries"
  fi
  for kind in shared static; do
    "$example.sh" "$work/$kind" || found "the example on the $kind library fails"
  done
else
  found "pkg-config is not installed"
fi
finish
