# The same scenarios in C and by Node itself, or by its recordings.
tiers=(server test parity)
run() {
  local status=0 line
  build dev || return
  tests dev -L '^parity$' || status=$?
  parity_command summary | tee "$results/parity.summary"
  while read -r line; do
    note "$line"
  done < <(sed -n '/^Node /p' "$results/parity.summary")
  return "$status"
}

parity_command() {
  local dev=$root/build/dev/tests/parity
  "$dev/parity" "$1" "$root/tests/parity" "$dev/parity_scenarios" \
    "$root/build/deps"
}
