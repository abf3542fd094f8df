# What of the rooms the tests run, and whether that is enough.
tiers=(server test http coverage)
run() {
  build coverage || return
  find "$root/build/coverage" -name '*.gcda' -delete
  tests coverage -L '^(unit|e2e|http)$' || return
  tests coverage -L '^torture$' --parallel $((3 * jobs)) || return
  checks "$root/tests/coverage/report" "$root/build/coverage"
  local status=$?
  while read -r line; do
    note "$line"
  done < <(sed -n 's/^\(not \)*ok [0-9]* - //p' "$results/coverage.tap")
  return "$status"
}
