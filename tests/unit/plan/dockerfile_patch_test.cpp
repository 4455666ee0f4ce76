#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "muslcheck/core/text.hpp"
#include "unit/plan/dockerfile_fixture.hpp"

namespace muslcheck {
namespace {

using test::notes_of;
using test::patch;

/// One rule: the lines behind "FROM node:20-slim", and what they become behind the new FROM.
struct Row {
  const char* name;
  std::string before;
  std::string after;
};

const std::string kFrom = "FROM node:20-slim\n";
const std::string kNewFrom = "FROM node:20-alpine\n";

void check_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(patch(kFrom + row.before).text == kNewFrom + row.after);
  }
}

}  // namespace

TEST_CASE("FROM gets the Alpine tag of the same version") {
  struct From {
    const char* before;
    const char* after;
  };
  const std::vector<From> rows{
      {"node:18", "node:18-alpine"},
      {"node:20.11-bookworm-slim", "node:20.11-alpine"},
      {"node", "node:alpine"},
      {"node:latest", "node:alpine"},
      {"docker.io/library/node:20", "docker.io/library/node:20-alpine"},
      {"python:3.11-slim-bookworm", "python:3.11-alpine"},
      {"nginx:1.27", "nginx:1.27-alpine"},
      {"php:8.3-fpm", "php:8.3-fpm-alpine"},
      {"ruby:3.3-slim", "ruby:3.3-alpine"},
      {"golang:1.22-bookworm", "golang:1.22-alpine"},
      {"rust:1.79-slim", "rust:1.79-alpine"},
      {"eclipse-temurin:21-jre", "eclipse-temurin:21-jre-alpine"},
      {"openjdk:17-jdk-slim", "eclipse-temurin:17-jdk-alpine"},
      {"openjdk:11-jre-slim", "eclipse-temurin:11-jre-alpine"},
      {"maven:3.9-eclipse-temurin-21", "maven:3.9-eclipse-temurin-21-alpine"},
      {"mcr.microsoft.com/dotnet/sdk:8.0", "mcr.microsoft.com/dotnet/sdk:8.0-alpine"},
      {"mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled",
       "mcr.microsoft.com/dotnet/aspnet:8.0-alpine"},
      {"debian:bookworm-slim", "alpine:3.22"},
      {"ubuntu:22.04", "alpine:3.22"},
      {"--platform=$BUILDPLATFORM node:20 AS build",
       "--platform=$BUILDPLATFORM node:20-alpine AS build"},
      // Nothing that is not known is touched.
      {"node:20-alpine3.20", "node:20-alpine3.20"},
      {"alpine:3.19", "alpine:3.19"},
      {"scratch", "scratch"},
      {"node@sha256:0123456789012345678901234567890123456789012345678901234567890123",
       "node@sha256:0123456789012345678901234567890123456789012345678901234567890123"},
      {"php:8.3-apache", "php:8.3-apache"},
      {"registry.example.com/team/node:20", "registry.example.com/team/node:20"},
      {"gcr.io/distroless/nodejs20", "gcr.io/distroless/nodejs20"},
  };
  for (const From& row : rows)
    CHECK(patch(std::string("FROM ") + row.before + "\n").text ==
          std::string("FROM ") + row.after + "\n");
}

TEST_CASE("a release that the user asked for stands in tags that can name it") {
  const plan::PatchRequest request{.release = "3.21", .release_given = true};
  CHECK(patch("FROM node:20-slim\n", request).text == "FROM node:20-alpine3.21\n");
  CHECK(patch("FROM debian:12\n", request).text == "FROM alpine:3.21\n");
  CHECK(patch("FROM eclipse-temurin:21-jre\n", request).text ==
        "FROM eclipse-temurin:21-jre-alpine\n");
}

TEST_CASE("variables in a tag stay, or their default changes") {
  CHECK(patch("ARG V=20\nFROM node:${V}-slim\n").text == "ARG V=20\nFROM node:${V}-alpine\n");
  CHECK(patch("ARG V=20\nFROM node:$V\n").text == "ARG V=20\nFROM node:$V-alpine\n");
  CHECK(patch("ARG V=20-bookworm\nFROM node:${V}\n").text == "ARG V=20-alpine\nFROM node:${V}\n");
  CHECK(patch("ARG BASE=node:20-slim\nFROM ${BASE}\n").text ==
        "ARG BASE=node:20-alpine\nFROM ${BASE}\n");
  CHECK(patch("ARG V=\"3.11-slim\"\nFROM python:$V AS a\nFROM python:$V\n").text ==
        "ARG V=\"3.11-alpine\"\nFROM python:$V AS a\nFROM python:$V\n");
  const auto made_up = patch("ARG A=20\nARG B=bookworm\nFROM node:$A-$B\n");
  CHECK(made_up.diff.empty());
  CHECK_THAT(notes_of(made_up), Catch::Contains("choose the Alpine tag yourself"));
}

TEST_CASE("what was not seen or cannot move gets a note") {
  CHECK_THAT(notes_of(patch("FROM node:99.1-slim\n")),
             Catch::Contains("line 1: node:99.1-slim: the tag node:99.1-alpine is not in"));
  CHECK_THAT(notes_of(patch("FROM php:8.3-apache\n")), Catch::Contains("no Alpine variant"));
  CHECK_THAT(notes_of(patch("FROM acme/app:1\n")), Catch::Contains("no Alpine variant"));
  CHECK(notes_of(patch("FROM nginx:1.27\n")).empty());
  CHECK(notes_of(patch("FROM alpine:3.22\nRUN apk add curl\n")).empty());
}

TEST_CASE("apt-get becomes apk") {
  check_rows({
      {"all in one line",
       "RUN apt-get update && apt-get install -y --no-install-recommends curl git && rm -rf "
       "/var/lib/apt/lists/*\n",
       "RUN apk add --no-cache curl git\n"},
      {"one package a line",
       "RUN apt-get update \\\n    && apt-get install -y \\\n        build-essential \\\n        "
       "libpq-dev \\\n    && rm -rf /var/lib/apt/lists/*\n",
       "RUN apk add --no-cache \\\n        build-base \\\n        libpq-dev\n"},
      {"other commands stay where they are",
       "RUN apt-get update && apt-get -qq install curl \\\n # a comment\n && curl -o x y && "
       "apt-get clean\n",
       "RUN apk add --no-cache curl \\\n # a comment\n && curl -o x y\n"},
      {"joined by semicolons",
       "RUN set -eux; apt-get update; apt-get install -y curl; rm -rf /var/lib/apt/lists/*\n",
       "RUN set -eux; apk add --no-cache curl\n"},
      {"versions and architectures", "RUN apt-get install -y curl=7.88.1-10 git:arm64\n",
       "RUN apk add --no-cache curl git\n"},
      {"two for one, each once", "RUN apt install -y gcc \\\n  make \\\n  gcc\n",
       "RUN apk add --no-cache gcc musl-dev \\\n  make\n"},
      {"one without counterpart", "RUN apt-get install -y adduser curl\n",
       "RUN apk add --no-cache curl\n"},
      {"an unknown one is kept and marked", "RUN apt-get install -y curl foo bar\n",
       "# muslcheck: no Alpine package is known for: foo, bar\nRUN apk add --no-cache curl foo "
       "bar\n"},
      {"nothing is left", "RUN apt-get update && apt-get upgrade -y\nRUN echo\n", "RUN echo\n"},
      {"only shell options are left", "RUN set -ex; apt-get update\n", ""},
      {"an option with a value", "RUN apt-get -o A::B=c install -y -t stable curl\n",
       "RUN apk add --no-cache curl\n"},
      {"the environment of the command",
       "RUN DEBIAN_FRONTEND=noninteractive apt-get install -y curl\n",
       "RUN apk add --no-cache curl\n"},
      {"an alternative", "RUN apt-get update || true; apt-get install -y curl || exit 1\n",
       "RUN apk add --no-cache curl || exit 1\n"},
      {"in a condition",
       "RUN if [ -n \"$A\" ]; then apt-get update && apt-get install -y git; fi\n",
       "RUN if [ -n \"$A\" ]; then apk add --no-cache git; fi\n"},
      {"a condition that has no other command", "RUN if true; then apt-get update; fi\n",
       "RUN if true; then :; fi\n"},
      {"in parentheses", "RUN (apt-get update && apt-get install -y git) > /dev/null\n",
       "RUN (apk add --no-cache git) > /dev/null\n"},
      {"purging",
       "RUN apt-get install -y gcc && x && apt-get purge -y --auto-remove gcc && apt-get "
       "autoremove -y\n",
       "RUN apk add --no-cache gcc musl-dev && x && apk del gcc musl-dev\n"},
      {"a variable of the same line",
       "RUN deps='gcc make' && apt-get install -y $deps && x && apt-get purge -y $deps\n",
       "RUN deps='gcc musl-dev make' && apk add --no-cache $deps && x && apk del $deps\n"},
      {"a variable from elsewhere", "RUN apt-get install -y $PACKAGES\n",
       "# muslcheck: these hold names of Debian packages: $PACKAGES\nRUN apk add --no-cache "
       "$PACKAGES\n"},
      {"rm of more than lists", "RUN apt-get clean && rm -rf /var/lib/apt/lists/* /tmp/*\n",
       "RUN rm -rf /tmp/*\n"},
      {"caches of apt",
       "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked \\\n    "
       "--mount=type=cache,target=/var/lib/apt \\\n    apt-get update && apt-get install -y "
       "curl\n",
       "RUN apk add --no-cache curl\n"},
      {"other mounts", "RUN --mount=type=cache,target=/root/.npm npm ci\n",
       "RUN --mount=type=cache,target=/root/.npm npm ci\n"},
      {"a heredoc", "RUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nnpm ci\nEOF\n",
       "RUN <<EOF\nset -e\napk add --no-cache curl\nnpm ci\nEOF\n"},
      {"a heredoc with a continued line",
       "RUN <<EOF\napt-get update\n# tools\napt-get install -y \\\n  curl \\\n  git\nEOF\n",
       "RUN <<EOF\napk add --no-cache \\\n  curl \\\n  git\nEOF\n"},
      {"a script of another language", "RUN python3 <<EOF\nimport apt\nEOF\n",
       "RUN apk add --no-cache python3\nRUN python3 <<EOF\nimport apt\nEOF\n"},
      {"comments of the shell", "RUN echo a # apt-get update && apt-get install b\n",
       "RUN echo a # apt-get update && apt-get install b\n"},
      {"what only looks like it", "RUN echo \"apt-get update && x\" && node apt-get.js\n",
       "RUN echo \"apt-get update && x\" && node apt-get.js\n"},
  });
  CHECK_THAT(notes_of(patch(kFrom + "RUN apt-get install -y curl=7.88\n")),
             Catch::Contains("line 2: versions of Debian are left out (curl=7.88)"));
  CHECK_THAT(notes_of(patch(kFrom + "RUN apt-get install -y adduser\n")),
             Catch::Contains("adduser is left out"));
  CHECK_THAT(notes_of(patch(kFrom + "RUN apt-get install -y fonts-wqy-zenhei\n")),
             Catch::Contains("is a guess: not in all releases"));
}

TEST_CASE("accounts are made with busybox") {
  check_rows({
      {"a system user in its group", "RUN groupadd -r app && useradd -r -g app app\n",
       "RUN addgroup -S app && adduser -S -D -H -G app app\n"},
      {"numbers, shell and home",
       "RUN groupadd -g 1001 app && useradd -m -u 1001 -g 1001 -s /bin/sh -d /home/app app\n",
       "RUN addgroup -g 1001 app && adduser -D -u 1001 -G app -s /bin/sh -h /home/app app\n"},
      {"letters in one word", "RUN useradd -ms /bin/bash app\n", "RUN adduser -D -s /bin/sh app\n"},
      {"a system user with a group of its own", "RUN useradd -r -u 999 app\n",
       "RUN addgroup -S -g 999 app && adduser -S -D -H -u 999 -G app app\n"},
      {"long options",
       "RUN useradd --create-home --uid=1001 --shell /usr/sbin/nologin --comment \"The app\" app\n",
       "RUN adduser -D -u 1001 -s /sbin/nologin -g \"The app\" app\n"},
      {"more groups", "RUN useradd -m -G audio,video app\n",
       "RUN adduser -D app && addgroup app audio && addgroup app video\n"},
      {"an alternative", "RUN id app || useradd -r app\n",
       "RUN id app || { addgroup -S app && adduser -S -D -H -G app app; }\n"},
      {"Debian's adduser", "RUN adduser --disabled-password --gecos \"\" --uid 1001 app\n",
       "RUN adduser -D -u 1001 app\n"},
      {"Debian's adduser with a group", "RUN adduser --system --group --no-create-home app\n",
       "RUN addgroup -S app && adduser -S -D -H -G app app\n"},
      {"addgroup", "RUN addgroup --system --gid 1001 nodejs\n", "RUN addgroup -S -g 1001 nodejs\n"},
      {"busybox already", "RUN adduser -D -u 1001 app\n", "RUN adduser -D -u 1001 app\n"},
      {"usermod of groups", "RUN usermod -aG audio node\n", "RUN addgroup node audio\n"},
      {"variables", "RUN groupadd --gid $GID app && useradd --uid $UID --gid $GID -m app\n",
       "RUN addgroup -g $GID app && adduser -D -u $UID -G app app\n"},
      {"a number without a name", "RUN useradd -u 1001 -g 1234 app\n",
       "RUN apk add --no-cache shadow\nRUN useradd -u 1001 -g 1234 app\n"},
      {"usermod of a number", "RUN usermod -u 1001 node\n",
       "RUN apk add --no-cache shadow\nRUN usermod -u 1001 node\n"},
      {"userdel", "RUN userdel -r node\n", "RUN deluser --remove-home node\n"},
  });
}

TEST_CASE("programs that the Alpine image lacks are added before their first use") {
  check_rows({
      {"SHELL", "SHELL [\"/bin/bash\", \"-c\"]\nRUN npm ci\n",
       "RUN apk add --no-cache bash\nSHELL [\"/bin/bash\", \"-c\"]\nRUN npm ci\n"},
      {"RUN and CMD", "RUN bash -c 'x'\nUSER node\nCMD [\"bash\", \"run.sh\"]\n",
       "RUN apk add --no-cache bash\nRUN bash -c 'x'\nUSER node\nCMD [\"bash\", \"run.sh\"]\n"},
      {"in a pipe and in a health check",
       "RUN a | git apply\nHEALTHCHECK --interval=5s CMD curl -f http://localhost/ || exit 1\n",
       "RUN apk add --no-cache curl git\nRUN a | git apply\nHEALTHCHECK --interval=5s CMD curl -f "
       "http://localhost/ || exit 1\n"},
      {"installed anyway", "RUN apt-get install -y git && git clone x\n",
       "RUN apk add --no-cache git && git clone x\n"},
      {"the image has it", "RUN npm ci\n", "RUN npm ci\n"},
      {"a script with bash's name in its first line", "RUN <<EOF\n#!/bin/bash\nnpm ci\nEOF\n",
       "RUN apk add --no-cache bash\nRUN <<EOF\n#!/bin/bash\nnpm ci\nEOF\n"},
  });
  CHECK(patch("FROM python:3.11\nRUN python3 -m x\n").text ==
        "FROM python:3.11-alpine\nRUN python3 -m x\n");
  CHECK(patch("FROM node:20 AS a\nFROM a\nRUN git x\n").text ==
        "FROM node:20-alpine AS a\nRUN apk add --no-cache git\nFROM a\nRUN git x\n");
}

TEST_CASE("packages that findings ask for go into the stage that is the image") {
  const std::string text =
      "FROM node:20 AS build\nRUN npm ci\nFROM node:20-slim\n"
      "RUN apt-get install -y curl\n";
  CHECK(patch(text, {.release = "3.22", .apk = {"curl", "libstdc++"}}).text ==
        "FROM node:20-alpine AS build\nRUN npm ci\nFROM node:20-alpine\n"
        "RUN apk add --no-cache libstdc++\nRUN apk add --no-cache curl\n");
}

TEST_CASE("what only Debian has is taken out or marked") {
  check_rows({
      {"locales",
       "RUN sed -i 's/# en/en/' /etc/locale.gen && locale-gen en_US.UTF-8 && update-locale\n"
       "ENV LANG=en_US.UTF-8\n",
       "ENV LANG=en_US.UTF-8\n"},
      {"the time zone",
       "RUN ln -sf /usr/share/zoneinfo/UTC /etc/localtime && dpkg-reconfigure -f "
       "noninteractive tzdata\n",
       "RUN ln -sf /usr/share/zoneinfo/UTC /etc/localtime\n"},
      {"DEBIAN_FRONTEND", "ENV DEBIAN_FRONTEND=noninteractive\nARG DEBIAN_FRONTEND=x\nENV A=b\n",
       "ENV A=b\n"},
      {"DEBIAN_FRONTEND among others",
       "ENV DEBIAN_FRONTEND=noninteractive \\\n    A=b\nENV A=b DEBIAN_FRONTEND=x C=d\n",
       "ENV A=b\nENV A=b C=d\n"},
      {"the old form of ENV", "ENV DEBIAN_FRONTEND noninteractive\n", ""},
      {"a package source",
       "RUN curl -s https://example.com/key | apt-key add - && apt-get update && apt-get install "
       "-y curl\n",
       "# muslcheck: taken out, the key of a package source of Debian: curl -s "
       "https://example.com/key | apt-key add -\nRUN apk add --no-cache curl\n"},
      {"the script of a package source, and what it needs",
       "RUN curl -s https://deb.nodesource.com/setup_20.x | bash - && apt-get install -y make\n",
       "# muslcheck: taken out, Alpine has its own nodejs and npm, or begin with node:*-alpine: "
       "curl "
       "-s https://deb.nodesource.com/setup_20.x | bash -\nRUN apk add --no-cache make\n"},
      {"marks of packages", "RUN a=\"$(apt-mark showmanual)\"; x; apt-mark auto '.*' > /dev/null\n",
       "RUN x\n"},
      {"a .deb", "RUN dpkg -i x.deb\n",
       "# muslcheck: Alpine has no dpkg: a .deb cannot be installed; apk info -e NAME asks whether "
       "a package is there\nRUN dpkg -i x.deb\n"},
      {"alternatives", "RUN update-alternatives --set a /b\n",
       "# muslcheck: Alpine has no update-alternatives: link the program where it is wanted (ln "
       "-sf)\nRUN update-alternatives --set a /b\n"},
  });
}

TEST_CASE("a stage whose image is broken over lines stays as it is") {
  const auto patched = patch("FROM node:\\\n20\nRUN apt-get update\n");
  CHECK(patched.diff.empty());
  CHECK_THAT(notes_of(patched), Catch::Contains("its name goes over lines"));
}

TEST_CASE("quotes that do not end are left as they are") {
  const std::string text = "RUN apt-get update \\\n && apt-get install -y \" curl \\\n  git\n";
  const auto patched = patch(kFrom + text);
  CHECK(test::parse(patched.text).stages[0].instructions.size() == 1);
}

TEST_CASE("dotnet publishes for musl") {
  const std::string from = "FROM mcr.microsoft.com/dotnet/sdk:8.0\n";
  const std::string to = "FROM mcr.microsoft.com/dotnet/sdk:8.0-alpine\n";
  CHECK(patch(from + "RUN dotnet publish -c Release -r linux-x64 -o out\n").text ==
        to + "RUN dotnet publish -c Release -r linux-musl-x64 -o out\n");
  CHECK(patch(from + "RUN dotnet publish --runtime=linux-arm64\n").text ==
        to + "RUN dotnet publish --runtime=linux-musl-arm64\n");
  CHECK(patch(from + "RUN dotnet publish /p:RuntimeIdentifier=linux-x64\n").text ==
        to + "RUN dotnet publish /p:RuntimeIdentifier=linux-musl-x64\n");
  CHECK(patch(from + "RUN dotnet publish -r linux-musl-x64 -o linux-x64\n").text ==
        to + "RUN dotnet publish -r linux-musl-x64 -o linux-x64\n");
}

TEST_CASE("a stage on another image stays as it is") {
  const std::string text =
      "FROM node:20 AS a\nRUN apt-get update\nFROM acme/base:1\n"
      "RUN apt-get update && useradd x\nCOPY --from=a /x /x\n";
  CHECK(patch(text).text ==
        "FROM node:20-alpine AS a\nFROM acme/base:1\nRUN apt-get update && "
        "useradd x\nCOPY --from=a /x /x\n");
}

TEST_CASE("files of other images must be for musl, too") {
  CHECK(patch("FROM debian:12\nCOPY --from=node:20-slim /usr/local/bin/node /usr/bin/\n").text ==
        "FROM alpine:3.22\nCOPY --from=node:20-alpine /usr/local/bin/node /usr/bin/\n");
  CHECK_THAT(notes_of(patch("FROM debian:12\nCOPY --from=acme/tool:1 /t /t\n")),
             Catch::Contains("line 2: copies from acme/tool:1"));
}

TEST_CASE("line ends, the escape character and a missing last line end stay") {
  CHECK(
      patch("FROM node:20\r\nRUN apt-get update && \\\r\n  apt-get install -y curl git\r\n").text ==
      "FROM node:20-alpine\r\nRUN apk add --no-cache curl git\r\n");
  CHECK(patch("# escape=`\nFROM node:20\nRUN apt-get install -y `\n  curl `\n  git\n").text ==
        "# escape=`\nFROM node:20-alpine\nRUN apk add --no-cache `\n  curl `\n  git\n");
  CHECK(patch("FROM node:20").text == "FROM node:20-alpine");
  CHECK(patch("FROM node:20\nRUN apt-get update").text == "FROM node:20-alpine\n");
}

}  // namespace muslcheck
