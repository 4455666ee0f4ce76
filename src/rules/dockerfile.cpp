// Reads rules/dockerfile.json: how a Dockerfile is moved to Alpine. Whoever writes the rules is
// told of an entry that could never do anything.

#include <algorithm>
#include <array>

#include "rules/json_reader.hpp"
#include "rules/parts.hpp"

namespace muslcheck::rules {
namespace {

std::vector<std::string> optional_texts(const JsonObject& object, std::string_view key) {
  return object.has(key) ? object.texts(key, ListOrder::given) : std::vector<std::string>();
}

DockerfileImage read_image(const JsonObject& object) {
  object.allow_only({"image", "ready", "tags", "replacement", "suffix", "tag", "latest", "releases",
                     "programs", "note", "full_note", "sources"});
  DockerfileImage image{.image = object.text("image"),
                        .is_ready = object.has("ready") && object.boolean("ready"),
                        .tags = object.optional_text("tags"),
                        .replacement = object.optional_text("replacement"),
                        .suffix = object.optional_text("suffix"),
                        .tag = object.optional_text("tag"),
                        .latest = object.optional_text("latest"),
                        .has_releases = object.has("releases") && object.boolean("releases"),
                        .programs = optional_texts(object, "programs"),
                        .note = object.optional_text("note"),
                        .full_note = object.optional_text("full_note")};
  if (!image.suffix.empty() && !image.tag.empty())
    object.fail("tag", "an image has a suffix or a tag");
  if (!image.is_ready && image.suffix.empty() && image.tag.empty() && image.note.empty())
    object.fail("note", "an image that cannot move needs a note that says why");
  if (object.texts("sources", ListOrder::given).empty())
    object.fail("sources", "must not be empty");
  return image;
}

DockerfileCommand read_command(const JsonObject& object) {
  object.allow_only({"program", "text", "action", "mark", "note"});
  DockerfileCommand command{.program = object.optional_text("program"),
                            .text = object.optional_text("text"),
                            .mark = object.optional_text("mark"),
                            .note = object.optional_text("note")};
  if (command.program.empty() && command.text.empty())
    object.fail("text", "a command has a program or a text");
  const std::string action = object.text("action");
  command.removed = action == "remove";
  if (action != "remove" && action != "keep") object.fail("action", "must be remove or keep");
  if (action == "keep" && command.mark.empty() && command.note.empty())
    object.fail("mark", "a command that is kept needs a mark or a note");
  return command;
}

DockerfileShape read_shape(const JsonObject& object) {
  object.allow_only({"id", "image", "when", "final_image", "before", "finish", "final_lines",
                     "artifact", "program_folder", "copy", "sources"});
  DockerfileShape shape{.id = object.text("id"),
                        .image = object.text("image"),
                        .when = object.text("when"),
                        .final_image = object.optional_text("final_image"),
                        .before = optional_texts(object, "before"),
                        .finish = optional_texts(object, "finish"),
                        .final_lines = optional_texts(object, "final_lines"),
                        .artifact = object.text("artifact"),
                        .program_folder = object.optional_text("program_folder"),
                        .copy = optional_texts(object, "copy")};
  constexpr std::array kArtifacts{"workdir", "start-folder", "start-file", "start-program"};
  if (std::find(kArtifacts.begin(), kArtifacts.end(), shape.artifact) == kArtifacts.end())
    object.fail("artifact", "must be workdir, start-folder, start-file or start-program");
  if (object.texts("sources", ListOrder::given).empty())
    object.fail("sources", "must not be empty");
  return shape;
}

}  // namespace

core::Result<void> read_dockerfile_rules(std::string_view file, std::string_view text,
                                         RuleSet& rules) {
  const auto read = [&](const JsonObject& top) {
    top.allow_only({"provenance", "registries", "distributions", "images", "commands",
                    "debian_paths", "tools", "build_only", "shapes"});
    DockerfileRules& out = rules.dockerfile;
    out.registries = top.texts("registries", ListOrder::given);
    out.distributions = top.texts("distributions", ListOrder::given);
    out.debian_paths = top.texts("debian_paths", ListOrder::given);
    out.build_only = top.texts("build_only", ListOrder::given);
    for (const JsonObject& object : top.objects("images")) out.images.push_back(read_image(object));
    for (const JsonObject& object : top.objects("commands"))
      out.commands.push_back(read_command(object));
    const JsonObject tools = top.object("tools");
    for (const std::string& name : tools.keys()) out.tools.emplace(name, tools.text(name));
    for (const JsonObject& object : top.objects("shapes")) out.shapes.push_back(read_shape(object));
  };
  return read_json(file, text, read);
}

}  // namespace muslcheck::rules
