// Everything is in cli::run, which tests can link.

#include "muslcheck/cli/cli.hpp"

int main(int argc, char* argv[]) { return muslcheck::cli::run(argc, argv); }
