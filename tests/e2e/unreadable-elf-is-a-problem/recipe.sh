mkdir app
cat > x.c <<X
int f(void){return 1;}
X
gcc -shared -fPIC -o app/good.so x.c
head -c 200 app/good.so > app/truncated.so
printf "\177ELF" > app/stub.so
