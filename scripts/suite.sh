# A suite (scripts/suites/NAME.sh) is an array tiers, handed to scripts/setup,
# and a function run, written in the words below. $suite is its name. A suite
# passes when run() answers 0, no test failed and at least one ran. The longest do
# one of $parts parts, another each day: 1, except where every suite runs on a
# slow machine.

# What run() answers when this machine cannot run the suite at all.
LEFT_OUT=77

wrapper=()

# Which of the parts is done today: 1 to $parts.
part() {
  echo $(($(date +%s) / 86400 % parts + 1))
}

tell_part() {
  [ "$parts" -eq 1 ] || note "part $(part) of $parts, another each day"
}

# Of the tests of a suite one part: options of ctest.
one_part() {
  tell_part
  [ "$parts" -eq 1 ] || printf -- '-I %d,,%d\n' "$(part)" "$parts"
}

leave_out() {
  printf '%s\n' "$*" >"$results/$suite.reason"
  return "$LEFT_OUT"
}

# note LINE: stands beside the counts at the end of the run
note() {
  printf '%s: %s\n' "$suite" "$*" >>"$results/$suite.notes"
}

count() {
  printf '%d %d %d\n' "$1" "$2" "$3" >>"$results/$suite.counts"
}

# build PRESET
build() {
  "$root/scripts/build" "$1"
}

# tests PRESET [CTEST OPTION...]: under the command of the array wrapper, if any
tests() {
  local preset=$1 status=0
  local report=$results/$suite-$preset.xml
  shift
  "${wrapper[@]}" ctest --test-dir "$root/build/$preset" --parallel "$jobs" --no-tests=error \
    --output-on-failure --output-junit "$report" "$@" || status=$?
  count_junit "$report"
  tell_left_out "$report"
  return "$status"
}

# What stands in a report for tests that could not run here: "left out: REASON".
tell_left_out() {
  local times reason
  while read -r times reason; do
    note "left out: $reason ($times)"
  done < <(sed -nE 's/^(.*<system-out>)?left out: (.*)$/\2/p' "$1" |
    sed 's/&lt;/</g; s/&gt;/>/g' | sort | uniq -c)
}

count_junit() {
  local all failed skipped
  all=$(attribute tests "$1")
  failed=$(attribute failures "$1")
  skipped=$(($(attribute skipped "$1") + $(attribute disabled "$1")))
  count $((all - failed - skipped)) "$failed" "$skipped"
}

# The first one of that name: the one of the <testsuite> element.
attribute() {
  sed -n "s/^.*[[:space:]]$1=\"\([0-9]*\)\".*/\1/p" "$2" | sed -n 1p
}

# checks COMMAND...: a program that prints TAP; a plan of 0 leaves the suite out
checks() {
  local status=0 log=$results/$suite.tap
  "$@" | tee "$log" || status=${PIPESTATUS[0]}
  if grep -q '^1\.\.0 ' "$log"; then
    leave_out "$(sed -n 's/^1\.\.0 *# *SKIP *//p' "$log")"
    return
  fi
  local skipped
  skipped=$(grep -c '^ok .* # SKIP ' "$log") || true
  count $(($(grep -c '^ok ' "$log") - skipped)) "$(grep -c '^not ok ' "$log")" "$skipped"
  while read -r reason; do
    note "left out: $reason"
  done < <(sed -n 's/^ok [0-9]* - \(.*\) # SKIP \(.*\)/\1: \2/p' "$log")
  return "$status"
}
