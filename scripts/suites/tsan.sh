# Units, e2e and parity under ThreadSanitizer.
tiers=(server test)
run() {
  # Where a kernel randomises addresses widely, gcc 12's runtime has no place
  # for them. Containers may forbid to switch that off.
  if setarch "$(uname -m)" -R true 2>/dev/null; then
    wrapper=(setarch "$(uname -m)" -R)
  fi
  build tsan && tests tsan -L '^(unit|e2e|parity)$' $(one_part)
}
