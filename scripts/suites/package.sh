# The Debian packages, and projects outside of the tree that use the library.
tiers=(server test package)
run() {
  build package && checks "$root/tests/package/run" "$root/build/package"
}
