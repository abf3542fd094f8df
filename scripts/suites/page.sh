# The page of /debug: what it computes, in Node, and what it does, in Chromium on
# the real server.
tiers=(server test page)
run() {
  build dev && checks "$root/tests/page/run" "$root/build/dev/bin/asyncscope" \
    "$root/build/deps/page"
}
