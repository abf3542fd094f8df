# Functions nobody may call: unbounded ones, those that hide an error, those
# that wait for a time where a test should wait for an event, and the C
# library's allocator outside the one file that stands for it.
. "$(dirname -- "$0")/lib.sh"

# forbid "NAME|NAME..." FILE...
forbid() {
  local names=$1 call
  shift
  while read -r call; do
    found "${call#"$root"/}"
  done < <(code_of "$@" | grep -E "[^A-Za-z0-9_.>]($names) *\(")
}

forbid 'v?sprintf|strcpy|strcat|strtok|gets|atoi|atol|alloca' \
  $(c_files "${rooms[@]}" tests examples)
forbid 'sleep|usleep|nanosleep|clock_nanosleep|uv_sleep' $(c_files tests)
forbid 'malloc|calloc|realloc|free|strdup|strndup|asprintf|uv_replace_allocator' \
  $(c_files | grep -v '/async_allocator\.[ch]$')
finish
