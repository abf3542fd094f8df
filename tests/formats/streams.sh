# Sourced by run: the streams in a browser, which loses its connection.
check_streams() {
  check 'an EventSource comes back to /debug/events' \
    node "$modules/eventsource.js" "$url" /debug/events snapshot delta
  check 'an EventSource comes back to /debug/log' \
    node "$modules/eventsource.js" "$url" /debug/log line line
  check 'an EventSource that is told nothing is noticed' bash -c \
    '! timeout 20 node "$0" "$1" "/debug/log?request=r999999" line line' \
    "$modules/eventsource.js" "$url"
}
