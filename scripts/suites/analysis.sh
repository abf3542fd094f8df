# What is told of the sources and the binaries without running them.
tiers=(server test analysis)
run() {
  tell_part
  build dev && build release && checks "$root/tests/analysis/run" "$(part)" "$parts"
}
