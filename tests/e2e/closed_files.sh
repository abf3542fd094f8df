#!/bin/bash
# Starts SERVER without standard input and without standard error. Of those
# around it valgrind does not start without a place for what it says, so that
# goes where standard error went.
export VALGRIND_OPTS=--log-fd=9
exec "$SERVER" "$@" 9>&2 <&- 2>&-
