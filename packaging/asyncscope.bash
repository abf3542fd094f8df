# bash completion of asyncscope: what --help lists, whatever the version.
_asyncscope() {
  local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
  local value
  # `=` is a word of its own in bash.
  if [ "$current" = = ]; then
    current=
  elif [ "$option" = = ]; then
    option=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  value=$("$1" --help 2>/dev/null | sed -n "s/^  $option \([A-Za-z|:]*\).*/\1/p")
  COMPREPLY=()
  case $value in
  '') mapfile -t COMPREPLY < <(compgen -W \
    "$("$1" --help 2>/dev/null | sed -n 's/^  \(--[a-z-]*\).*/\1/p')" -- "$current") ;;
  *'|'*) mapfile -t COMPREPLY < <(compgen -W "${value//|/ }" -- "$current") ;;
  FILE) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
  DIR) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
  esac
}
complete -o filenames -F _asyncscope asyncscope
