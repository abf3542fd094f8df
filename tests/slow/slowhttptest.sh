#!/bin/bash
# slowhttptest.sh MODE: slowhttptest with 200 clients against the server, which
# must be there for others all the while and get rid of them by itself.
set -u
command -v slowhttptest >/dev/null ||
  { echo "left out: slowhttptest is not installed"; exit 77; }
work=$(mktemp -d)
mkfifo "$work/stdout"
head -c 4000000 /dev/zero >"$work/large"
"$ASYNCSCOPE_SERVER_BINARY" --listen 127.0.0.1:0 --debug-listen off \
  --root "$work" --header-timeout 2 --request-timeout 2 --write-timeout 2 \
  >"$work/stdout" 2>"$work/stderr" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$work"' EXIT
read -r line <"$work/stdout"
url=${line##* on }

case $1 in
headers) options=(-H -i 1 -u "$url/hello") ;;
body) options=(-B -i 1 -s 8192 -u "$url/echo") ;;
range) options=(-R -a 5 -b 500 -t HEAD -u "$url/file?path=large") ;;
read) options=(-X -w 10 -y 20 -n 1 -z 32 -k 3 -u "$url/file?path=large") ;;
esac
slowhttptest -c 200 -r 100 -l 15 -p 2 "${options[@]}" \
  >"$work/log" 2>&1 </dev/null
sed 's/\x1b\[[0-9;]*m//g' "$work/log" >"$work/plain"
tail -n 25 "$work/plain"

status=0
if grep -q 'service available: *NO' "$work/plain"; then
  echo "the server was not there for others"
  status=1
fi
# Who reads slowly learns of the end only behind what it has not read yet: there
# the server's own log tells.
rid_of_all() {
  if [ "$1" = read ]; then
    [ "$(grep -c ETIMEDOUT "$work/stderr")" -ge 200 ]
  else
    grep -q 'No open connections left' "$work/plain"
  fi
}
if ! rid_of_all "$1"; then
  echo "the server did not get rid of them by itself"
  status=1
fi
kill "$server"
wait "$server" || { echo "exit status $? of the server"; status=1; }
exit "$status"
