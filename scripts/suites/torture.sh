# The server's whole life, with calls failing, under the address sanitizer. Most
# of it is waiting, so that cores are shared.
tiers=(server test)
run() {
  build asan && tests asan -L '^torture$' $(one_part) --parallel $((3 * jobs))
  local status=$?
  while read -r line; do
    note "$line"
  done < <(grep -ho '[a-z]*[a-z ]*, part [0-9]* of [0-9]*: [0-9]* positions, .*ends' "$results/torture-asan.xml")
  return "$status"
}
