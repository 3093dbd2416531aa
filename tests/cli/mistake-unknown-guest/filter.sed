s/there is: .*reference.* \[/there is: GUESTS [/
