echo "int main(void){return 0;}" > x.c
gcc -o tool x.c
