# Prints each line of C as FILE:LINE:CODE, without comments and without what
# stands inside quotes.
function code(line, out, i, c, two) {
  for (i = 1; i <= length(line); i++) {
    c = substr(line, i, 1)
    two = substr(line, i, 2)
    if (comment) {
      if (two == "*/") { comment = 0; i++ }
    } else if (quote != "") {
      if (c == "\\") i++
      else if (c == quote) { quote = ""; out = out c }
    } else if (two == "/*") {
      comment = 1
      out = out " "
      i++
    } else if (two == "//") {
      break
    } else {
      if (c == "\"" || c == "'") quote = c
      out = out c
    }
  }
  if (line !~ /\\$/) quote = ""
  return out
}

FNR == 1 { comment = 0; quote = "" }
{ print FILENAME ":" FNR ":" code($0) }
