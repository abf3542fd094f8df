# What the RFCs ask of a server, on both versions of llhttp and of libuv that
# Debian has.
tiers=(server test http)
other=$root/build/deps/other-llhttp
run() {
  local preset status=0
  for preset in dev other-debian; do
    build "$preset" || return
    note "$preset: llhttp $(found "$preset" llhttp), libuv $(found "$preset" LibUV)"
    tests "$preset" -L '^(unit|http)$' -R '^(http_|conformance\.)' || status=1
  done
  installed_with_llhttp_as_library || status=1
  return "$status"
}

# One of the two is a library, which whoever links our archive links, too.
installed_with_llhttp_as_library() {
  local preset=dev tree=/usr/lib
  if [ -n "$(find "$other" -name libllhttp.a)" ]; then
    preset=other-debian tree=$other/usr/lib
  fi
  local libuv=$root/build/deps/other-libuv
  LLHTTP_ROOT=$other LibUV_ROOT=$libuv PKG_CONFIG_PATH=$libuv/lib/pkgconfig \
    LD_LIBRARY_PATH=$libuv/lib \
    LIBRARY_PATH=$(dirname "$(find "$tree" -name libllhttp.a)") \
    tests "$preset" -L '^lint$' -R installed_library
}

# The version: found PRESET PACKAGE
found() {
  sed -n "s/^FIND_PACKAGE_MESSAGE_DETAILS_$2:.*\[v\([0-9.]*\)(.*/\1/p" \
    "$root/build/$1/CMakeCache.txt"
}
