// Scripts as people write them, one row per way of saying something: which commands they call.

#include "muslcheck/runtimes/shell_script.hpp"

#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"
#include "support/catch.hpp"

using namespace muslcheck;
using runtimes::parse_command_words;
using runtimes::parse_shell_script;
using runtimes::ShellCommand;

namespace {

/// "2 curl -f http://x; 3? jq .": line and words; a question mark: optional.
std::string shown(const std::vector<ShellCommand>& commands) {
  std::vector<std::string> lines;
  for (const ShellCommand& command : commands)
    lines.push_back(std::to_string(command.line) + (command.optional ? "? " : " ") +
                    core::join(command.words, " "));
  return core::join(lines, "; ");
}

struct Case {
  const char* name;
  const char* script;
  const char* expected;
};

const Case kCases[] = {
    {"one command", "curl -f http://x/y", "1 curl -f http://x/y"},
    {"comments and empty lines", "# curl\n\n  # wget\njq . # sed\n", "4 jq ."},
    {"a hash within a word", "jq .a#b $#", "1 jq .a#b $#"},
    {"quotes", "grep -P 'a b' \"c $d\" e\\ f", "1 grep -P a b c $d e f"},
    {"continued lines", "useradd \\\n  -m \\\n  app\njq", "1 useradd -m app; 4 jq"},
    {"lines that end as in Windows", "jq .\r\nyq \\\r\n .\r\n", "1 jq .; 2 yq ."},
    {"separators", "a; b && c || d | e & f", "1 a; 1 b; 1? c; 1 d; 1 e; 1 f"},
    {"keywords", "if ! curl x; then jq y; elif wget z; then :; else sed w; fi",
     "1 curl x; 1 jq y; 1 wget z; 1 sed w"},
    {"loops", "while read -r l; do jq x; done < f\nuntil nc -z a 1; do sleep 1; done",
     "1 jq x; 2 nc -z a 1; 2 sleep 1"},
    {"for over words", "for i in curl wget \"$@\"; do jq $i; done\nfor x\ndo yq\ndone",
     "1 jq $i; 3 yq"},
    {"for with arithmetic", "for ((i=0; i<3; i++)); do jq; done", "1 jq"},
    {"case", "case \"$1\" in\n  start|run) jq a ;;\n  (stop) yq b;;\n  *) sed c\nesac\ncurl",
     "2 jq a; 3 yq b; 4 sed c; 6 curl"},
    {"case on one line", "case $x in a) jq;; b|c) yq;; esac; curl", "1 jq; 1 yq; 1 curl"},
    {"case in a case", "case a in b) case c in d) jq;; esac;; e) yq;; esac; sed",
     "1 jq; 1 yq; 1 sed"},
    {"subshells and groups", "(cd /x && jq .) || { yq; }", "1 jq .; 1 yq"},
    {"arithmetic", "((i++)); x=$((1 + curl)); jq", "1 jq"},
    {"tests of bash", "if [[ $a == curl && -n wget || ( b < c ) ]]; then jq; fi", "1 jq"},
    {"functions", "usage() { jq; }\nfunction other {\n yq\n}\nusage; other; sed",
     "1 jq; 3 yq; 5 sed"},
    {"a function that is defined after its use", "main\nmain () {\n jq\n}", "3 jq"},
    {"assignments", "A=b C=\"d e\" jq x\nD=curl\narr=(wget sed)\nE+=f yq", "1 jq x; 4 yq"},
    {"redirections", "jq . >/dev/null 2>&1 <in\n>out yq &>log\n2>/dev/null sed",
     "1 jq .; 2 yq; 3 sed"},
    {"here-documents", "cat <<EOF | jq .\ncurl x\nEOF\nyq <<-'E' >f\n\twget\n\tE\nsed",
     "1 cat; 1 jq .; 4 yq; 7 sed"},
    {"two here-documents in a line", "a <<A b <<B\ncurl\nA\nwget\nB\njq", "1 a b; 6 jq"},
    {"here-strings", "jq . <<< curl\nyq", "1 jq .; 2 yq"},
    {"substitutions", "x=$(curl a | jq .)\necho \"$(date -d \"$(yq b)\") `sed c`\"",
     "1 curl a; 1 jq .; 2 date -d $(yq b); 2 sed c; 2 yq b"},
    {"a default that is a substitution", "A=${B:-$(curl x)} jq", "1 jq; 1 curl x"},
    {"braces of a variable", "jq ${A:-b c} d\nyq", "1 jq ${A:-b c} d; 2 yq"},
    {"an apostrophe in a comment of a substitution", "x=$(\n # don't\n curl\n)\njq",
     "3 curl; 5 jq"},
    {"process substitution", "diff <(curl a) <(jq b)", "1 diff  ; 1 curl a; 1 jq b"},
    {"programs that start others", "exec gosu app env A=b tini -g -- node x.js",
     "1 gosu app env A=b tini -g -- node x.js; 1 env A=b tini -g -- node x.js; "
     "1 tini -g -- node x.js; 1 node x.js"},
    {"options with an argument", "sudo -u app -E jq; timeout -s KILL 5 yq; nice -n 5 sed",
     "1 sudo -u app -E jq; 1 jq; 1 timeout -s KILL 5 yq; 1 yq; 1 nice -n 5 sed; 1 sed"},
    {"find and xargs", "find . -name x -exec jq {} + | xargs -r -n 1 yq -y",
     "1 find . -name x -exec jq {} +; 1 jq {} +; 1 xargs -r -n 1 yq -y; 1 yq -y"},
    {"a shell within the shell", "bash -ec 'curl x\njq y'\nsu -s /bin/sh app -c \"yq\"",
     "1 bash -ec curl x\njq y; 1 curl x; 2 jq y; 3 su -s /bin/sh app -c yq; 3 yq"},
    {"what the shell does itself", "cd x; export A=b; echo c; set -e; [ -f d ]; test e; exec 3>&1",
     ""},
    {"by its path it is a program", "/bin/echo a", "1 /bin/echo a"},
    {"names made of variables", "$CMD x; \"$@\"; ${A}b; \"$D/run\"; exec \"$@\"", ""},
    {"a script that is read in", ". /app/env.sh; source ./b.sh",
     "1 . /app/env.sh; 1 source ./b.sh"},
    {"asked for with command -v", "if command -v curl >/dev/null; then curl a; else wget b; fi",
     "1? curl a; 1 wget b"},
    {"asked for with which", "which jq && jq .", "1 which jq; 1? jq ."},
    {"asked for with a test", "[ -x /usr/bin/curl ] && curl a", "1? curl a"},
    {"done without", "useradd app || true\ncurl x || exit 1", "1? useradd app; 2 curl x"},
    {"done in another way", "curl x || wget y || exit 1", "1? curl x; 1 wget y"},
    {"needed", "curl x || { echo no; exit 1; }\njq || (exit 2)\nyq || die no",
     "1 curl x; 2 jq; 3 yq; 3 die no"},
    {"a script for Python that begins as one for sh",
     "#!/bin/sh\n'''exec' /opt/python \"$0\" \"$@\"\n' '''\nimport re\ncurl x\n",
     "2 /opt/python $0 $@"},
    {"nothing", "", ""},
    {"an open quote", "jq 'a b\nc", "1 jq a b\nc"},
    {"an open substitution", "x=$(curl a", "1 curl a"},
    {"what is no script", ")( ;; esac } fi ]] <<", ""},
};

}  // namespace

TEST_CASE("the commands of a script") {
  for (const Case& item : kCases) {
    INFO(item.name);
    CHECK(shown(parse_shell_script(item.script)) == item.expected);
  }
}

TEST_CASE("the commands of words") {
  CHECK(
      shown(parse_command_words({"/usr/bin/tini", "--", "sh", "-c", "curl 'a b' | jq ."})) ==
      "1 /usr/bin/tini -- sh -c curl 'a b' | jq .; 1 sh -c curl 'a b' | jq .; 1 curl a b; 1 jq .");
  CHECK(parse_command_words({}).empty());
  CHECK(parse_command_words({""}).empty());
}

TEST_CASE("nesting and length are bounded") {
  std::string nested = "jq";
  for (std::size_t i = 0; i < 4 * core::limits::kMaxShellNesting; ++i)
    nested = "a $(" + nested + ")";
  CHECK(parse_shell_script(nested).size() == core::limits::kMaxShellNesting + 1);
  std::string many;
  for (std::size_t i = 0; i < core::limits::kMaxScriptCommands + 10; ++i) many += "jq\n";
  CHECK(parse_shell_script(many).size() == core::limits::kMaxScriptCommands);
}
