_ksweep_describe() {
  local line
  local -a described
  while IFS= read -r line; do
    described+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
  done
  (( ${#described} )) && _describe -t "$1" "$1" described
}

_ksweep_complete_value() {
  local value="$1" name
  case "$value" in
    setting)
      if [[ $PREFIX == *=* ]]; then
        name="${PREFIX%%=*}"
        compset -P 1 '*='
        compadd -- ${(f)"$(_ksweep_setting_values "$name")"}
      else
        compadd -q -S '=' -- ${(f)"$(_ksweep_settings)"}
      fi
      ;;
    words*) compadd -- ${=value#words} ;;
    list*)
      compset -P '*,'
      compadd -q -S ',' -- ${=value#list}
      ;;
    files) _files ;;
    folders) _files -/ ;;
  esac
}

_ksweep() {
  local command="" option="" value="" word
  local -i index
  for (( index = 2; index < CURRENT; index++ )); do
    word="${words[index]}"
    if [[ -n $option ]]; then option=""; continue; fi
    if [[ $word == -* ]]; then
      [[ $word != *=* ]] && _ksweep_value "$command $word" >/dev/null && option="$word"
    elif _ksweep_command "${command:+$command }$word"; then
      command="${command:+$command }$word"
    fi
  done
  if [[ -n $option ]]; then
    _ksweep_complete_value "$(_ksweep_value "$command $option")"
  elif [[ $PREFIX == --*=* ]]; then
    if value="$(_ksweep_value "$command ${PREFIX%%=*}")"; then
      compset -P 1 '*='
      _ksweep_complete_value "$value"
    fi
  elif [[ $PREFIX == -* ]]; then
    _ksweep_describe options < <(_ksweep_options "$command")
  else
    _ksweep_describe commands < <(_ksweep_commands "$command")
    _ksweep_complete_value "$(_ksweep_argument "$command")"
  fi
}

# As a file _ksweep in $fpath it is called; sourced, it registers itself.
if [[ "${funcstack[1]}" == _ksweep ]]; then _ksweep "$@"; else compdef _ksweep ksweep; fi
