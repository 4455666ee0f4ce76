mkdir app
echo "int f(void){return 1;}" > x.c
gcc -c -o app/x.o x.c
