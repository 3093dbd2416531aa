s/linux-source-6.12 [^ ]*/linux-source-6.12 VERSION/
