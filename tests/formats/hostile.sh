# Sourced by run: names that try to be markup, in every form that they come in.

# reads FORM NAME TARGET [MORE...]: hostile.py reads what is answered there
reads() {
  local form=$1 name=$2 target=$3
  "$hostile" "$target" >"$work/$name" || return
  /usr/bin/python3 "$here/hostile.py" "$form" "$work/$name"
}

check_hostile_forms() {
  local path
  for path in '/debug?include=stacks' '/debug?pretty=1' /debug/resources \
    '/debug/resources?group_by=site' '/debug/resources?group_by=path' \
    /debug/requests '/debug/requests?state=finished' \
    '/debug/threads?include=stacks' /debug/warnings /debug/graph \
    '/debug/graph?format=nodegraph' /debug/trace /debug/runs \
    '/debug/log?format=json' '/debug/pprof/resources?format=speedscope'; do
    check "$path about hostile names is JSON" reads json hostile.json "$path"
  done
  for path in /debug/tree '/debug/tree?group_by=none' '/debug?format=text' \
    '/debug/resources?format=text' '/debug/requests?format=text' \
    '/debug/threads?format=text' '/debug/warnings?format=text' \
    '/debug/graph?format=text' '/debug/graph?format=dot' \
    '/debug/graph?format=mermaid' '/debug/log?format=text' \
    '/debug/runs?format=text'; do
    check "$path about hostile names moves no terminal" \
      reads text hostile.text "$path"
  done
  for path in /debug /debug/resources /debug/requests /debug/threads \
    /debug/warnings /debug/graph /debug/runs; do
    check "$path?format=html about hostile names is a page" \
      reads html hostile.html "$path?format=html"
  done
  check 'events about hostile names are events' reads events hostile.sse /debug/events
  check 'a hostile log is a stream of lines' reads events hostile.sse /debug/log
  check 'stacks of hostile names are stacks' \
    reads folded hostile.folded '/debug/pprof/resources?format=folded'
  check 'metrics of hostile names are metrics' \
    reads prometheus hostile.metrics '/metrics?format=prometheus'
  check 'promtool finds nothing wrong with them' \
    promtool check metrics <"$work/hostile.metrics"
}

# A form that lets markup through is noticed: the names as they are are none.
check_hostile_reader() {
  printf 'a\x1b[2Jb\n' >"$work/spoiled"
  check 'a reader of text notices what moves a terminal' \
    bash -c '! /usr/bin/python3 "$0" text "$1"' "$here/hostile.py" "$work/spoiled"
  printf '<p>a<script>b</script></p>\n' >"$work/spoiled"
  check 'a reader of pages notices a script' \
    bash -c '! /usr/bin/python3 "$0" html "$1"' "$here/hostile.py" "$work/spoiled"
  printf 'event: snapshot\ndata: {}\n\nevent: evil\ndata: {}\n\n' >"$work/spoiled"
  check 'a reader of events notices one that is not ours' \
    bash -c '! /usr/bin/python3 "$0" events "$1"' "$here/hostile.py" "$work/spoiled"
}

check_hostile_profiles() {
  "$hostile" '/debug/pprof/resources?format=pprof' >"$work/hostile.pb"
  check 'pprof-format decodes hostile names' \
    node "$modules/pprof.js" "$work/hostile.pb" '<b>bold</b>'
  cp "$work/hostile.json" "$work/hostile.speedscope.json"
  check 'speedscope opens hostile names' \
    node "$modules/speedscope.js" "$work/hostile.speedscope.json" '<b>bold</b>'
  check 'speedscope opens hostile stacks' \
    node "$modules/speedscope.js" "$work/hostile.folded" '<b>bold</b>'
}

# What a client can put where: as bytes, as curl would not send all of them.
ask_hostile() {
  local port=$1 text
  for text in '/hello?a=</script><script>alert(1)</script>' \
    '/none"],"x":{"y":["\\' '/none%0a%0devil%00%ff' '/none;a;b%e2%80%ae 7' \
    '/none"} 1#`${x}%7f' '/hello'; do
    exec 7<>"/dev/tcp/127.0.0.1/$port"
    printf 'GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: \xff\xe2\x80\xae"</script>\r\nX-Request-Id: a\tb"\\\r\ntraceparent: 00-"-<>\r\ntracestate: a="\\\r\nbaggage: k=%%0a%%22\r\nConnection: close\r\n\r\n' \
      "$text" >&7
    cat <&7 >/dev/null
    exec 7<&-
  done
}

# logs NAME ARGUMENT...: what a server writes that is asked such things
logs() {
  local name=$1 target
  shift
  rm -f "$work/logger.out"
  mkfifo "$work/logger.out"
  "$server" --listen 127.0.0.1:0 --debug-listen off --root "$here" "$@" \
    >"$work/logger.out" 2>"$work/$name" &
  local logger=$!
  pids+=("$logger")
  read -r target <"$work/logger.out"
  ask_hostile "${target##*:}"
  kill "$logger"
  wait "$logger"
}

# lines FORM NAME: one for each request
lines() {
  /usr/bin/python3 "$here/hostile.py" "$1" "$work/$2" 6
}

check_hostile_logs() {
  local collector target
  mkdir "$work/otlp.hostile"
  mkfifo "$work/collector.hostile"
  node "$modules/collector.js" "$work/otlp.hostile" >"$work/collector.hostile" &
  collector=$!
  pids+=("$collector")
  read -r target <"$work/collector.hostile"
  check 'a server that is asked hostile things writes its log' \
    logs hostile.log --otlp-endpoint "http://127.0.0.1:$target"
  check 'each is a line of it' lines log hostile.log
  check 'one of JSON, too' logs hostile.jsonlog --log-format json
  check 'each is an object of it' lines logjson hostile.jsonlog
  check 'what is exported of them is of the schema of OTLP' \
    node "$modules/otlp.js" "$work"/otlp.hostile/*.json
}

check_hostile() {
  check_hostile_reader
  check_hostile_forms
  check_hostile_profiles
  check_hostile_logs
}
