#include <stdio.h>

int main(int argc, char** argv) {
  return printf("thumbnail of %s\n", argc > 1 ? argv[1] : "nothing") < 0;
}
