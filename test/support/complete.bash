# What bash offers behind the line $2, as readline asks for it: by the function that the script $1 has bound.
source "$1"
bound="$(complete -p ksweep)"
bound="${bound#*-F }"
COMP_LINE="$2" COMP_POINT=${#2}
"${bound%% *}" 2>/dev/null
((${#COMPREPLY[@]} == 0)) || printf '%s\n' "${COMPREPLY[@]}"
