# Inputs that libFuzzer makes up, for a minute a target (0 would be for ever), on
# each core one.
tiers=(server fuzz)
run() {
  build fuzz && checks "$root/tests/fuzz/run" "$root/build/fuzz" $((1 + 59 / parts))
}
