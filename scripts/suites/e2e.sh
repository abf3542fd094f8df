# The real server, spoken to over sockets.
tiers=(server test)
run() { build dev && tests dev -L '^e2e$'; }
