# Inputs that libFuzzer makes up, for a minute a target (0 would be for ever), on
# each core one.
tiers=(server fuzz)
run() {
  local seconds=$((1 + 59 / parts))
  [ "$parts" -eq 1 ] || note "$seconds s a target in place of 60"
  build fuzz && checks "$root/tests/fuzz/run" "$root/build/fuzz" "$seconds"
}
