# What the RFCs ask of a server, and what the installed library needs, on both
# versions of llhttp and of libuv that Debian has.
tiers=(server test http)
run() {
  local preset status=0
  for preset in dev other-debian; do
    build "$preset" || return
    note "$preset: llhttp $(found "$preset" llhttp), libuv $(found "$preset" LibUV)"
    tests "$preset" -L '^(unit|http|lint)$' \
      -R '^(http_|conformance\.|lint\.installed_library)' || status=1
  done
  return "$status"
}

# The version: found PRESET PACKAGE
found() {
  sed -n "s/^FIND_PACKAGE_MESSAGE_DETAILS_$2:.*\[v\([0-9.]*\)(.*/\1/p" \
    "$root/build/$1/CMakeCache.txt"
}
