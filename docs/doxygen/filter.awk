# Our comments as Doxygen's: the one at the head is the file's, one in front of
# a declaration is its own and that of all which follow without an empty line
# between. Among the fields of a struct and the constants of an enum one in front
# is the next one's, one behind a line is of all that the line declares, and what
# stands behind "private" is nobody's to read.
#
# Each line stays the line it was, so that warnings name the right one.
function say() { if (block != "" && !said) printf "%s", block; said = 1 }
# For those that follow without an empty line between.
function say_again(text) {
  text = block
  if (said) { gsub(/\n/, "", text); gsub(/ \* /, " ", text) }
  printf "%s", text
  said = 1
}
function ends_comment(text) { return text ~ /\*\// }

# "a, b; /* both */" is said of each.
function field(line, head, tail, list, n, i) {
  if (line !~ /^ +[A-Za-z_][A-Za-z0-9_ ]* \**[a-z_0-9]+(, \**[a-z_0-9]+)+;/) {
    print behind(line)
    return
  }
  tail = line
  sub(/^[^;]*;/, "", tail)
  line = substr(line, 1, length(line) - length(tail) - 1)
  head = line
  sub(/,.*/, "", head)
  sub(/[ *]+[a-z_0-9]+$/, "", head)
  n = split(substr(line, length(head) + 1), list, ",")
  for (i = 1; i <= n; i++) printf "%s%s", behind(head " " list[i] ";" tail), i < n ? "" : "\n"
}

function behind(line) {
  if (line ~ /[;,A-Za-z0-9_)] +\/\*[^*]/) sub(/ \/\*/, " /**<", line)
  return line
}

# Between the braces of a struct or an enum.
function inside_braces() {
  if (in_comment) { print; in_comment = !ends_comment($0); return }
  if (/^ +\/\* private[^*]*\*\/$/) { print "/** @cond */"; hidden = 1; return }
  in_comment = /\/\*/ && !ends_comment($0)
  if (/^ *\/\*/) { sub(/\/\*/, "/**"); print; return }
  if (/\{$/) depth++
  if (/^ *\}/ && --depth == 0 && hidden) { printf "/** @endcond */"; hidden = 0 }
  field($0)
}

depth { inside_braces(); next }
open { block = block $0 "\n"; if (/\*\//) open = 0; next }
/^ *\/\*/ {
  text = $0; sub(/\/\*/, FNR == 1 ? "/** @file\n *" : "/**", text)
  block = text "\n"; said = 0; open = !/\*\//
  head = FNR == 1
  next
}
/^ *$/ { say(); block = ""; print; next }
head { printf "%s", block; block = ""; head = 0 }
/^(ASYNC_EXTERN|__attribute__|#define|typedef|enum|struct)/ { say_again() }
!/^(ASYNC_EXTERN|__attribute__|#define|typedef|enum|struct)/ { say() }
/^(typedef )?(struct|enum|union) .*\{$/ { depth = 1 }
{ print behind($0) }
END { if (head) printf "%s", block }
