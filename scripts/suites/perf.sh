# What a request costs, in what does not depend on the machine's load: user
# instructions and allocations. The limits are what it took when they were last
# lowered, and a little for other compilers; lower them with each gain.
tiers=(server perf)
run() {
  build release
  cmake -S "$root" -B "$root/build/release" -DASYNCSCOPE_BENCH=ON >/dev/null
  cmake --build "$root/build/release" --target bench_load --parallel "$jobs" >&2
  build profiled || return
  checks python3 "$root/tests/bench/instructions.py" --max keep-alive=4690 \
    --max pipelined=3800 "$root/build/profiled/bin/asyncscope" \
    "$root/build/release/tests/bench/bench_load" || return
  checks python3 "$root/tests/bench/instructions.py" \
    --max keep-alive=4690 --max single=7350 --max pipelined=3800 \
    "$root/build/release/bin/asyncscope" \
    "$root/build/release/tests/bench/bench_load"
}
