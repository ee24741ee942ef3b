# Written for bash 3.2, which macOS has; needs no bash-completion.

# Words that begin with what was typed; a tab and a description behind a word are left out.
_ksweep_matching() {
  local line
  while IFS= read -r line; do
    line="$2${line%%$'\t'*}$3"
    [[ $line == "$1"* ]] && COMPREPLY+=("$line")
  done
}

_ksweep_complete_value() {
  local value="$1" current="$2" before=""
  case "$value" in
    setting)
      if [[ $current == *=* ]]; then
        _ksweep_matching "$current" "${current%%=*}=" < <(_ksweep_setting_values "${current%%=*}")
      else
        _ksweep_matching "$current" "" "=" < <(_ksweep_settings)
      fi
      ;;
    words*) _ksweep_matching "$current" < <(printf '%s\n' ${value#words}) ;;
    list*)
      [[ $current == *,* ]] && before="${current%,*},"
      _ksweep_matching "$current" "$before" < <(printf '%s\n' ${value#list})
      ;;
    files | folders)
      local flag=-f line
      [[ $value == folders ]] && flag=-d
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen "$flag" -- "$current")
      ;;
  esac
}

_ksweep() {
  COMPREPLY=()
  # COMP_WORDS breaks a word at = and at :, so the line is read as it was typed.
  local line="${COMP_LINE:0:COMP_POINT}" command="" option="" value="" current word index
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local last=$(( ${#words[@]} - 1 ))
  current="${words[last]}"
  for (( index = 1; index < last; index++ )); do
    word="${words[index]}"
    if [[ -n $option ]]; then option=""; continue; fi
    if [[ $word == -* ]]; then
      [[ $word != *=* ]] && _ksweep_value "$command $word" >/dev/null && option="$word"
    elif _ksweep_command "${command:+$command }$word"; then
      command="${command:+$command }$word"
    fi
  done
  if [[ -n $option ]]; then
    _ksweep_complete_value "$(_ksweep_value "$command $option")" "$current"
  elif [[ $current == --*=* ]]; then
    if value="$(_ksweep_value "$command ${current%%=*}")"; then
      option="${current%%=*}="
      _ksweep_complete_value "$value" "${current#*=}"
      for (( index = 0; index < ${#COMPREPLY[@]}; index++ )); do COMPREPLY[index]="$option${COMPREPLY[index]}"; done
    fi
  elif [[ $current == -* ]]; then
    _ksweep_matching "$current" < <(_ksweep_options "$command")
  else
    _ksweep_matching "$current" < <(_ksweep_commands "$command")
    _ksweep_complete_value "$(_ksweep_argument "$command")" "$current"
  fi
  # Readline replaces only what is behind the last = or :.
  local broken="${current%"${current##*[=:]}"}"
  [[ $COMP_WORDBREAKS != *=* ]] && broken=""
  for (( index = 0; index < ${#COMPREPLY[@]}; index++ )); do
    COMPREPLY[index]="${COMPREPLY[index]#"$broken"}"
  done
  [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  return 0
}
complete -F _ksweep ksweep
