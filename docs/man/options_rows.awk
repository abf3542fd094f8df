# --help, as one line for each option, its parts apart by tabs: the group, the
# name, the value, what it is for, from where to where, what holds without it.
# options.awk says how --help is laid out.
function flush() {
  if (name == "")
    return
  range = unless = ""
  if (match(text, / \[[^\]]*\]$/)) {
    unless = substr(text, RSTART + 2, RLENGTH - 3)
    text = substr(text, 1, RSTART - 1)
  }
  if (match(text, /; [0-9.]+[KM]? to [0-9.]+[KM]?$/)) {
    range = substr(text, RSTART + 2)
    text = substr(text, 1, RSTART - 1)
  }
  print group "\t" name "\t" value "\t" text "\t" range "\t" unless
  name = ""
}

/^[A-Z].*:$/ {
  flush()
  group = substr($0, 1, length($0) - 1)
  next
}
/^  --/ {
  flush()
  line = substr($0, 3)
  split(line, words, " ")
  name = words[1]
  line = substr(line, length(name) + 1)
  value = ""
  # The value stands one space behind the name, the text at its column.
  if (match(line, /^ [^ ]+/)) {
    value = words[2]
    line = substr(line, RLENGTH + 1)
  }
  sub(/^ +/, "", line)
  text = line
  next
}
/^    / && name != "" {
  sub(/^ +/, "")
  text = text (text == "" ? "" : " ") $0
  next
}
/^In brackets/ {
  flush()
  exit
}
