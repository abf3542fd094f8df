# Units, e2e and parity under valgrind's memcheck, with reduced loads.
tiers=(server test valgrind)
run() { build valgrind && tests valgrind -L '^(unit|e2e|parity)$'; }
