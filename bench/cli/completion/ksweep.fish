# Is the command line within this command?
function __ksweep_at
    set -l command
    set -l option
    for word in (commandline -opc)[2..]
        if test -n "$option"
            set option
            continue
        end
        switch $word
            case '-*=*'
            case '-*'
                if contains -- "$command $word" $__ksweep_valued
                    set option $word
                end
            case '*'
                set -l next (string trim -- "$command $word")
                if contains -- "$next" $__ksweep_commands
                    set command $next
                end
        end
    end
    test "$command" = "$argv[1]"
end

complete -c ksweep -f
