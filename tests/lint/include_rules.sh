# Which room may see which header. A room is a directory; that of server/main.c
# is `server`, without what lies in its subdirectories.

. "$(dirname -- "$0")/lib.sh"

# room_of PATH: the directory whose room the file belongs to
room_of() {
  case $1 in
  "$root"/server/http/*) echo server/http ;;
  "$root"/server/debug/*) echo server/debug ;;
  "$root"/server/listener/*) echo server/listener ;;
  "$root"/server/otlp/*) echo server/otlp ;;
  "$root"/server/tls/*) echo server/tls ;;
  "$root"/server/app/*) echo server/app ;;
  "$root"/server/*) echo server ;;
  "$root"/als/*) echo als ;;
  "$root"/worker_pool/*) echo worker_pool ;;
  "$root"/hooks/*) echo hooks ;;
  esac
}

# class_of HEADER: the room, with /include when others may be let in; or the
# library the header belongs to, or nothing for a header of the system
class_of() {
  case $1 in
  */llhttp.h) echo llhttp ;;
  */jansson.h) echo jansson ;;
  */zlib.h) echo zlib ;;
  */openssl/*.h) echo openssl ;;
  "$BUILD_DIR"/*) ;;
  "$root"/*/include/asyncscope/*) echo "$(room_of "$1")/include" ;;
  "$root"/server/*) room_of "$1" ;;
  "$root"/hooks/* | "$root"/als/* | "$root"/worker_pool/*) room_of "$1" ;;
  "$root"/*) echo "outside the rooms" ;;
  esac
}

# allowed ROOM: the classes it may include besides its own
allowed() {
  case $1 in
  hooks) ;;
  als | worker_pool) echo hooks/include ;;
  server/http) echo hooks/include llhttp ;;
  server/debug)
    echo hooks/include als/include worker_pool/include jansson zlib
    ;;
  server/otlp) echo hooks/include server/http jansson ;;
  server/tls) echo hooks/include server/http openssl ;;
  server/listener)
    echo hooks/include als/include worker_pool/include server/http \
      server/debug/include
    ;;
  server/app)
    echo hooks/include als/include worker_pool/include server/http \
      server/debug/include server/listener server/listener/include \
      server/otlp/include server/tls jansson
    ;;
  server)
    echo hooks/include als/include worker_pool/include server/http \
      server/debug/include server/listener server/listener/include \
      server/otlp/include server/tls server/app
    ;;
  *)
    echo "no such room: $1" >&2
    return 1
    ;;
  esac
}

may_see() {
  local class
  for class in "$1" "$1/include" $(allowed "$1"); do
    [ "$class" != "$2" ] || return 0
  done
  return 1
}

# commands_of ROOM: "source TAB compile command" of each of its sources, as the
# build compiles them
commands_of() {
  local command file
  while IFS=$'\t' read -r file command; do
    if [ "$(room_of "$file")" = "$1" ]; then
      printf '%s\t%s\n' "$file" "$command"
    fi
  done < <(sed -n 's/^  "command": "\(.*\)",$/\1/p;s/^  "file": "\(.*\)",\{0,1\}$/\1/p' \
    "$BUILD_DIR/compile_commands.json" | sed 's/\\\(["\\]\)/\1/g' |
    awk -v room="$root/$1/" 'NR % 2 { command = $0; next }
      index($0, room) == 1 { print $0 "\t" command }')
}

# dependencies COMMAND SOURCE: what SOURCE includes of ours and of the libraries
# that have a rule, when it is compiled with the flags of COMMAND and those of
# more_flags; one absolute path a line
more_flags=
dependencies() {
  local flags=${1% -o *}
  (eval "${flags#*/ccache } -M -MT x $more_flags" "'$2'") |
    sed 's/^x: *//;s/\\$//' | tr -s ' ' '\n' | sed '/^$/d' |
    xargs -r realpath -m -- |
    awk -v root="$root/" 'index($0, root) == 1 || /\/(llhttp|jansson|zlib|openssl\/.*)\.h$/'
}

# The class of each header that was met: violations() asks in its own shell, as
# a process for each header of each source takes longer than all the rest.
declare -A classes=()

# violations ROOM COMMAND SOURCE
violations() {
  local header class
  if ! dependencies "$2" "$3" >"$work/dependencies"; then
    printf '%s: its dependencies cannot be read\n' "$3"
    return
  fi
  while read -r header; do
    class=${classes[$header]-not asked}
    if [ "$class" = "not asked" ]; then
      class=$(class_of "$header")
      classes[$header]=$class
    fi
    if [ "$header" != "$3" ] && [ -n "$class" ] && ! may_see "$1" "$class"; then
      printf '%s (%s) includes %s (%s)\n' "${3#"$root"/}" "$1" \
        "${header#"$root"/}" "$class"
    fi
  done <"$work/dependencies"
}
