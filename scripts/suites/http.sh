# What the RFCs ask of a server, on both versions of llhttp that Debian has.
tiers=(server test http)
run() {
  local preset status=0
  for preset in dev other-llhttp; do
    build "$preset" || return
    note "$preset: llhttp $(llhttp_version "$preset")"
    tests "$preset" -L '^(unit|http)$' -R '^(http_|conformance\.)' || status=1
  done
  return "$status"
}

llhttp_version() {
  sed -n 's/^FIND_PACKAGE_MESSAGE_DETAILS_llhttp:.*\[v\([0-9.]*\)(.*/\1/p' \
    "$root/build/$1/CMakeCache.txt"
}
