# Inputs that libFuzzer makes up, for a minute a target, on each core one.
tiers=(server fuzz)
run() { build fuzz && checks "$root/tests/fuzz/run" "$root/build/fuzz" 60; }
