# The same scenarios in C and by Node itself, or by its recordings.
tiers=(server test parity)
run() {
  local status=0 dev=$root/build/dev/tests/parity
  build dev || return
  tests dev -L '^parity$' || status=$?
  "$dev/parity" summary "$root/tests/parity" "$dev/parity_scenarios" \
    "$root/build/deps" | tee "$results/parity.summary"
  return "$status"
}
