# Every block of the documents, done as a reader would.
tiers=(server test package docs)
run() {
  build dev && build release && checks "$root/tests/docs/blocks"
}
