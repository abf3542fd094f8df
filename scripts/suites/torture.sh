# The server's whole life, with calls failing, under the address sanitizer. Most
# of it is waiting, so that cores are shared. Among all suites two of the eight
# parts of the allocations, others each day: without the sanitizer the suite
# coverage runs all.
tiers=(server test)
run() {
  local parts=1-8 part
  if [ "$whole" = no ]; then
    part=$(($(date +%s) / 86400 % 4 + 1))
    parts=$part$((part + 4))
    note "allocations: the parts ${parts:0:1} and ${parts:1} of 8"
  fi
  build asan && tests asan -L '^torture$' -E "allocations.*_[^$parts]\$" \
    --parallel $((3 * jobs))
  local status=$?
  while read -r line; do
    note "$line"
  done < <(grep -ho '[a-z]*[a-z ]*, part [0-9]* of [0-9]*: [0-9]* positions, .*ends' "$results/torture-asan.xml")
  return "$status"
}
