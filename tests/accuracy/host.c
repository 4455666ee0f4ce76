/* The smallest program that does what Node, Python or the JVM do with a native module: dlopen it.
 * Built with musl-gcc and run by musl's loader in a root without glibc. It prints "ok", or what
 * dlerror says, and ends with _exit: not even destructors of what it loaded may run. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  int mode = strcmp(argv[1], "lazy") == 0 ? RTLD_LAZY : RTLD_NOW;
  void* handle = dlopen(argv[2], mode);
  puts(handle ? "ok" : dlerror());
  fflush(stdout);
  _exit(handle ? 0 : 1);
}
