# The unit tests of every room.
tiers=(server test)
run() { build dev && tests dev -L '^unit$'; }
