#include "unit/plan/dockerfile_fixture.hpp"

namespace muslcheck {
namespace {

plan::DockerfilePatch split(const std::string& text,
                            const plan::PatchRequest& request = {.release = "3.22"}) {
  return plan::split_dockerfile(text, test::parse(text), test::patch_rules(), request);
}

/// The note that says why the Dockerfile stays one stage.
std::string reason(const std::string& text) {
  const auto patch = split(text);
  CHECK(patch.diff.empty());
  CHECK(patch.text == text);
  return test::notes_of(patch);
}

}  // namespace

TEST_CASE("a build of known kind becomes two stages") {
  struct Row {
    const char* name;
    std::string before;
    std::string after;
  };
  const std::vector<Row> rows{
      {"npm",
       "# a service\nFROM node:18\nWORKDIR /app\nCOPY . .\nRUN npm ci\nEXPOSE 80\nCMD [\"node\", "
       "\"x.js\"]\n",
       "# a service\nFROM node:18-alpine AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm "
       "prune "
       "--omit=dev\n\nFROM node:18-alpine\nENV NODE_ENV=production\nWORKDIR /app\nCOPY "
       "--from=build /app /app\nEXPOSE 80\nCMD [\"node\", \"x.js\"]\n"},
      {".NET",
       "FROM mcr.microsoft.com/dotnet/sdk:8.0.401\nWORKDIR /src\nCOPY . .\nRUN dotnet publish -o "
       "/app\nENTRYPOINT [\"dotnet\", \"/app/Shop.dll\"]\n",
       "FROM mcr.microsoft.com/dotnet/sdk:8.0.401-alpine AS build\nWORKDIR /src\nCOPY . .\nRUN "
       "dotnet publish -o /app\n\nFROM mcr.microsoft.com/dotnet/aspnet:8.0-alpine\nWORKDIR "
       "/src\nCOPY --from=build /app /app\nENTRYPOINT [\"dotnet\", \"/app/Shop.dll\"]\n"},
      {"pip, with a user and a health check",
       "FROM python:3.11\nRUN apt-get update && apt-get install -y build-essential libpq5 "
       "curl\nRUN useradd -m app\nWORKDIR /srv\nCOPY requirements.txt .\nRUN pip install -r "
       "requirements.txt\nCOPY --chown=app:app . .\nUSER app\nHEALTHCHECK CMD curl -f "
       "http://localhost/\nCMD [\"gunicorn\", \"app\"]\n",
       "FROM python:3.11-alpine AS build\nRUN apk add --no-cache build-base libpq curl\nRUN "
       "adduser "
       "-D app\nWORKDIR /srv\nCOPY requirements.txt .\nRUN python -m venv /opt/venv\nENV "
       "PATH=/opt/venv/bin:$PATH\nRUN pip install -r requirements.txt\nCOPY --chown=app:app . "
       ".\n\nFROM python:3.11-alpine\nRUN apk add --no-cache curl libpq\nRUN adduser -D app\nENV "
       "PATH=/opt/venv/bin:$PATH\nWORKDIR /srv\nCOPY --from=build /opt/venv /opt/venv\nCOPY "
       "--from=build --chown=app:app /srv /srv\nUSER app\nHEALTHCHECK CMD curl -f "
       "http://localhost/\nCMD [\"gunicorn\", \"app\"]\n"},
      {"Maven",
       "FROM maven:3.9-eclipse-temurin-21\nWORKDIR /b\nCOPY . .\nRUN mvn package\nENTRYPOINT "
       "[\"java\", \"-jar\", \"target/a.jar\"]\n",
       "FROM maven:3.9-eclipse-temurin-21-alpine AS build\nWORKDIR /b\nCOPY . .\nRUN mvn "
       "package\n\nFROM eclipse-temurin:21-jre-alpine\nWORKDIR /b\nCOPY --from=build "
       "/b/target/a.jar /b/target/a.jar\nENTRYPOINT [\"java\", \"-jar\", \"target/a.jar\"]\n"},
      {"Go",
       "FROM golang:1.22\nWORKDIR /s\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /bin/server "
       ".\nCMD [\"server\"]\n",
       "FROM golang:1.22-alpine AS build\nWORKDIR /s\nCOPY . .\nRUN CGO_ENABLED=0 go build -o "
       "/bin/server .\n\nFROM alpine:3.22\nWORKDIR /s\nCOPY --from=build /bin/server "
       "/bin/server\nCMD [\"server\"]\n"},
      {"Rust", "FROM rust:1.79\nWORKDIR /s\nCOPY . .\nRUN cargo install --path .\nCMD [\"gate\"]\n",
       "FROM rust:1.79-alpine AS build\nWORKDIR /s\nCOPY . .\nRUN cargo install --path .\n\nFROM "
       "alpine:3.22\nWORKDIR /s\nCOPY --from=build /usr/local/cargo/bin/gate "
       "/usr/local/bin/gate\nCMD [\"gate\"]\n"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(split(row.before).text == row.after);
  }
}

TEST_CASE("variables that an ENV of the last stage uses are declared there") {
  CHECK_THAT(split("FROM node:18\nARG V\nENV VERSION=$V\nWORKDIR /app\nRUN npm ci\nCMD [\"node\", "
                   "\"x\"]\n")
                 .text,
             Catch::Contains("FROM node:18-alpine\nARG V\nENV VERSION=$V\n"));
}

TEST_CASE("users and the owner of the files come along") {
  const std::string text =
      split(
          "FROM node:18 AS web\nWORKDIR /app\nCOPY . .\nRUN useradd -r app && npm ci && chown "
          "-R app:app /app\nUSER app\nCMD [\"node\", \"x\"]\n")
          .text;
  CHECK_THAT(text, Catch::Contains("FROM node:18-alpine AS build\n"));
  CHECK_THAT(text, Catch::Contains("FROM node:18-alpine AS web\nRUN addgroup -S app && adduser -S "
                                   "-D -H -G app app\n"));
  CHECK_THAT(text, Catch::Contains("COPY --from=build --chown=app:app /app /app\nUSER app\n"));
}

TEST_CASE("headers stay in the build, their libraries come along") {
  const auto patch = split(
      "FROM python:3.11\nRUN apt-get install -y libpq-dev libssl-dev\nWORKDIR "
      "/a\nRUN pip install .\nCMD [\"x\"]\n");
  CHECK_THAT(patch.text, Catch::Contains("RUN apk add --no-cache libpq-dev openssl-dev\n"));
  CHECK_THAT(patch.text,
             Catch::Contains("FROM python:3.11-alpine\nRUN apk add --no-cache libpq\n"));
  CHECK_THAT(test::notes_of(patch), Catch::Contains("only the build has openssl-dev"));
}

TEST_CASE("the runtime has the version of its tools") {
  const auto with = [](const std::string& from) {
    return split(from +
                 "\nWORKDIR /a\nRUN ./mvnw package\nRUN mvn package\nRUN gradle build\nRUN "
                 "dotnet publish -o out\nCMD [\"x\", \"out/a.jar\"]\n")
        .text;
  };
  CHECK_THAT(with("FROM eclipse-temurin:17-jdk"),
             Catch::Contains("FROM eclipse-temurin:17-jre-alpine\n"));
  CHECK_THAT(with("FROM gradle:8.5-jdk21"),
             Catch::Contains("FROM eclipse-temurin:21-jre-alpine\n"));
  CHECK_THAT(with("ARG V=8.0\nFROM mcr.microsoft.com/dotnet/sdk:$V"),
             Catch::Contains("FROM mcr.microsoft.com/dotnet/aspnet:$V-alpine\n"));
  CHECK_THAT(test::notes_of(split("ARG J=17\nFROM eclipse-temurin:$J-jdk\nWORKDIR /a\nRUN ./mvnw "
                                  "package\nCMD [\"java\", \"-jar\", \"a.jar\"]\n")),
             Catch::Contains("version of Java is not known"));
}

TEST_CASE("what is not understood stays one stage, with a reason") {
  CHECK_THAT(reason("FROM node:18 AS a\nFROM a\n"), Catch::Contains("several stages"));
  CHECK_THAT(reason("FROM node:18\nCMD [\"node\"]\n"), Catch::Contains("no build of a known kind"));
  CHECK_THAT(reason("FROM nginx:1.27\nCOPY . /x\n"), Catch::Contains("no build of a known kind"));
  CHECK_THAT(reason("FROM node:18\nWORKDIR /a\nRUN npm ci\nCMD npm run dev\n"),
             Catch::Contains("starts for development (dev)"));
  CHECK_THAT(reason("FROM node:18\nRUN npm ci\nCMD [\"node\", \"x\"]\n"),
             Catch::Contains("does not tell"));
  CHECK_THAT(reason("FROM maven:3.9-eclipse-temurin-21\nRUN mvn package\nCMD java -jar a*.jar\n"),
             Catch::Contains("does not tell"));
  CHECK_THAT(reason("FROM python:3.11\nWORKDIR /a\nRUN pip install --user x\nCMD [\"x\"]\n"),
             Catch::Contains("a place of its own"));
  CHECK_THAT(reason("FROM node:18\nWORKDIR /a\nRUN npm ci\nCOPY --from=build /x /y\nCMD [\"node\", "
                    "\"x\"]\n"),
             Catch::Contains("not understood well enough"));
  CHECK_THAT(reason("FROM node:20-alpine\nWORKDIR /a\nRUN npm ci\nCMD [\"node\", \"x\"]\n"),
             Catch::Contains("not moved"));
}

}  // namespace muslcheck
