# Slow clients: our own, a crowd of them, and slowhttptest's four kinds.
tiers=(server test slow)
run() {
  build dev && tests dev -L '^slow$'
  local status=$?
  note "$(grep -ho '[0-9]* slow clients: .* ms' "$results/slow-dev.xml" | sed 1q)"
  return "$status"
}
