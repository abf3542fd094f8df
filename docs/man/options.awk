# --help, as the mdoc of asyncscope.1: a line that begins in the first column
# and ends with a colon heads a group, one with "  --" begins an option, and
# what stands deeper goes on with it.
function escaped(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  return text
}

function text_line(text) {
  if (text ~ /^[.']/)
    text = "\\&" text
  print escaped(text)
}

function option(line, words, head) {
  head = line
  sub(/^  --/, "", head)
  words = ""
  if (match(head, /  +/)) {
    words = substr(head, RSTART + RLENGTH)
    head = substr(head, 1, RSTART - 1)
  } else if (match(head, /^[a-z-]+ [A-Z:]+ [a-z]/)) {
    words = substr(head, RLENGTH)
    head = substr(head, 1, RLENGTH - 2)
  }
  split(head, parts, " ")
  print ".It Fl \\-" escaped(parts[1]) (parts[2] == "" ? "" : " Ar " parts[2])
  if (words != "")
    text_line(words)
}

/^[A-Z].*:$/ && !ended {
  if (open)
    print ".El"
  sub(/:$/, "")
  print ".Ss " $0
  print ".Bl -tag -width Ds"
  open = 1
  next
}
/^  --/ && !ended {
  if (!open)
    print ".Bl -tag -width Ds"
  open = 1
  option($0)
  next
}
/^    / && open && !ended {
  sub(/^ +/, "")
  text_line($0)
  next
}
/^[A-Z]/ && open { ended = 1 }
END { if (open) print ".El" }
