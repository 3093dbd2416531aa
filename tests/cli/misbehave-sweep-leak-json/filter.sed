s/"version": "[^"]*"/"version": "V"/
