# Our comments as Doxygen's: the one at the head is the file's, one in front of
# a declaration is its own and that of all which follow without an empty line
# between, one behind a field is the field's.
function say() { if (block != "" && !said) { printf "%s", block }; said = 1 }
open { block = block $0 "\n"; if (/\*\//) open = 0; next }
/^ *\/\*/ {
  text = $0; sub(/\/\*/, FNR == 1 ? "/** @file\n *" : "/**", text)
  block = text "\n"; said = 0; open = !/\*\//
  if (FNR == 1 || !open && /^ +\/\*/) { if (!open) { printf "%s", block; block = "" } }
  head = FNR == 1
  next
}
/^ *$/ { say(); block = ""; print; next }
head { printf "%s", block; block = ""; head = 0 }
/^(ASYNC_EXTERN|__attribute__|#define|typedef|enum|struct)/ { printf "%s", block; said = 1 }
!/^(ASYNC_EXTERN|__attribute__|#define|typedef|enum|struct)/ { say() }
{
  if (/[;,A-Za-z0-9_)] +\/\*[^*]/) sub(/ \/\*/, " /**<")
  print
}
END { if (head) printf "%s", block }
