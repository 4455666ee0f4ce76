mkdir app
echo "int main(void){return 0;}" > x.c
gcc -static -o app/tool x.c
