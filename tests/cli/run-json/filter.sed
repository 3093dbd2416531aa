s/"crc32": "0x[0-9a-f]*"/"crc32": "X"/
s/"version": ".*"/"version": "VERSION"/
s/: [0-9][0-9]*/: N/g
