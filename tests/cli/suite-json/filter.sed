# The head of a run's record, which run-json holds whole.
s/"crc32": "0x[0-9a-f]*"/"crc32": "X"/g
s/"version": "[^"]*"/"version": "VERSION"/g
s/, "simulated_ps": .*/ .../
# Of the program.
s/"program": "0x[0-9a-f]*"/"program": "X"/g
