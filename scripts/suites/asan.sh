# Unit and end-to-end tests under AddressSanitizer, UBSan and LeakSanitizer.
tiers=(server test)
run() { build asan && tests asan -L '^(unit|e2e)$'; }
