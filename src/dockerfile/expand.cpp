// Substitution as BuildKit does it (frontend/dockerfile/shell): a small part of what a shell does.
// Words inside ${...} may hold variables and quotes again; what is open is kept on a stack of
// bounded depth. In patterns '*' and '?' are special, and nothing else; to replace by a pattern
// that has them is refused, and what is cut by a pattern must be short, as names and versions are.

#include "dockerfile/expand.hpp"

#include <utility>
#include <vector>

#include "muslcheck/core/limits.hpp"
#include "muslcheck/core/text.hpp"

namespace muslcheck::dockerfile {
namespace {

using core::ErrorCode;

/// One thing that is open: the word itself, a quotation, or a ${...}.
struct Frame {
  char stop = 0;  ///< what ends it; 0: the end of the word
  std::string out;
  std::string name;                    ///< of ${name...}
  char operation = 0;                  ///< '-', '+', '?', '#', '%', '/'
  bool doubled = false;                ///< "##", "%%", "//"
  bool null_is_unset = false;          ///< ":-"
  std::optional<std::string> pattern;  ///< of ${name/pattern/...}, once it is read
};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The start of `value` that the pattern takes away: the shortest or the longest.
std::string without_prefix(const std::string& value, const std::string& pattern, bool longest) {
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const std::size_t size = longest ? value.size() - i : i;
    if (core::matches_glob(pattern, std::string_view(value).substr(0, size)))
      return value.substr(size);
  }
  return value;
}

std::string without_suffix(const std::string& value, const std::string& pattern, bool longest) {
  for (std::size_t i = 0; i <= value.size(); ++i) {
    const std::size_t start = longest ? i : value.size() - i;
    if (core::matches_glob(pattern, std::string_view(value).substr(start)))
      return value.substr(0, start);
  }
  return value;
}

/// Replaces the first match, or all.
std::string replaced(std::string value, const std::string& pattern, const std::string& replacement,
                     bool all) {
  if (pattern.empty()) return value;
  for (std::size_t at = 0; (at = value.find(pattern, at)) != std::string::npos;) {
    value.replace(at, pattern.size(), replacement);
    at += replacement.size();
    if (!all) break;
  }
  return value;
}

class Expander {
 public:
  Expander(std::string_view word, const Lookup& lookup, char escape,
           std::vector<std::string>* unset)
      : word_(word), lookup_(lookup), escape_(escape), unset_(unset), stack_(1) {}

  core::Result<std::string> run() {
    if (word_.size() > core::limits::kMaxDockerfileWord) return too_large();
    while (at_ < word_.size()) {
      if (const auto done = step(); !done) return tl::make_unexpected(done.error());
      if (stack_.size() > core::limits::kMaxSubstitutionDepth ||
          stack_.back().out.size() > core::limits::kMaxDockerfileWord)
        return too_large();
    }
    if (stack_.size() > 1)
      return invalid(stack_.back().stop == '"' ? "a quotation does not end" : "a ${ does not end");
    return std::move(stack_.back().out);
  }

 private:
  static tl::unexpected<core::Error> invalid(std::string message) {
    return core::fail(ErrorCode::malformed, "word-invalid", std::move(message));
  }

  static tl::unexpected<core::Error> too_large() {
    return core::fail(ErrorCode::limit_exceeded, "word-too-large",
                      "a word with its variables replaced is too long or too deep");
  }

  /// The value of a variable that has no alternative.
  std::string plain_value(std::string_view name) {
    auto value = lookup_(name);
    if (!value && unset_ != nullptr) unset_->emplace_back(name);
    return std::move(value).value_or("");
  }

  core::Result<void> step() {
    Frame& frame = stack_.back();
    const char c = word_[at_];
    if (c == frame.stop && c != 0) return close();
    if (c == '$') return dollar();
    if (c == escape_) return escaped(frame);
    ++at_;
    if (frame.stop != '"' && c == '\'') return single_quoted(frame);
    if (frame.stop != '"' && c == '"') {
      stack_.push_back({.stop = '"'});
    } else {
      frame.out += c;
    }
    return {};
  }

  /// Between double quotes the escape character is special before '"', '$' and itself alone.
  core::Result<void> escaped(Frame& frame) {
    ++at_;
    if (at_ == word_.size()) return {};
    const char next = word_[at_];
    const bool is_special = next == '"' || next == '$' || next == escape_;
    if (frame.stop == '"' && !is_special) {
      frame.out += escape_;
      return {};
    }
    frame.out += next;
    ++at_;
    return {};
  }

  core::Result<void> single_quoted(Frame& frame) {
    const std::size_t end = word_.find('\'', at_);
    if (end == std::string_view::npos) return invalid("a quotation does not end");
    frame.out += word_.substr(at_, end - at_);
    at_ = end + 1;
    return {};
  }

  std::string_view take_name() {
    const std::size_t start = at_;
    while (at_ < word_.size() && is_name_character(word_[at_])) ++at_;
    return word_.substr(start, at_ - start);
  }

  core::Result<void> dollar() {
    ++at_;
    if (at_ < word_.size() && word_[at_] == '{') {
      ++at_;
      return open_substitution();
    }
    const std::string_view name = take_name();
    stack_.back().out += name.empty() ? "$" : plain_value(name);
    return {};
  }

  core::Result<void> open_substitution() {
    Frame frame{.stop = '}', .name = std::string(take_name())};
    if (at_ == word_.size()) return invalid("a ${ does not end");
    if (frame.name.empty()) return invalid("a ${ is not followed by a name");
    if (word_[at_] == '}') {
      ++at_;
      stack_.back().out += plain_value(frame.name);
      return {};
    }
    frame.null_is_unset = word_[at_] == ':';
    if (frame.null_is_unset) ++at_;
    if (at_ < word_.size()) frame.operation = word_[at_++];
    const std::string_view known = frame.null_is_unset ? "-+?" : "-+?#%/";
    if (frame.operation == 0 || known.find(frame.operation) == std::string_view::npos)
      return invalid("${" + frame.name + " goes on in a way that is not known");
    const bool may_double = std::string_view("#%/").find(frame.operation) != std::string_view::npos;
    frame.doubled = may_double && at_ < word_.size() && word_[at_] == frame.operation;
    if (frame.doubled) ++at_;
    if (frame.operation == '/') frame.stop = '/';
    stack_.push_back(std::move(frame));
    return {};
  }

  core::Result<void> close() {
    ++at_;
    Frame& frame = stack_.back();
    if (frame.operation == '/' && !frame.pattern) {
      frame.pattern = std::exchange(frame.out, {});
      frame.stop = '}';
      return {};
    }
    const Frame closed = std::move(frame);
    stack_.pop_back();
    if (closed.stop == '"') {
      stack_.back().out += closed.out;
      return {};
    }
    auto value = value_of(closed);
    if (!value) return tl::make_unexpected(value.error());
    stack_.back().out += *value;
    return {};
  }

  core::Result<std::string> value_of(const Frame& frame) {
    const std::optional<std::string> found = lookup_(frame.name);
    const bool is_set = found && !(frame.null_is_unset && found->empty());
    const std::string value = found.value_or("");
    if (frame.operation == '-') return is_set ? value : frame.out;
    if (frame.operation == '+') return is_set ? frame.out : std::string();
    if (frame.operation == '?' && !is_set)
      return invalid("$" + frame.name + " is not set" +
                     (frame.out.empty() ? "" : ": " + core::printable(frame.out)));
    if (frame.operation == '?') return value;
    if (!found && unset_ != nullptr) unset_->push_back(frame.name);
    return cut(frame, value);
  }

  static core::Result<std::string> cut(const Frame& frame, const std::string& value) {
    // Patterns cost the cube of the text.
    constexpr std::size_t kMaxValue = 128;
    if (value.size() + frame.out.size() > kMaxValue)
      return core::fail(ErrorCode::limit_exceeded, "word-too-large",
                        "$" + frame.name + " is too long for a pattern");
    if (frame.pattern && frame.pattern->find_first_of("*?") != std::string::npos)
      return invalid("${" + frame.name + "/...} has a pattern that is not supported");
    switch (frame.operation) {
      case '#': return without_prefix(value, frame.out, frame.doubled);
      case '%': return without_suffix(value, frame.out, frame.doubled);
      case '/': return replaced(value, *frame.pattern, frame.out, frame.doubled);
      default: return value;
    }
  }

  std::string_view word_;
  const Lookup& lookup_;
  char escape_;
  std::vector<std::string>* unset_;
  std::size_t at_ = 0;
  std::vector<Frame> stack_;
};

}  // namespace

core::Result<std::string> expand(std::string_view word, const Lookup& lookup, char escape,
                                 std::vector<std::string>* unset) {
  return Expander(word, lookup, escape, unset).run();
}

}  // namespace muslcheck::dockerfile
