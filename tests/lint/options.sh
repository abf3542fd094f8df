# options.sh SERVER: what --help says of each option is what the page of the
# options, the manual and the completion of bash say, and what other documents
# say holds without one is what holds. Each is tried with a fault, too.
. "$(dirname -- "$0")/lib.sh"
server=$1
"$server" --help >"$work/help"
grep -q -- --tls-cert "$work/help" ||
  skip "this server is built without TLS, the documents are not"

# GROUP, --NAME, VALUE, what for, RANGE, DEFAULT, by tabs
awk -f "$root/docs/man/options_rows.awk" "$work/help" >"$work/rows"
[ "$(wc -l <"$work/rows")" -ge 40 ] || found "--help has few options"
[ "$(cut -f2 "$work/rows" | sort)" = \
  "$(grep -oE '^  --[a-z-]+' "$work/help" | tr -d ' ' | sort)" ] ||
  found "docs/man/options_rows.awk loses options"

page_is_made_of_help() {
  "$root/docs/man/page" "$server" | diff - "$1"
}

# The manual as NAME, VALUE and all that is said of it, by tabs.
rows_of_manual() {
  zcat "$1" | awk '
    function flush() { if (name != "") print name "\t" value "\t" text; name = "" }
    { gsub(/\\e/, "\\"); gsub(/\\-/, "-"); sub(/^\\&/, "") }
    /^\.It Fl -/ { flush(); name = "-" $3; value = $5; text = ""; next }
    /^\./ { flush(); next }
    name != "" { text = text (text == "" ? "" : " ") $0 }'
}

manual_says_what_help_says() {
  diff <(awk -F '\t' '{ print $2 "\t" $3 "\t" $4 ($5 == "" ? "" : "; " $5) \
      ($6 == "" ? "" : " [" $6 "]") }' "$work/rows" | sort) <(rows_of_manual "$1" | sort)
}

# complete_with COMPLETION WORD...: what bash offers behind these words
complete_with() {
  PATH=${server%/*}:$PATH bash -c '
    complete() { :; }
    . "$1"; shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _asyncscope "$1"
    printf "%s\n" "${COMPREPLY[@]}"' - "$1" asyncscope "${@:2}"
}

completion_offers_all() {
  local name value
  diff <(cut -f2 "$work/rows" | sort) <(complete_with "$1" -- | sort) || return
  while IFS=$'\t' read -r name value; do
    diff <(tr '|' '\n' <<<"$value") <(complete_with "$1" "$name" '') || return
  done < <(awk -F '\t' '$3 ~ /\|/ { print $2 "\t" $3 }' "$work/rows")
}

# Options as documents name them, FILE:LINE --NAME: in `code`, and behind the
# server in a command.
options_named() {
  awk '/^```/ { block = !block; next }
    { line = $0
      if (block && line !~ /^(\$ )?(asyncscope|scripts\/run) /) next
      while (match(line, block ? "--[a-z-]+" : "`(asyncscope )?--[a-z-]+")) {
        name = substr(line, RSTART, RLENGTH)
        sub(/.*--/, "--", name)
        print FILENAME ":" FNR " " name
        line = substr(line, RSTART + RLENGTH)
      }
    }' "$@"
}

# Those of other programs.
others=' --install --prefix --list --unix-socket --abort-on-uncaught-exception --deploy-hook --update '

documents_name_what_is_there() {
  local place name status=0
  while read -r place name; do
    [[ $others != *" $name "* ]] || continue
    grep -q "$(printf '\t%s\t' "$name")" "$work/rows" ||
      { echo "${place#"$root"/}: no option $name"; status=1; }
  done < <(options_named "$@")
  return $status
}

# What holds without an option, as documents write it: "`--x` (1 by default)",
# "`--x`, 1 by default", and in tables "`--x` 1 s". FILE:LINE --NAME VALUE
defaults_named() {
  grep -HnoE '`--[a-z-]+`( \(|, )[^ ();]+ by default|`--warn-[a-z-]+` [0-9.]+' "$@" |
    sed -E 's/:`(--[a-z-]+)`( \(|, | )([^ ]+).*/ \1 \3/'
}

defaults_hold() {
  local place name value status=0
  while read -r place name value; do
    awk -F '\t' -v name="$name" -v value="$value" \
      '$2 == name { seen = $6 } END { exit seen != value }' "$work/rows" ||
      { echo "${place#"$root"/}: $name is not $value by default"; status=1; }
  done < <(defaults_named "$@")
  return $status
}

# holds WHAT CHECK FILE SED: the check passes, and fails when SED spoiled a file
holds() {
  "$2" "$3" >"$work/said" || found "$1: $(head -n 20 "$work/said")"
  case $3 in
  *.gz) zcat "$3" | sed "$4" | gzip >"$work/spoiled" ;;
  *) sed "$4" "$3" >"$work/spoiled" ;;
  esac
  ! "$2" "$work/spoiled" >"$work/said" 2>&1 || found "$1: not found: $4"
}

"$root/docs/man/make" "$server" "$work/manual.gz"
page=$root/docs/options.md
holds "docs/options.md is not what docs/man/page makes" \
  page_is_made_of_help "$page" 's/ SECONDS/ MILLISECONDS/'
holds "asyncscope(1)" manual_says_what_help_says "$work/manual.gz" 's/\[10\]/[11]/'
holds "asyncscope(1)" manual_says_what_help_says "$work/manual.gz" '/^\.It Fl .*loops/d'
holds "the completion of bash" completion_offers_all "$root/packaging/asyncscope.bash" \
  's/a-z-/a-k-/'
documents=("$root"/{README,CONTRIBUTING,SECURITY,CHANGELOG}.md "$root"/docs/*.md)
documents_name_what_is_there "${documents[@]}" >"$work/said" || found "$(cat "$work/said")"
holds "docs/operations.md" documents_name_what_is_there "$root/docs/operations.md" \
  's/`--debug-allow/`--debug-permit/'
defaults_hold "${documents[@]}" >"$work/said" || found "$(cat "$work/said")"
holds "docs/warnings.md" defaults_hold "$root/docs/warnings.md" \
  's/`--warn-long-pending` 10/`--warn-long-pending` 12/'
holds "docs/http.md" defaults_hold "$root/docs/http.md" 's/(0 by default/(5 by default/'
echo "held: $(wc -l <"$work/rows") options, $(options_named "${documents[@]}" | wc -l) names" \
  "and $(defaults_named "${documents[@]}" | wc -l) defaults in documents"
finish
