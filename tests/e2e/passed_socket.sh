#!/bin/bash
# Starts SERVER as systemd starts what a socket activates: the descriptor PASSED
# becomes the third, and SOCKETS is how many there are said to be.
LISTEN_PID=$$ LISTEN_FDS=$SOCKETS exec "$SERVER" "$@" 3<&"$PASSED"
