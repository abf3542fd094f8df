#!/bin/bash
# Starts SERVER with a standard output on which there is no room.
exec "$SERVER" "$@" >/dev/full
