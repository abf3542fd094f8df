# The formats of /debug in the hands of the programs they are for.
tiers=(server test formats)
run() {
  build dev && checks "$root/tests/formats/run" "$root/build/dev/bin/asyncscope" \
    "$root/build/dev/tests/formats/formats_hostile" "$root/build/deps/formats"
}
