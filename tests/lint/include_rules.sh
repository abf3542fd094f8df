# Which room may see which header. A room is a directory; that of server/main.c
# is `server`, without what lies in its subdirectories.

. "$(dirname -- "$0")/lib.sh"

# What a path belongs to is left in a variable: it is asked of every header of
# every source, and a process for each answer would take most of the time.

# room_of PATH: the directory whose room the file belongs to becomes $room_is
room_of() {
  case $1 in
  "$root"/server/http/*) room_is=server/http ;;
  "$root"/server/debug/*) room_is=server/debug ;;
  "$root"/server/listener/*) room_is=server/listener ;;
  "$root"/server/otlp/*) room_is=server/otlp ;;
  "$root"/server/tls/*) room_is=server/tls ;;
  "$root"/server/app/*) room_is=server/app ;;
  "$root"/server/*) room_is=server ;;
  "$root"/als/*) room_is=als ;;
  "$root"/worker_pool/*) room_is=worker_pool ;;
  "$root"/hooks/*) room_is=hooks ;;
  *) room_is= ;;
  esac
}

# class_of HEADER: the room, with /include when others may be let in; or the
# library the header belongs to, or nothing for a header of the system, becomes
# $class_is
class_of() {
  case $1 in
  */llhttp.h) class_is=llhttp ;;
  */jansson.h) class_is=jansson ;;
  */zlib.h) class_is=zlib ;;
  */openssl/*.h) class_is=openssl ;;
  "$BUILD_DIR"/*) class_is= ;;
  "$root"/*/include/asyncscope/*)
    room_of "$1"
    class_is=$room_is/include
    ;;
  "$root"/server/* | "$root"/hooks/* | "$root"/als/* | "$root"/worker_pool/*)
    room_of "$1"
    class_is=$room_is
    ;;
  "$root"/*) class_is="outside the rooms" ;;
  *) class_is= ;;
  esac
}

# allowed ROOM: the classes it may include besides its own become $allowed_are
allowed() {
  # What those put together that make the server of the rooms.
  local composed="hooks/include als/include worker_pool/include server/http \
server/debug/include server/listener server/listener/include \
server/otlp/include server/tls"
  case $1 in
  hooks) allowed_are= ;;
  als | worker_pool) allowed_are=hooks/include ;;
  server/http) allowed_are="hooks/include llhttp" ;;
  server/debug)
    allowed_are="hooks/include als/include worker_pool/include jansson zlib"
    ;;
  server/otlp) allowed_are="hooks/include server/http jansson" ;;
  server/tls) allowed_are="hooks/include server/http openssl" ;;
  server/listener)
    allowed_are="hooks/include als/include worker_pool/include server/http \
server/debug/include"
    ;;
  server/app) allowed_are="$composed jansson" ;;
  server) allowed_are="$composed server/app" ;;
  *)
    echo "no such room: $1" >&2
    return 1
    ;;
  esac
}

may_see() {
  local class
  allowed "$1"
  for class in "$1" "$1/include" $allowed_are; do
    [ "$class" != "$2" ] || return 0
  done
  return 1
}

# commands_of ROOM: "source TAB compile command" of each of its sources, as the
# build compiles them
commands_of() {
  local command file
  while IFS=$'\t' read -r file command; do
    room_of "$file"
    if [ "$room_is" = "$1" ]; then
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
    awk '{ for (i = 1; i <= NF; i++) if ($i != "x:" && $i != "\\") print $i }' |
    xargs -r realpath -m -- |
    awk -v root="$root/" 'index($0, root) == 1 || /\/(llhttp|jansson|zlib|openssl\/.*)\.h$/'
}

# violations ROOM COMMAND SOURCE
violations() {
  local header
  if ! dependencies "$2" "$3" >"$work/dependencies"; then
    printf '%s: its dependencies cannot be read\n' "$3"
    return
  fi
  while read -r header; do
    class_of "$header"
    if [ "$header" != "$3" ] && [ -n "$class_is" ] && ! may_see "$1" "$class_is"; then
      printf '%s (%s) includes %s (%s)\n' "${3#"$root"/}" "$1" \
        "${header#"$root"/}" "$class_is"
    fi
  done <"$work/dependencies"
}
