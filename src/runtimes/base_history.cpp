// Where the base ends, by the history. A build copies its base's history and appends its own, so
// that an image on node:22 begins with the lines of debian's and node's Dockerfiles.
//
// A wrong guess would hide what the user added, so a line that made a layer must be recognised
// itself: a recogniser lists the lines of its Dockerfile in order, and the first layer that is not
// next in the list ends the base. Only a part whose required lines are all there counts. Lines
// without a layer (LABEL, ENV, EXPOSE) carry no files and may stand anywhere.

#include "runtimes/base_history.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/search.hpp"
#include "muslcheck/core/text.hpp"
#include "muslcheck/runtimes/base.hpp"

namespace muslcheck::runtimes {
namespace {

using model::BaseRecogniser;
using model::BaseStep;

struct Line {
  std::string text;
  bool layer = false;
};

/// Behind the last line of a part.
struct End {
  std::size_t line = 0;
  std::size_t layers = 0;
};

std::string single_spaced(std::string_view text) {
  std::string result;
  for (const char c : core::trim(text)) {
    const bool space = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!space || !result.ends_with(' ')) result += space ? ' ' : c;
  }
  return result;
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// The step that a line is, at `next` or behind optional ones; none if the line is not expected.
std::optional<std::size_t> find_step(const std::vector<BaseStep>& steps, std::size_t next,
                                     const Line& line) {
  for (std::size_t i = next; i < steps.size(); ++i) {
    if (steps[i].layer == line.layer && core::matches_any(steps[i].lines, line.text)) return i;
    if (!steps[i].optional) break;
  }
  return std::nullopt;
}

bool is_complete(const std::vector<BaseStep>& steps, std::size_t next) {
  return std::all_of(steps.begin() + static_cast<std::ptrdiff_t>(next), steps.end(),
                     [](const BaseStep& step) { return step.optional; });
}

/// The end of a part that begins at `start`; nothing if it is not all there.
std::optional<End> match_part(const std::vector<BaseStep>& steps, const std::vector<Line>& lines,
                              End start) {
  End end = start;
  std::size_t next = 0;
  for (std::size_t i = start.line; i < lines.size() && next < steps.size(); ++i) {
    const auto step = find_step(steps, next, lines[i]);
    if (!step && lines[i].layer) break;
    if (!step) continue;
    next = *step + 1;
    end = {.line = i + 1, .layers = end.layers + (lines[i].layer ? 1 : 0)};
  }
  return is_complete(steps, next) ? std::optional(end) : std::nullopt;
}

struct Match {
  End end;
  std::string suffix;
};

bool is_possible(const BaseRecogniser& base, const ImageTraits& traits) {
  return (base.os.empty() || base.os == traits.os) &&
         std::all_of(base.env.begin(), base.env.end(),
                     [&](const std::string& name) { return core::contains(traits.envs, name); });
}

void keep_longer(std::optional<Match>& best, std::optional<End> end, const std::string& suffix) {
  if (end && (!best || end->layers > best->end.layers)) best = Match{*end, suffix};
}

/// The part behind whichever of its parents was found and leads furthest.
std::optional<Match> match_base(const BaseRecogniser& base, const std::vector<Line>& lines,
                                const std::map<std::string, Match>& found) {
  std::optional<Match> best;
  if (base.parents.empty()) keep_longer(best, match_part(base.steps, lines, {}), {});
  for (const model::BaseParent& parent : base.parents)
    if (const auto before = found.find(parent.id); before != found.end())
      keep_longer(best, match_part(base.steps, lines, before->second.end), parent.suffix);
  return best;
}

std::vector<Line> normalized(const std::vector<model::HistoryEntry>& history) {
  std::vector<Line> lines;
  lines.reserve(history.size());
  for (const model::HistoryEntry& entry : history)
    lines.push_back({normalize_history_line(entry.created_by), !entry.empty_layer});
  return lines;
}

}  // namespace

std::string normalize_history_line(std::string_view created_by) {
  constexpr std::string_view kShell = "/bin/sh -c ";
  constexpr std::string_view kBuildKit = " # buildkit";
  if (created_by.size() > core::limits::kMaxHistoryLine) return {};
  const std::string spaced = single_spaced(created_by);
  std::string_view line = spaced;
  if (line.ends_with(kBuildKit)) line.remove_suffix(kBuildKit.size());
  // The classic builder's way to say that it ran nothing.
  if (drop_prefix(line, "/bin/sh -c #(nop) ")) return std::string(line);
  const bool run = drop_prefix(line, "RUN ");
  if (drop_prefix(line, kShell)) return "RUN " + std::string(line);
  // With build arguments: "|1 VERSION=3 /bin/sh -c make".
  const auto shell = line.starts_with('|') ? line.find(kShell) : std::string_view::npos;
  if (shell != std::string_view::npos)
    return "RUN " + std::string(line.substr(shell + kShell.size()));
  return (run ? "RUN " : "") + std::string(line);
}

OfficialPart find_official_part(const std::vector<model::HistoryEntry>& history,
                                const ImageTraits& traits,
                                const std::vector<model::BaseRecogniser>& known) {
  const std::vector<Line> lines = normalized(history);
  std::map<std::string, Match> found;
  OfficialPart best;
  for (const BaseRecogniser& base : known) {
    if (!is_possible(base, traits)) continue;
    const auto match = match_base(base, lines, found);
    if (!match) continue;
    found.emplace(base.id, *match);
    if (!base.name.empty() && match->end.layers > best.layers)
      best = {.base = &base, .suffix = match->suffix, .layers = match->end.layers};
  }
  return best;
}

}  // namespace muslcheck::runtimes
