// Moves a Dockerfile stage by stage. A stage moves if the image that it goes back to has an Alpine
// variant; all others, and those that are on Alpine already, stay as they are, so that a second
// patch changes nothing. Only the lines of instructions that change are touched.
//
// What an image of Debian has and Alpine's has not (bash, git, compilers) is added directly behind
// the FROM, where the build is root still, as far as the stage's own lines use it.

#include "muslcheck/plan/dockerfile_patch.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "plan/base_images.hpp"
#include "plan/run_lines.hpp"
#include "plan/stage_move.hpp"
#include "plan/unified_diff.hpp"

namespace muslcheck::plan {

using dockerfile::Dockerfile;
using dockerfile::Instruction;
using dockerfile::Stage;

namespace {

bool runs_commands(const Instruction& instruction) {
  const std::string& keyword = instruction.keyword;
  return keyword == "RUN" || keyword == "CMD" || keyword == "ENTRYPOINT" ||
         keyword == "HEALTHCHECK" || keyword == "SHELL";
}

/// Where the word stands between white space; npos if it does not.
std::size_t find_word(std::string_view text, std::string_view word) {
  constexpr std::string_view kSpace = " \t\r\n";
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at > 0 && kSpace.find(text[at - 1]) != std::string_view::npos;
    if (begins && (end == text.size() || kSpace.find(text[end]) != std::string_view::npos))
      return at;
  }
  return std::string_view::npos;
}

/// What stands in the text for libraries of Debian's own folders.
bool names_debian_folder(const std::string& text) {
  return text.find("-linux-gnu/") != std::string::npos ||
         text.find("-linux-gnu:") != std::string::npos;
}

class Patcher {
 public:
  Patcher(const Dockerfile& file, const rules::RuleSet& rules, const PatchRequest& request)
      : file_(file), rules_(rules), request_(request), moves_(move_stages(file, rules, request)) {}

  void run() {
    for (std::size_t i = 0; i < file_.stages.size(); ++i) rewrite_from(i);
    for (std::size_t i = 0; i < file_.stages.size(); ++i)
      if (moves_[i].moves) look_at_programs(i);
    for (std::size_t i = 0; i < file_.stages.size(); ++i)
      if (moves_[i].moves) rewrite_stage(i);
    add_packages_of_the_image();
    for (std::size_t i = 0; i < file_.stages.size(); ++i) add_wanted(i);
  }

  [[nodiscard]] std::vector<LineEdit> edits(const std::vector<std::string>& lines,
                                            const std::string& line_end) const;

  std::vector<PatchNote> notes() {
    std::stable_sort(notes_.begin(), notes_.end(),
                     [](const PatchNote& a, const PatchNote& b) { return a.line < b.line; });
    return std::move(notes_);
  }

 private:
  /// What becomes of the lines of one instruction.
  struct Change {
    const Instruction* instruction = nullptr;
    std::string text;  ///< empty: it goes
    std::vector<std::string> above;
    std::vector<std::string> below;
  };

  Change& change_of(const Instruction& instruction) {
    const auto [at, added] = changes_.try_emplace(instruction.lines.first);
    if (added) at->second = {.instruction = &instruction, .text = instruction.original};
    return at->second;
  }

  void note(int line, const std::string& text) { notes_.push_back({line, text}); }

  void rewrite_from(std::size_t index) {
    const Stage& stage = file_.stages[index];
    const StageMove& move = moves_[index];
    if (move.root != index) return;
    const int line = stage.from.lines.first;
    for (const std::string& text : move.choice.notes)
      if (said_.insert(text).second) note(line, stage.base + ": " + text);
    if (!move.moves || !stage.base_token) return;
    if (!move.choice.variable.empty()) set_argument(move.choice);
    if (move.choice.reference == stage.base) return;
    std::string text = stage.from.original;
    const std::size_t start = find_word(text, stage.base);
    if (start == std::string::npos) return;
    text.replace(start, stage.base.size(), move.choice.reference);
    change_of(stage.from).text = std::move(text);
  }

  void set_argument(const ImageChoice& choice) {
    for (const Instruction& instruction : file_.global_args)
      for (const dockerfile::Assignment& one : instruction.assignments) {
        if (one.name != choice.variable || !one.value) continue;
        std::string& text = change_of(instruction).text;
        const std::string quote = one.value->starts_with('"') ? "\"" : "";
        const std::string before = one.name + "=" + *one.value;
        const std::size_t at = text.find(before);
        if (at != std::string::npos)
          text.replace(at, before.size(), one.name + "=" + quote + choice.value + quote);
      }
  }

  ImageState& image_of(std::size_t stage) { return images_[moves_[stage].root]; }

  [[nodiscard]] bool image_brings(std::size_t stage, const std::string& program) const {
    const rules::DockerfileImage* image = moves_[stage].choice.image;
    return image != nullptr && core::matches_any(image->programs, program);
  }

  /// True if the new image has the package, whatever the file says.
  [[nodiscard]] bool image_has(std::size_t stage, const std::string& package) const {
    const rules::DockerfileImage* image = moves_[stage].choice.image;
    if (image == nullptr) return false;
    const rules::TargetImage* target =
        rules_.find_target_image(image->replacement.empty() ? image->image : image->replacement);
    return target != nullptr && core::contains(target->apk, package);
  }

  /// Which programs of Debian's images the stage uses, beside those of its RUN lines; and whether
  /// bash is among all of them, which users' login shells depend on.
  void look_at_programs(std::size_t index) {
    for (const Instruction& instruction : file_.stages[index].instructions) {
      if (!runs_commands(instruction)) continue;
      for (const ShellCommand& command : commands_of(instruction, file_.escape)) {
        const std::string program = program_of(command);
        if (program == "bash") image_of(index).has_bash = true;
        if (instruction.keyword != "RUN") want_tool(index, program);
      }
      for (const dockerfile::Heredoc& heredoc : instruction.heredocs)
        if (instruction.keyword == "RUN" && heredoc.content.starts_with("#!") &&
            heredoc.content.substr(0, heredoc.content.find('\n')).ends_with("bash"))
          want_tool(index, "bash");
    }
  }

  void want_tool(std::size_t index, const std::string& program) {
    if (program == "bash") image_of(index).has_bash = true;
    const auto tool = rules_.dockerfile.tools.find(program);
    if (tool != rules_.dockerfile.tools.end() && !image_brings(index, program))
      image_of(index).tools[program] = tool->second;
  }

  void rewrite_stage(std::size_t index) {
    for (const Instruction& instruction : file_.stages[index].instructions) {
      if (instruction.keyword == "RUN") rewrite_run_line(index, instruction);
      if (instruction.keyword == "ENV" || instruction.keyword == "ARG")
        set_text(instruction, rewrite_variables(instruction, file_.escape));
      if (instruction.keyword == "COPY") rewrite_copy(index, instruction);
      if (instruction.keyword == "ONBUILD") look_at_trigger(instruction);
      if (names_debian_folder(instruction.original))
        note(instruction.lines.first,
             "names a folder of Debian's libraries; Alpine has them in /usr/lib and /lib");
    }
  }

  /// Changes nothing, and says so, if the new text is not one instruction: quotes that do not end
  /// and the like are nothing to guess about.
  bool set_text(const Instruction& instruction, std::string text) {
    if (text == instruction.original) return true;
    if (!text.empty() && !is_instruction(text, instruction.keyword)) {
      note(instruction.lines.first, "is not understood, and was left as it is");
      return false;
    }
    change_of(instruction).text = std::move(text);
    return true;
  }

  [[nodiscard]] bool is_instruction(const std::string& text, const std::string& keyword) const {
    const std::string directive = file_.escape == '`' ? "# escape=`\n" : "";
    const auto parsed = dockerfile::parse_dockerfile(directive + "FROM x\n" + text, file_.file);
    return parsed && parsed->stages.size() == 1 && parsed->stages[0].instructions.size() == 1 &&
           parsed->stages[0].instructions[0].keyword == keyword;
  }

  void rewrite_run_line(std::size_t index, const Instruction& instruction) {
    RunContext context{.rules = rules_, .image = image_of(index)};
    if (!set_text(instruction, rewrite_run(instruction, file_.escape, context))) return;
    for (const std::string& program : context.programs) want_tool(index, program);
    for (const std::string& mark : context.marks.texts())
      change_of(instruction)
          .above.push_back("# muslcheck: " + core::one_line(core::printable(mark)));
    for (const std::string& mark : context.marks.texts()) note(instruction.lines.first, mark);
    for (const std::string& text : context.notes.texts()) note(instruction.lines.first, text);
  }

  void look_at_trigger(const Instruction& instruction) {
    if (instruction.trigger.empty()) return;
    for (const ShellCommand& command : commands_of(instruction.trigger.front(), file_.escape))
      if (program_of(command).starts_with("apt"))
        note(instruction.lines.first, "ONBUILD runs apt-get: it was left as it is");
  }

  /// "COPY --from=node:20" takes files out of an image, which must be one for musl.
  void rewrite_copy(std::size_t, const Instruction& instruction) {
    const std::string* from = dockerfile::find_flag(instruction, "from");
    if (from == nullptr || names_stage(*from)) return;
    const ImageChoice choice = choose_image(*from, *from, rules_, request_);
    if (choice.is_alpine) return;
    const std::string flag = "--from=" + *from;
    const std::size_t at = instruction.original.find(flag);
    if (choice.image == nullptr || !choice.variable.empty() || at == std::string::npos) {
      note(instruction.lines.first,
           "copies from " + *from + ": programs in it must be static or built for musl");
      return;
    }
    std::string text = instruction.original;
    text.replace(at, flag.size(), "--from=" + choice.reference);
    set_text(instruction, std::move(text));
  }

  [[nodiscard]] bool names_stage(const std::string& from) const {
    if (!from.empty() && from.find_first_not_of("0123456789") == std::string::npos) return true;
    return core::find_where(file_.stages, [&](const Stage& stage) {
             return stage.name == core::lower(from);
           }) != nullptr;
  }

  /// Packages that the findings ask for go into the stage that is the image.
  void add_packages_of_the_image() {
    const auto stage = dockerfile::resolve_runtime_stage(
        file_, {.stage = request_.stage, .build_args = request_.build_args, .platform = {}});
    if (!stage || !moves_[stage->chain.back()].moves) return;
    ImageState& image = image_of(stage->chain.back());
    image.wanted.insert(request_.apk.begin(), request_.apk.end());
  }

  void add_wanted(std::size_t index) {
    if (!moves_[index].moves || moves_[index].root != index) return;
    ImageState& image = images_[index];
    const ImageChoice& choice = moves_[index].choice;
    const bool compiles = image.added.contains("build-base") || image.added.contains("g++") ||
                          image.added.contains("gcc");
    if (choice.is_full && !compiles && !choice.image->full_note.empty() &&
        said_.insert(choice.image->full_note).second)
      note(file_.stages[index].from.lines.first,
           file_.stages[index].base + ": " + choice.image->full_note);
    for (const auto& [program, package] : image.tools)
      if (!image.added.contains(program)) image.wanted.insert(package);
    std::string packages;
    for (const std::string& package : image.wanted)
      if (!image.added.contains(package) && !image_has(index, package)) packages += " " + package;
    if (packages.empty()) return;
    change_of(file_.stages[index].from).below.push_back("RUN apk add --no-cache" + packages);
  }

  const Dockerfile& file_;
  const rules::RuleSet& rules_;
  const PatchRequest& request_;
  std::vector<StageMove> moves_;
  std::map<std::size_t, ImageState> images_;  ///< by the stage that names the image
  std::map<int, Change> changes_;             ///< by first line
  std::vector<PatchNote> notes_;
  std::set<std::string> said_;  ///< of images: each once
};

std::vector<LineEdit> Patcher::edits(const std::vector<std::string>& lines,
                                     const std::string& line_end) const {
  std::vector<LineEdit> out;
  for (const auto& [first, change] : changes_) {
    const auto start = static_cast<std::size_t>(change.instruction->lines.first) - 1;
    const auto end = static_cast<std::size_t>(change.instruction->lines.last);
    LineEdit edit{.first = start, .count = end - start, .lines = {}};
    for (const std::string& line : change.above) edit.lines.push_back(line + line_end);
    std::string text = change.text;
    const bool ended = lines[end - 1].ends_with('\n');
    if (!text.empty() && (ended || !change.below.empty())) text += line_end;
    for (std::string& line : lines_of(text)) edit.lines.push_back(std::move(line));
    for (const std::string& line : change.below) edit.lines.push_back(line + line_end);
    out.push_back(std::move(edit));
  }
  return out;
}

}  // namespace

DockerfilePatch patch_dockerfile(std::string_view text, const Dockerfile& file,
                                 const rules::RuleSet& rules, const PatchRequest& request) {
  Patcher patcher(file, rules, request);
  patcher.run();
  const std::vector<std::string> lines = lines_of(text);
  const std::string line_end = text.find("\r\n") == std::string_view::npos ? "\n" : "\r\n";
  const std::vector<LineEdit> edits = patcher.edits(lines, line_end);
  return {.text = apply_edits(lines, edits),
          .diff = unified_diff(lines, edits, "Dockerfile"),
          .notes = patcher.notes()};
}

std::string describe(const PatchNote& note) {
  return "line " + std::to_string(note.line) + ": " + note.text;
}

}  // namespace muslcheck::plan
