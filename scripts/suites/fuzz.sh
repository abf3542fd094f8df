# Inputs that libFuzzer makes up, for a minute a target, on each core one; a third
# of that among all suites.
tiers=(server fuzz)
run() {
  local seconds=60
  [ "$whole" = yes ] || seconds=20
  build fuzz && checks "$root/tests/fuzz/run" "$root/build/fuzz" "$seconds"
}
