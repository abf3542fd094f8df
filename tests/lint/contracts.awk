# Prints what is missing of the contracts of public functions, as
# FILE:LINE: FUNCTION: what. contracts.sh says what a contract is.
BEGIN {
  while ((getline line < errors) > 0) is_error[line] = 1
  while ((getline line < names) > 0) is_uv[line] = 1
  split("Thread,In hooks,Errors,Memory,Node", words, ",")
}

function complain(what) { print FILENAME ":" FNR ": " what }

# "Errors, the end is still the caller's:" is a label too.
function says(text, word) {
  return text ~ ("(^|[^A-Za-z])" word "(,[^.:]*)?: *[^ ]")
}

function check_errors(text, rest, name) {
  rest = text
  while (match(rest, /UV_E[A-Z0-9_]*[A-Z0-9]/)) {
    name = substr(rest, RSTART, RLENGTH)
    rest = substr(rest, RSTART + RLENGTH)
    if (!(name in is_error) && name != "UV_EAI" && name != "UV_E")
      complain("libuv has no " name)
  }
}

function uv_name(name) {
  sub(/^async_/, "", name)
  sub(/_at$/, "", name)
  sub(/_promise$/, "", name)
  return name
}

function needs(word, declaration) {
  if (word == "Errors") return declaration ~ /^int +[a-z_0-9]+\(/
  if (word == "Memory") return declaration ~ /\*/
  return 1
}

function check_function(declaration, name, i, mirrors) {
  sub(/^ +/, "", declaration)
  name = declaration
  sub(/\(.*/, "", name)
  sub(/.*[ *]/, "", name)
  for (i = 1; i in words; i++)
    if (!(words[i] in given) && needs(words[i], declaration) &&
        !says(comment, words[i]))
      complain(name ": " words[i] " is not said")
  mirrors = comment ~ /libuv|uv_[a-z]/ || says(comment, "Node")
  if (by_libuv && !mirrors && !(uv_name(name) in is_uv))
    complain(name ": libuv has no " uv_name(name))
}

FNR == 1 {
  split("", given)
  comment = ""; inside = 0; declaring = ""; macro = 0; opening = 1; by_libuv = 0
}

function end_comment() {
  gsub(/[ \n]\*[ \/]?/, " ", comment)
  check_errors(comment)
  if (!opening) return
  opening = 0
  if (comment !~ /Unless a function says otherwise:/) return
  sub(/.*Unless a function says otherwise:/, "", comment)
  for (i = 1; i in words; i++)
    if (says(comment, words[i])) given[words[i]] = 1
  by_libuv = comment ~ /libuv: the function of the same name/
}

inside {
  comment = comment "\n" $0
  if (/\*\//) { inside = 0; end_comment() }
  next
}
/^\/\*/ {
  comment = $0
  if (/\*\//) end_comment()
  else inside = 1
  next
}
macro { if (!/\\$/) macro = 0; next }
/^#define/ { if (/\\$/) macro = 1; next }
declaring != "" {
  declaring = declaring " " $0
  if (/;/) { check_function(declaring); declaring = "" }
  next
}
/^$/ { comment = ""; next }
/ASYNC_EXTERN/ && !/^#/ {
  sub(/.*ASYNC_EXTERN */, "")
  if (/;/) check_function($0)
  else declaring = $0 " "
}
