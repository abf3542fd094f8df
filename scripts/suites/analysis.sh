# What is told of the sources and the binaries without running them.
tiers=(server test analysis)
run() { build dev && build release && checks "$root/tests/analysis/run"; }
