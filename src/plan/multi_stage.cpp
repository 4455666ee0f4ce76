// One stage as two: the first builds as the one did, the second has what runs. It is made from the
// Dockerfile that is moved to Alpine already, and only for shapes of builds that are known
// (rules/dockerfile.json): what an unknown build leaves behind, nobody but its author knows. Files
// keep their paths, so that the start command stays as it is.

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/plan/dockerfile_patch.hpp"
#include "plan/base_images.hpp"
#include "plan/final_image.hpp"
#include "plan/run_lines.hpp"
#include "plan/runtime_packages.hpp"
#include "plan/start_command.hpp"
#include "plan/unified_diff.hpp"
#include "plan/users.hpp"

namespace muslcheck::plan {
namespace {

using dockerfile::Dockerfile;
using dockerfile::Instruction;
using dockerfile::Stage;
using rules::DockerfileShape;

/// What says how the image is started; it belongs to the last stage alone.
constexpr std::array<std::string_view, 8> kStarting{
    "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "VOLUME", "USER", "LABEL"};

/// Starts for development, which need what a build without development packages has not.
constexpr std::array<std::string_view, 6> kDevelopment{"dev",     "start:dev", "nodemon",
                                                       "ts-node", "--reload",  "--watch"};

/// Places that pip installs into other than the environment it belongs to.
constexpr std::array<std::string_view, 4> kElsewhere{"--user", "--prefix", "--target", "--root"};

/// Writes the two stages.
class Splitter {
 public:
  Splitter(const Dockerfile& moved, const DockerfileShape& shape, Artifact artifact,
           const rules::RuleSet& rules, const PatchRequest& request)
      : moved_(moved),
        stage_(moved.stages.front()),
        shape_(shape),
        artifact_(std::move(artifact)),
        rules_(rules),
        request_(request) {}

  std::string text(const std::vector<std::string>& lines) {
    add_lines(lines, 1, stage_.from.lines.first - 1);
    out_ += from_line(stage_.base, builder());
    write_build(lines);
    out_ += "\n";
    write_last();
    return std::move(out_);
  }

  /// The image of the last stage; empty if its version is not known.
  [[nodiscard]] std::string last_image() const {
    return shape_.final_image.empty() ? stage_.base
                                      : fill_image(shape_.final_image, tag(), request_.release);
  }

  /// Packages for building alone, which the last stage may need the libraries of.
  [[nodiscard]] const std::vector<std::string>& headers() const { return headers_; }

 private:
  [[nodiscard]] std::string tag() const { return parse_image(stage_.base, rules_.dockerfile).tag; }

  /// Name of the first stage, which the last one may have taken.
  [[nodiscard]] std::string builder() const { return stage_.name == "build" ? "builder" : "build"; }

  [[nodiscard]] std::string from_line(const std::string& image, const std::string& name) const {
    return "FROM " + (stage_.platform.empty() ? "" : "--platform=" + stage_.platform + " ") +
           image + (name.empty() ? "" : " AS " + name) + "\n";
  }

  void add_lines(const std::vector<std::string>& lines, int first, int last) {
    for (int line = first; line <= last; ++line)
      out_ += std::string(core::trim(lines[static_cast<std::size_t>(line) - 1]).empty()
                              ? "\n"
                              : lines[static_cast<std::size_t>(line) - 1]);
    if (!out_.empty() && !out_.ends_with('\n')) out_ += "\n";
  }

  [[nodiscard]] bool builds(const Instruction& instruction) const {
    if (instruction.keyword != "RUN") return false;
    for (const ShellCommand& command : commands_of(instruction, moved_.escape))
      if (core::matches_glob(shape_.when, plain_text(command))) return true;
    return false;
  }

  /// The lines of the stage without those that say how the image is started.
  void write_build(const std::vector<std::string>& lines) {
    int next = stage_.from.lines.last + 1;
    bool first_build = true;
    for (const Instruction& instruction : stage_.instructions) {
      const bool starts = core::contains(kStarting, std::string_view(instruction.keyword));
      if (!starts && !(first_build && builds(instruction))) continue;
      add_lines(lines, next, instruction.lines.first - 1);
      next = starts ? instruction.lines.last + 1 : instruction.lines.first;
      if (starts) continue;
      add_all(shape_.before);
      first_build = false;
    }
    add_lines(lines, next, last_line());
    while (out_.ends_with("\n\n")) out_.pop_back();
    add_all(shape_.finish);
  }

  [[nodiscard]] int last_line() const {
    int last = stage_.from.lines.last;
    for (const Instruction& instruction : stage_.instructions)
      last = std::max(last, instruction.lines.last);
    return last;
  }

  void add_all(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) out_ += line + "\n";
  }

  void write_last() {
    const std::size_t start = out_.size();
    out_ += from_line(last_image(), stage_.name);
    const RuntimePackages packages = runtime_packages(stage_, moved_.escape, rules_, request_.apk);
    if (!packages.apk.empty())
      out_ += "RUN apk add --no-cache " + core::join(packages.apk, " ") + "\n";
    headers_ = packages.headers;
    for (const Instruction& instruction : stage_.instructions) out_ += repeated(instruction);
    for (const std::string& line : shape_.final_lines)
      if (out_.rfind(line + "\n") < start || out_.rfind(line + "\n") == std::string::npos)
        out_ += line + "\n";
    const std::string folder = working_folder(stage_);
    if (folder != "/") out_ += "WORKDIR " + folder + "\n";
    for (const std::string& path : shape_.copy) write_copy(path, path, "");
    write_copy(artifact_.from, artifact_.to, owner());
    for (const Instruction& instruction : stage_.instructions)
      if (core::contains(kStarting, std::string_view(instruction.keyword)))
        out_ += instruction.original + "\n";
  }

  void write_copy(const std::string& from, const std::string& to, const std::string& owner) {
    out_ += "COPY --from=" + builder() + " " + (owner.empty() ? "" : "--chown=" + owner + " ") +
            from + " " + to + "\n";
  }

  /// What of the instruction the last stage needs as well.
  [[nodiscard]] std::string repeated(const Instruction& instruction) const {
    const bool has_variables = std::any_of(
        stage_.instructions.begin(), stage_.instructions.end(), [](const Instruction& one) {
          return one.keyword == "ENV" && one.original.find('$') != std::string::npos;
        });
    if (instruction.keyword == "RUN") return accounts(instruction);
    const bool is_set =
        instruction.keyword == "ENV" || (instruction.keyword == "ARG" && has_variables);
    return is_set ? instruction.original + "\n" : std::string();
  }

  /// Whose files they are, as COPY lines or "chown -R" say it.
  [[nodiscard]] std::string owner() const {
    std::string owner;
    for (const Instruction& instruction : stage_.instructions) {
      const std::string* flag = dockerfile::find_flag(instruction, "chown");
      if (flag != nullptr && instruction.keyword == "COPY") owner = *flag;
      if (instruction.keyword != "RUN") continue;
      for (const ShellCommand& command : commands_of(instruction, moved_.escape))
        if (command.words.size() > 3 && core::matches_glob("chown -*R*", plain_text(command)))
          owner = unquoted(command.words[2].text);
    }
    return owner;
  }

  /// A RUN with the commands that make users and groups; empty if there are none.
  [[nodiscard]] std::string accounts(const Instruction& instruction) const {
    if (instruction.exec_form) return {};
    std::vector<std::string> texts;
    const std::vector<ShellCommand> commands = commands_of(instruction, moved_.escape);
    for (const ShellCommand& command : commands)
      if (is_account_program(program_of(command)))
        texts.push_back(core::one_line(text_of(command)));
    if (texts.empty()) return {};
    if (texts.size() == commands.size()) return instruction.original + "\n";
    return "RUN " + core::join(texts, " && ") + "\n";
  }

  const Dockerfile& moved_;
  const Stage& stage_;
  const DockerfileShape& shape_;
  Artifact artifact_;
  const rules::RuleSet& rules_;
  const PatchRequest& request_;
  std::string out_;
  std::vector<std::string> headers_;
};

/// The shape of the stage, by its old image and its commands.
const DockerfileShape* find_shape(const Dockerfile& file, const rules::RuleSet& rules) {
  const Stage& stage = file.stages.front();
  const std::string image = parse_image(stage.base, rules.dockerfile).name;
  return core::find_where(rules.dockerfile.shapes, [&](const DockerfileShape& shape) {
    if (!core::matches_glob(shape.image, image)) return false;
    for (const Instruction& instruction : stage.instructions) {
      if (instruction.keyword != "RUN") continue;
      for (const ShellCommand& command : commands_of(instruction, file.escape))
        if (core::matches_glob(shape.when, plain_text(command))) return true;
    }
    return false;
  });
}

bool installs_elsewhere(const Stage& stage) {
  return std::any_of(stage.instructions.begin(), stage.instructions.end(),
                     [](const Instruction& one) {
                       return one.keyword == "RUN" &&
                              std::any_of(kElsewhere.begin(), kElsewhere.end(), [&](auto option) {
                                return one.arguments.find(option) != std::string::npos;
                              });
                     });
}

/// Why the stage stays one; empty if it need not.
std::string obstacle(const Dockerfile& file, const DockerfileShape* shape) {
  if (file.stages.size() != 1) return "the build has several stages already";
  const Stage& stage = file.stages.front();
  if (shape == nullptr) return "no build of a known kind: it stays one stage";
  for (const std::string& word : start_words(stage))
    if (core::contains(kDevelopment, std::string_view(word)))
      return "it starts for development (" + word + "): it stays one stage";
  if (!shape->before.empty() && installs_elsewhere(stage))
    return "it installs packages into a place of its own: it stays one stage";
  return {};
}

/// With the line ends of the Dockerfile as it was.
std::string with_line_ends(const std::string& text, std::string_view like) {
  if (like.find("\r\n") == std::string_view::npos) return text;
  std::string out;
  for (const char c : text) {
    if (c == '\n' && !out.ends_with('\r')) out += '\r';
    out += c;
  }
  return out;
}

DockerfilePatch unchanged(std::string_view text, int line, const std::string& reason) {
  return {.text = std::string(text), .diff = {}, .notes = {{line, reason}}};
}

void add_notes(const Splitter& splitter, const DockerfileShape& shape, const Artifact& artifact,
               const rules::RuleSet& rules, int line, std::vector<PatchNote>& notes) {
  const std::string image = parse_image(splitter.last_image(), rules.dockerfile).name;
  const rules::DockerfileImage* known = core::find_where(
      rules.dockerfile.images,
      [&](const rules::DockerfileImage& one) { return core::matches_glob(one.image, image); });
  if (!shape.final_image.empty() && known != nullptr && !known->note.empty())
    notes.push_back({line, image + ": " + known->note});
  if (shape.artifact != "workdir")
    notes.push_back({line, "the last stage has " + artifact.to +
                               " of the build: copy what else the application reads"});
  if (!splitter.headers().empty())
    notes.push_back({line, "only the build has " + core::join(splitter.headers(), " ") +
                               ": the last stage needs the libraries that belong to them"});
}

}  // namespace

DockerfilePatch split_dockerfile(std::string_view text, const Dockerfile& file,
                                 const rules::RuleSet& rules, const PatchRequest& request) {
  const DockerfileShape* shape = file.stages.size() == 1 ? find_shape(file, rules) : nullptr;
  const int line = file.stages.front().from.lines.first;
  if (const std::string reason = obstacle(file, shape); !reason.empty())
    return unchanged(text, line, reason);
  DockerfilePatch patch = patch_dockerfile(text, file, rules, request);
  const auto moved = dockerfile::parse_dockerfile(patch.text, file.file);
  if (patch.diff.empty() || !moved) return unchanged(text, line, "it is not moved to Alpine");
  const auto artifact =
      find_artifact(moved->stages.front(), shape->artifact, shape->program_folder);
  if (!artifact)
    return unchanged(text, line,
                     "its start command does not tell what the build makes: it stays one stage");
  Splitter splitter(*moved, *shape, *artifact, rules, request);
  if (splitter.last_image().empty())
    return unchanged(text, line, "the version of Java is not known: it stays one stage");
  patch.text = with_line_ends(splitter.text(lines_of(patch.text)), text);
  // A COPY may be from an image of the name that the first stage got, for example.
  if (!dockerfile::parse_dockerfile(patch.text, file.file))
    return unchanged(text, line, "it is not understood well enough: it stays one stage");
  const std::vector<std::string> lines = lines_of(text);
  patch.diff = unified_diff(
      lines, {{.first = 0, .count = lines.size(), .lines = lines_of(patch.text)}}, "Dockerfile");
  add_notes(splitter, *shape, *artifact, rules, line, patch.notes);
  std::stable_sort(patch.notes.begin(), patch.notes.end(),
                   [](const PatchNote& a, const PatchNote& b) { return a.line < b.line; });
  return patch;
}

}  // namespace muslcheck::plan
