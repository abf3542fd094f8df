# What `cmake --install` lays down is enough for another
# CMake project, and for a compiler that is given the pkg-config file's words.
. "$(dirname -- "$0")/lib.sh"

cmake --install "$BUILD_DIR" --component library --prefix "$work/prefix" \
  >/dev/null

mkdir "$work/user"
cat >"$work/user/CMakeLists.txt" <<'USER'
cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(asyncscope 0.1 REQUIRED)
foreach(kind asyncscope shared debug)
  add_executable(${kind}_user main.c)
  target_compile_definitions(${kind}_user PRIVATE _GNU_SOURCE)
  target_link_libraries(${kind}_user asyncscope::${kind} asyncscope::asyncscope)
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
if cmake -S "$work/user" -B "$work/build" -DCMAKE_PREFIX_PATH="$work/prefix" \
  -DCMAKE_C_COMPILER="$CC" >"$work/log" 2>&1 &&
  cmake --build "$work/build" >>"$work/log" 2>&1; then
  for kind in asyncscope shared debug; do
    "$work/build/${kind}_user" || found "the program on asyncscope::$kind fails"
  done
else
  cat "$work/log"
  found "a project cannot use the installed CMake package"
fi

words() {
  sed -n "s/^$1: *//p" "$work/prefix"/lib*/pkgconfig/asyncscope.pc \
    "$work/prefix"/lib/*/pkgconfig/asyncscope.pc |
    sed "s|\${includedir}|$work/prefix/include|;s|\${libdir}|$libdir|"
}
libdir=$(dirname "$(find "$work/prefix" -name libasyncscope.so)")
"$CC" -D_GNU_SOURCE $(words Cflags) -o "$work/pc" "$work/user/main.c" \
  $(words Libs) -luv || found "the pkg-config file's words do not link"
LD_LIBRARY_PATH=$libdir "$work/pc" || found "the program on them fails"
finish
