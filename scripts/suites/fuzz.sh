# Inputs that libFuzzer makes up, for half a minute a target.
tiers=(server fuzz)
run() { build fuzz && checks "$root/tests/fuzz/run" "$root/build/fuzz" 30; }
