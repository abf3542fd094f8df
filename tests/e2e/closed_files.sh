#!/bin/bash
# Starts SERVER without standard input and without standard error. Valgrind does
# not start without somewhere to write, so there it gets standard error as 9.
if [[ ${LD_PRELOAD:-} == *vgpreload* ]]; then
  export VALGRIND_OPTS="${VALGRIND_OPTS:-} --log-fd=9"
  exec "$SERVER" "$@" 9>&2 <&- 2>&-
fi
exec "$SERVER" "$@" <&- 2>&-
