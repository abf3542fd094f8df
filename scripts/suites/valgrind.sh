# Units and e2e under valgrind's memcheck, with reduced loads.
tiers=(server test valgrind)
run() {
  build valgrind && tests valgrind -L '^(unit|e2e)$' $(one_part)
}
