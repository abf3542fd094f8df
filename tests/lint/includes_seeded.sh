# includes_seeded.sh ROOM: for each class of headers the room must not see, a
# source of the room that includes one is refused: by the compiler, which finds
# no such file, or by the rule.
. "$(dirname -- "$0")/include_rules.sh"

all_headers() {
  c_files | grep '\.h$'
  find /usr/include "$BUILD_DIR/../deps" /usr/share/include \
    \( -name jansson.h -o -name zlib.h -o -name llhttp.h -o -path '*/openssl/ssl.h' \) -exec realpath {} + 2>/dev/null || true # not all are there
}

# first_header CLASS
first_header() {
  local header
  while read -r header; do
    class_of "$header"
    if [ "$class_is" = "$1" ]; then
      printf '%s\n' "$header"
      return
    fi
  done <"$work/headers"
}

# seed SPELLING: what is said of a source of the room that includes it
seed() {
  printf '#include "%s"\ntypedef int seeded;\n' "$1" >"$work/seeded.c"
  violations "$room" "$command" "$work/seeded.c" 2>&1 || true
}

# Spelled by its path a header is always found, so the rule itself must speak.
# -MG: not the compiler, which may not find what that header includes.
must_refuse() {
  local header=$2 said more_flags=-MG
  said=$(seed "$header")
  case $said in
  *"includes ${header#"$root"/} ($1)"*) ;;
  *) found "$room may include $1: ${header#"$root"/}: ${said:-no complaint}" ;;
  esac
}

# Spelled as its users spell it, a header of another room is not found at all.
must_not_find() {
  local said
  said=$(seed "asyncscope/${1##*/}")
  case $said in
  *"asyncscope/${1##*/}: No such file"* | *"asyncscope/${1##*/}' file not found"*) ;;
  *) found "$room finds asyncscope/${1##*/}: ${said:-no complaint}" ;;
  esac
}

must_accept() {
  local said
  said=$(seed "$2")
  [ -z "$said" ] || found "$room may not include $1: $said"
}

room=$1
all_headers >"$work/headers"
IFS=$'\t' read -r _ command < <(commands_of "$room")
[ -n "${command:-}" ] || found "$room has no sources"
for class in hooks hooks/include als als/include worker_pool \
  worker_pool/include server/http server/debug server/debug/include \
  server/listener server/listener/include server/otlp server/otlp/include \
  server/tls server/app jansson zlib llhttp openssl; do
  header=$(first_header "$class")
  if [ -z "$header" ]; then
    printf 'nothing to include: %s has no header\n' "$class"
  elif may_see "$room" "$class"; then
    must_accept "$class" "$header"
  else
    must_refuse "$class" "$header"
    case $class in
    */include) must_not_find "$header" ;;
    esac
  fi
done
finish
