# What the Markdown files named on the command line link to, and what they can
# be linked to: "link FILE LINE TARGET" and "anchor FILE NAME", one a line. Code
# is no text. The name of a heading is what GitHub and others make of it: in
# lower case, without punctuation, blanks as hyphens, the second of one name
# with -1.
FNR == 1 { fenced = 0; delete seen }
/^ *```/ { fenced = !fenced; next }
fenced { next }
/^#+ / {
  heading = tolower($0)
  sub(/^#+ +/, "", heading)
  gsub(/\]\([^)]*\)/, "", heading)
  gsub(/[][!"#$%&'()*+,.\/:;<=>?@\\^`{|}~]/, "", heading)
  gsub(/ /, "-", heading)
  n = seen[heading]++
  print "anchor", FILENAME, n ? heading "-" n : heading
}
{
  line = $0
  gsub(/`[^`]*`/, "", line)
  while (match(line, /\]\([^() ]+\)/)) {
    print "link", FILENAME, FNR, substr(line, RSTART + 2, RLENGTH - 3)
    line = substr(line, RSTART + RLENGTH)
  }
}
