# Sourced by run: profiles and the trace in the hands of those who show them.

# cut FILE: a third of it is missing
cut_off() {
  head -c $(($(stat -c %s "$work/$1") * 2 / 3)) "$work/$1" >"$work/$1.cut"
}

# go_shows FILE TYPE
go_shows() {
  HOME=$work go tool pprof -raw "$work/$1" >"$work/raw" 2>&1 &&
    grep -q "$2" "$work/raw"
}

check_go() {
  if ! command -v go >/dev/null; then
    echo "# left out: go tool pprof, as there is no go"
    return
  fi
  check 'go tool pprof shows the profile' go_shows profile.pb.gz TCPSERVERWRAP
  check 'go tool pprof refuses a cut one' \
    bash -c '! HOME=$0 go tool pprof -raw "$1"' "$work" "$work/profile.pb.gz.cut"
}

check_profiles() {
  local name
  get profile.pb.gz '/debug/pprof/resources?format=pprof'
  get profile.folded '/debug/pprof/resources?format=folded'
  get profile.speedscope.json '/debug/pprof/resources?format=speedscope'
  get trace.json '/debug/trace?seconds=60'
  check 'pprof-format decodes the profile' \
    node "$modules/pprof.js" "$work/profile.pb.gz" TCPSERVERWRAP
  cut_off profile.pb.gz
  check 'pprof-format finds no type that is not there' \
    bash -c '! node "$0" "$1" NOSUCHTYPE' "$modules/pprof.js" "$work/profile.pb.gz"
  check_go
  for name in profile.pb.gz profile.folded profile.speedscope.json; do
    check "speedscope opens $name" \
      node "$modules/speedscope.js" "$work/$name" TCPSERVERWRAP
  done
  check 'speedscope opens trace.json' \
    node "$modules/speedscope.js" "$work/trace.json" HTTPINCOMINGMESSAGE
  cut_off profile.speedscope.json
  check 'speedscope does not open a cut one' bash -c '! node "$0" "$1" TCPSERVERWRAP' \
    "$modules/speedscope.js" "$work/profile.speedscope.json.cut"
  check 'the schema of speedscope holds' node "$modules/validate.js" \
    "$modules/node_modules/speedscope/dist/release/file-format-schema.json" \
    "$work/profile.speedscope.json"
}
