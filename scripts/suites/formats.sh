# The formats of /debug in the hands of the programs they are for.
tiers=(server test formats)
run() {
  local status=0 line
  build dev && checks "$root/tests/formats/run" "$root/build/dev/bin/asyncscope" \
    "$root/build/dev/tests/formats/formats_hostile" "$root/build/deps/formats" ||
    status=$?
  while read -r line; do
    note "$line"
  done < <(sed -n 's/^# \(left out: \)/\1/p' "$results/$suite.tap")
  return "$status"
}
