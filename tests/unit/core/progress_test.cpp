#include "muslcheck/core/progress.hpp"

#include "support/catch.hpp"

using muslcheck::core::PartProgress;
using muslcheck::core::Progress;

TEST_CASE("progress: parts add up, each up to where it is") {
  Progress whole;
  PartProgress first(&whole, 100);
  PartProgress second(&whole, 50);
  first.reach(10);
  second.reach(20);
  first.reach(15);
  CHECK(whole.bytes_done == 35);
}

TEST_CASE("progress: a part never goes back and never beyond its end") {
  Progress whole;
  PartProgress part(&whole, 100);
  part.reach(60);
  part.reach(40);
  CHECK(whole.bytes_done == 60);
  part.reach(1000);
  CHECK(whole.bytes_done == 100);
}

TEST_CASE("progress: a part counts whole at its end, however far it was read") {
  Progress whole;
  { PartProgress(&whole, 100).reach(30); }
  { const PartProgress unread(&whole, 7); }
  CHECK(whole.bytes_done == 107);
}

TEST_CASE("progress: files are counted") {
  Progress whole;
  PartProgress part(&whole, 0);
  part.count_file();
  part.count_file();
  CHECK(whole.files_done == 2);
}

TEST_CASE("progress: without a whole nothing is counted") {
  PartProgress part(nullptr, 100);
  part.reach(30);
  part.count_file();
}
