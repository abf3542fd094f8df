# Units, e2e and parity under AddressSanitizer, UBSan and LeakSanitizer.
tiers=(server test)
run() {
  build asan && tests asan -L '^(unit|e2e|parity)$' $(one_part)
}
