# What tracking costs, counted: instructions, allocations and bytes; no times.
tiers=(server valgrind)
run() {
  build release || return
  cmake -S "$root" -B "$root/build/release" -DASYNCSCOPE_BENCH=ON >/dev/null &&
    cmake --build "$root/build/release" --target bench_hooks \
      --parallel "$jobs" >&2 &&
    checks "$root/tests/bench/cost" \
      "$root/build/release/tests/bench/bench_hooks"
}
