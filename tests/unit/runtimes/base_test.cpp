// The base by label and history. The recognisers are the published ones, the histories those that
// docker-library/repo-info prints, shortened where a glob does not look.

#include "muslcheck/runtimes/base.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "support/catch.hpp"
#include "support/embedded_rules.hpp"
#include "support/tree_builder.hpp"

using namespace muslcheck;
using model::HistoryEntry;
using History = std::vector<HistoryEntry>;

namespace {

const std::string kDebian = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n";
const std::string kUbuntu = "ID=ubuntu\nVERSION_ID=\"22.04\"\nVERSION_CODENAME=jammy\n";

HistoryEntry layer(std::string line) { return {.created_by = std::move(line)}; }
HistoryEntry mark(std::string line) { return {.created_by = std::move(line), .empty_layer = true}; }

History operator+(History left, const History& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

const History kDebianNew{layer("# debian.sh --arch 'amd64' out/ 'bookworm' '@1789689600'")};
const History kDebianOld{layer("/bin/sh -c #(nop) ADD file:917750a82b29 in / "),
                         mark("/bin/sh -c #(nop)  CMD [\"bash\"]")};
const History kUbuntuImage{mark("/bin/sh -c #(nop)  ARG RELEASE"),
                           mark("/bin/sh -c #(nop)  LABEL org.opencontainers.image.version=22.04"),
                           layer("/bin/sh -c #(nop) ADD file:4501ff54ffd3 in / "),
                           mark("/bin/sh -c #(nop)  CMD [\"/bin/bash\"]")};
const History kNode{
    layer("RUN /bin/sh -c groupadd --gid 1000 node   && useradd --uid 1000 node # buildkit"),
    mark("ENV NODE_VERSION=22.23.2"),
    layer(
        "RUN /bin/sh -c ARCH= && curl \"https://nodejs.org/dist/v$NODE_VERSION/n.xz\" # buildkit"),
    mark("ENV YARN_VERSION=1.22.22"),
    layer("RUN /bin/sh -c set -ex   && tar -xzf yarn-v$YARN_VERSION.tar.gz -C /opt/ # buildkit"),
    layer("COPY docker-entrypoint.sh /usr/local/bin/ # buildkit"),
    mark("ENTRYPOINT [\"docker-entrypoint.sh\"]"),
    mark("CMD [\"node\"]")};
const History kBuildpack{
    layer("/bin/sh -c set -eux; \tapt-get update; \tapt-get install -y --no-install-recommends "
          "\t\tca-certificates \t\tcurl \t\tnetbase \t\twget \t; \trm -rf /var/lib/apt/lists/*"),
    layer("/bin/sh -c set -ex; \tif ! command -v gpg > /dev/null; then \t\tapt-get update; "
          "\t\tapt-get install -y --no-install-recommends gnupg dirmngr; fi"),
    layer("/bin/sh -c apt-get update && apt-get install -y --no-install-recommends \t\tgit "
          "\t\tmercurial \t\topenssh-client \t\tsubversion \t\t\t\tprocps \t&& rm -rf x"),
    layer("/bin/sh -c set -ex; \tapt-get update; \tapt-get install -y --no-install-recommends "
          "\t\tautoconf \t\tautomake \t\tbzip2 ; rm -rf /var/lib/apt/lists/*")};
const History kPython{
    mark("ENV LANG=C.UTF-8"),
    layer("RUN /bin/sh -c set -eux; \tapt-get update; \tapt-get install -y "
          "--no-install-recommends \t\tca-certificates \t\tnetbase \t\ttzdata \t; apt-get x"),
    mark("ENV GPG_KEY=7169"),
    mark("ENV PYTHON_VERSION=3.12.13"),
    layer(
        "RUN /bin/sh -c set -eux; wget \"https://www.python.org/ftp/python/x.tar.xz\" # buildkit"),
    layer("RUN /bin/sh -c set -eux; \tfor src in idle3 pip3 pydoc3; do x; done # buildkit"),
    mark("CMD [\"python3\"]")};
const History kRedis{
    layer("RUN /bin/sh -c set -eux; \tgroupadd -r -g 999 redis; # buildkit"),
    layer("RUN /bin/sh -c set -eux; apt-get update; apt-get install -y --no-install-recommends "
          "tzdata ; rm -rf /var/lib/apt/lists/* # buildkit"),
    mark("ENV REDIS_VERSION=8.10.1"),
    mark("ARG REDIS_DOWNLOAD_URL=x"),
    layer("RUN |2 REDIS_DOWNLOAD_URL=x REDIS_DOWNLOAD_SHA=y /bin/sh -c set -eux; wget -O "
          "redis.tar.gz \"$REDIS_DOWNLOAD_URL\"; make # buildkit"),
    layer("RUN |2 REDIS_DOWNLOAD_URL=x REDIS_DOWNLOAD_SHA=y /bin/sh -c mkdir /data && chown "
          "redis:redis /data # buildkit"),
    layer("WORKDIR /data"),
    layer("COPY docker-entrypoint.sh /usr/local/bin/ # buildkit"),
    mark("ENTRYPOINT [\"docker-entrypoint.sh\"]"),
    mark("CMD [\"redis-server\"]")};
const History kTemurin{
    mark("ENV JAVA_HOME=/opt/java/openjdk"),
    layer("RUN /bin/sh -c set -eux;     apt-get update;     DEBIAN_FRONTEND=noninteractive apt-get "
          "install -y --no-install-recommends curl locales; locale-gen en_US.UTF-8; rm x # "
          "buildkit"),
    mark("ENV JAVA_VERSION=jdk-17.0.20+8"),
    layer("RUN /bin/sh -c set -eux; URL='https://github.com/adoptium/temurin17-binaries/r' # "
          "buildkit"),
    layer(
        "RUN /bin/sh -c set -eux;     echo \"Verifying install ...\";  java --version # buildkit"),
    layer("COPY --chmod=755 entrypoint.sh /__cacert_entrypoint.sh # buildkit"),
    mark("ENTRYPOINT [\"/__cacert_entrypoint.sh\"]")};
const History kNginx{mark("LABEL maintainer=NGINX Docker Maintainers"),
                     mark("ENV NGINX_VERSION=1.30.4"),
                     layer("RUN /bin/sh -c set -x     && nginxPackages=\"nginx\"     && mkdir "
                           "/docker-entrypoint.d # buildkit"),
                     layer("COPY docker-entrypoint.sh / # buildkit"),
                     layer("COPY 10-listen-on-ipv6-by-default.sh /docker-entrypoint.d # buildkit"),
                     layer("COPY 15-local-resolvers.envsh /docker-entrypoint.d # buildkit"),
                     layer("COPY 20-envsubst-on-templates.sh /docker-entrypoint.d # buildkit"),
                     layer("COPY 30-tune-worker-processes.sh /docker-entrypoint.d # buildkit"),
                     mark("ENTRYPOINT [\"/docker-entrypoint.sh\"]"),
                     mark("EXPOSE map[80/tcp:{}]"),
                     mark("CMD [\"nginx\" \"-g\" \"daemon off;\"]")};
const History kApp{mark("WORKDIR /app"), layer("COPY . /app # buildkit"),
                   mark("CMD [\"node\" \"server.js\"]")};

struct Image {
  History history;
  std::vector<std::string> env;
  std::string os_release = kDebian;
};

std::optional<model::BaseImage> find(const Image& image,
                                     const std::map<std::string, std::string>& labels = {}) {
  model::SourceInfo source;
  source.config.history = image.history;
  source.config.env = image.env;
  source.config.labels = labels;
  for (const HistoryEntry& entry : image.history)
    if (!entry.empty_layer) source.layers.emplace_back();
  test::TreeBuilder builder;
  builder.metadata("usr/lib/os-release", image.os_release)
      .link("etc/os-release", "../usr/lib/os-release");
  return runtimes::find_base(source, builder.build(), test::embedded_rules().bases);
}

/// "NAME, N layers", "none".
std::string found(const Image& image, const std::map<std::string, std::string>& labels = {}) {
  const auto base = find(image, labels);
  return base ? base->name + ", " + std::to_string(base->layers) + " layers" : "none";
}

}  // namespace

TEST_CASE("official images are recognised by the history they leave") {
  struct Case {
    std::string what;
    Image image;
    std::string expected;
  };
  const std::vector<Case> cases{
      {"debian", {kDebianNew + kApp, {}}, "debian:bookworm, 1 layers"},
      {"debian of the classic builder", {kDebianOld + kApp, {}}, "debian:bookworm, 1 layers"},
      {"ubuntu", {kUbuntuImage + kApp, {}, kUbuntu}, "ubuntu:22.04, 1 layers"},
      {"node, slim",
       {kDebianNew + kNode + kApp, {"NODE_VERSION=22.23.2"}},
       "node:22.23.2-bookworm-slim, 5 layers"},
      {"node, with compilers",
       {kDebianOld + kBuildpack + kNode + kApp, {"NODE_VERSION=22.23.2"}},
       "node:22.23.2-bookworm, 9 layers"},
      {"python",
       {kDebianNew + kPython + kApp, {"PYTHON_VERSION=3.12.13"}},
       "python:3.12.13-bookworm-slim, 4 layers"},
      {"redis with build arguments",
       {kDebianNew + kRedis + kApp, {"REDIS_VERSION=8.10.1"}},
       "redis:8.10.1-bookworm, 7 layers"},
      {"java",
       {kUbuntuImage + kTemurin + kApp,
        {"JAVA_VERSION=jdk-17.0.20+8", "JAVA_HOME=/opt/java/openjdk"},
        kUbuntu},
       "eclipse-temurin:17.0.20_8, 5 layers"},
      {"nginx",
       {kDebianNew + kNginx + kApp, {"NGINX_VERSION=1.30.4"}},
       "nginx:1.30.4-bookworm, 7 layers"},
      {"the official image alone",
       {kDebianNew + kNode, {"NODE_VERSION=22.23.2"}},
       "node:22.23.2-bookworm-slim, 5 layers"},
  };
  for (const Case& one : cases) {
    INFO(one.what);
    CHECK(found(one.image) == one.expected);
    CHECK(find(one.image)->how == "history");
  }
}

TEST_CASE("a history that is not quite an official one gives fewer layers") {
  const Image good{kDebianNew + kNode + kApp, {"NODE_VERSION=22.23.2"}};
  const auto changed = [&](auto change) {
    Image image = good;
    change(image);
    return found(image);
  };
  SECTION("a layer between those of the Dockerfile ends the base before it") {
    CHECK(changed([](Image& image) {
            image.history.insert(image.history.begin() + 4, layer("COPY tool /usr/local/bin/"));
          }) == "debian:bookworm, 1 layers");
  }
  SECTION("without its last lines the Dockerfile may be the user's own") {
    CHECK(changed([](Image& image) {
            image.history = kDebianNew + History(kNode.begin(), kNode.end() - 1);
          }) == "debian:bookworm, 1 layers");
  }
  SECTION("nor may a line be missing in the middle") {
    for (const std::ptrdiff_t missing : {1, 2, 3, 6, 7})
      CHECK(changed([&](Image& image) { image.history.erase(image.history.begin() + missing); }) ==
            "debian:bookworm, 1 layers");
  }
  SECTION("without the variable it is not that image") {
    CHECK(changed([](Image& image) { image.env = {"NODE_VERSIONS=1"}; }) ==
          "debian:bookworm, 1 layers");
  }
  SECTION("another distribution's rootfs is not debian") {
    CHECK(changed([](Image& image) { image.os_release = "ID=alpine\n"; }) == "none");
  }
  SECTION("a rootfs without bash as its command is somebody's own") {
    CHECK(found({{kDebianOld[0], mark("CMD [\"/app\"]")}, {}}) == "none");
  }
  SECTION("a user's layer that looks like one of the base is not taken along") {
    CHECK(changed([](Image& image) { image.history.push_back(kNode[5]); }) ==
          "node:22.23.2-bookworm-slim, 5 layers");
  }
  SECTION("a similar apt-get line of the user is not a base") {
    CHECK(found({kDebianNew + History{kBuildpack[0]} + kApp, {}}) == "debian:bookworm, 1 layers");
  }
  SECTION("lines that do not map to the layers say nothing") {
    model::SourceInfo source;
    source.config.history = good.history;
    source.layers.resize(2);
    test::TreeBuilder builder;
    builder.metadata("etc/os-release", kDebian);
    CHECK(!runtimes::find_base(source, builder.build(), test::embedded_rules().bases));
  }
}

TEST_CASE("a version that is not known leaves the tag away") {
  CHECK(found({kDebianNew + kNode, {"NODE_VERSION="}}) == "node, 5 layers");
  CHECK(found({kDebianNew + kNode, {"NODE_VERSION=1/../x y"}}) ==
        "node:1_.._x_y-bookworm-slim, 5 layers");
}

TEST_CASE("labels name the base, the history its layers") {
  const std::string name = "org.opencontainers.image.base.name";
  const std::string digest = "org.opencontainers.image.base.digest";
  const Image node{kDebianNew + kNode + kApp, {"NODE_VERSION=22.23.2"}};
  CHECK(found(node, {{name, "shop/node:4"}}) == "shop/node:4, 5 layers");
  CHECK(found({kApp, {}}, {{name, " shop/node:4\n"}}) == "shop/node:4, 0 layers");
  CHECK(find(node, {{name, "shop/node:4"}})->how == "label");
  CHECK(find(node, {{name, "a"}, {digest, "sha256:0af3"}})->digest == "sha256:0af3");
  CHECK(find(node, {{name, "a"}, {digest, "sha256:\x1b[31m"}})->digest.empty());
  CHECK(find(node, {{name, std::string(10'000, 'x')}})->name.size() <=
        core::limits::kMaxImageName + 3);
}

TEST_CASE("a history line is the same instruction whichever builder wrote it") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"/bin/sh -c #(nop)  ENV A=1", "ENV A=1"},
      {"/bin/sh -c #(nop) ADD file:12 in / ", "ADD file:12 in /"},
      {"/bin/sh -c apt-get \t update", "RUN apt-get update"},
      {"RUN /bin/sh -c make # buildkit", "RUN make"},
      {"RUN |1 A=x /bin/sh -c make # buildkit", "RUN make"},
      {"|1 A=x /bin/sh -c make", "RUN make"},
      {"COPY a /b # buildkit", "COPY a /b"},
      {"WORKDIR /app", "WORKDIR /app"},
      {"", ""},
      {std::string(core::limits::kMaxHistoryLine, 'x'),
       std::string(core::limits::kMaxHistoryLine, 'x')},
      {std::string(core::limits::kMaxHistoryLine + 1, 'x'), ""},
  };
  for (const auto& [line, expected] : cases)
    CHECK(runtimes::normalize_history_line(line) == expected);
}

TEST_CASE("shared layers are counted from the first one on") {
  const auto image = [](const std::vector<std::string>& digests) {
    model::SourceInfo source;
    for (const std::string& digest : digests)
      source.layers.push_back({.digest = digest, .created_by = {}});
    return source;
  };
  CHECK(runtimes::count_shared_layers(image({"a", "b", "c"}), image({"a", "b"})) == 2);
  CHECK(runtimes::count_shared_layers(image({"a", "b"}), image({"a", "x", "b"})) == 1);
  CHECK(runtimes::count_shared_layers(image({"x", "a"}), image({"a"})) == 0);
  CHECK(runtimes::count_shared_layers(image({"", "a"}), image({"", "a"})) == 0);
}
