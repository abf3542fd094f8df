# The image: built, and run hardened, on an engine of its own.
tiers=(docker)
run() { checks "$root/tests/docker/run"; }
