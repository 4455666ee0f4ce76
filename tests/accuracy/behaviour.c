// What the rules MC3xx and MC4xx say about functions that glibc and musl have under one name. Built
// for glibc, run by either loader: one line per function.
#define _GNU_SOURCE
#include <errno.h>
#include <iconv.h>
#include <pthread.h>
#include <regex.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void regexec_and_its_offsets(void) {
  // Room for what musl writes, so that the test itself does not overwrite its stack.
  struct {
    regmatch_t match[2];
    long behind[8];
  } area;
  memset(&area, 0, sizeof area);
  area.behind[0] = 1;
  regex_t regex;
  regcomp(&regex, "b(c)", REG_EXTENDED);
  regexec(&regex, "abc", 2, area.match, 0);
  printf("regexec %d-%d %d-%d, behind %s\n", area.match[0].rm_so, area.match[0].rm_eo,
         area.match[1].rm_so, area.match[1].rm_eo, area.behind[0] == 1 ? "intact" : "overwritten");
}

static void* stack_of_thread(void* unused) {
  pthread_attr_t attributes;
  void* address;
  size_t size = 0;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &address, &size);
  printf("thread stack %s 1 MiB\n", size < 1 << 20 ? "below" : "from");
  return unused;
}

int main(void) {
  regexec_and_its_offsets();
  char buffer[64];
  printf("strerror_r %s\n", strerror_r(ENOENT, buffer, sizeof buffer) == NULL ? "null" : "text");
  char path[] = "/usr/lib/";
  printf("basename '%s'\n", basename(path));
  char* arguments[] = {"x", "operand", "-a", NULL};
  printf("getopt %d\n", getopt(3, arguments, "a"));
  printf("iconv %s\n",
         iconv_open("ASCII//TRANSLIT", "UTF-8") == (iconv_t)-1 ? "refused" : "opened");
  pthread_t thread;
  pthread_create(&thread, NULL, stack_of_thread, NULL);
  pthread_join(thread, NULL);
  return 0;
}
