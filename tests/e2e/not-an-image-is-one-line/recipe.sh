echo hello > text.txt
