# The rules that the compiler does not hold.
tiers=(server test lint)
run() { build dev && tests dev -L '^lint$'; }
