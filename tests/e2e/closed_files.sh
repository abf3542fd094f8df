#!/bin/bash
# Starts SERVER without standard input and without standard error.
exec "$SERVER" "$@" <&- 2>&-
