#pragma once
/// Searching short lists, where <algorithm> alone needs three lines each time.

#include <algorithm>

namespace muslcheck::core {

/// True if one of the elements equals `wanted`.
template <typename List, typename Wanted>
[[nodiscard]] bool contains(const List& list, const Wanted& wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

/// The first element for which `matches` is true, null if there is none. It lives in `list`.
template <typename List, typename Matches>
[[nodiscard]] auto find_where(const List& list, const Matches& matches)
    -> decltype(&*list.begin()) {
  const auto found = std::find_if(list.begin(), list.end(), matches);
  return found == list.end() ? nullptr : &*found;
}

}  // namespace muslcheck::core
