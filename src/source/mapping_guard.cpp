// A handler of SIGBUS that knows the mappings of this module.
//
// What a signal handler may use is little: a table of fixed size in static memory, atomics without
// locks, and mmap, which is a plain system call on Linux. It lays a page of zeros over the place
// that was read, from there to the end of the mapping, and notes the hit; the read is then repeated
// by the processor and goes on. A SIGBUS anywhere else gets the handling that it had before.

#include "mapping_guard.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <utility>

namespace muslcheck::source {
namespace {

constexpr int kSlots = 1024;  // one archive, and one large file per thread

struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<std::uintptr_t> begin{0};
  std::atomic<std::uintptr_t> end{0};
  std::atomic<bool> hit{false};
};
static_assert(std::atomic<std::uintptr_t>::is_always_lock_free);
static_assert(std::atomic<bool>::is_always_lock_free);

// Signal handlers have no other way to find what they work on.
std::array<Slot, kSlots> slots;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
struct sigaction previous;       // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<std::uintptr_t> page_size{
    4096};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

Slot* slot_of(std::uintptr_t address) {
  for (Slot& slot : slots)
    if (address >= slot.begin && address < slot.end) return &slot;
  return nullptr;
}

/// Zeros from the page of `address` to the end of the mapping.
bool fill_with_zeros(Slot& slot, std::uintptr_t address) {
  const std::uintptr_t page = address & ~(page_size - 1);
  void* place = reinterpret_cast<void*>(page);  // NOLINT: an address from the kernel
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE;
  if (::mmap(place, slot.end - page, PROT_READ, flags, -1, 0) == MAP_FAILED) return false;
  slot.hit = true;
  return true;
}

void on_bus_error(int /*signal*/, siginfo_t* info, void* /*context*/) {
  const int kept = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);  // NOLINT
  Slot* slot = slot_of(address);
  // Not ours: the same instruction runs again under the handling there was before.
  if (slot == nullptr || !fill_with_zeros(*slot, address)) ::sigaction(SIGBUS, &previous, nullptr);
  errno = kept;
}

void install_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    page_size = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    struct sigaction action {};
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO | SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    ::sigaction(SIGBUS, &action, &previous);
  });
}

}  // namespace

core::Result<MappingGuard> MappingGuard::watch(const void* data, std::size_t size) {
  install_handler();
  const auto begin = reinterpret_cast<std::uintptr_t>(data);  // NOLINT
  for (int number = 0; number < kSlots; ++number) {
    Slot& slot = slots[static_cast<std::size_t>(number)];
    if (slot.taken.exchange(true)) continue;
    slot.hit = false;
    slot.end = begin + size;
    slot.begin = begin;
    return MappingGuard(number);
  }
  return core::fail(core::ErrorCode::limit_exceeded, "too-many-mappings",
                    "more files are mapped at once than can be watched");
}

MappingGuard::MappingGuard(MappingGuard&& other) noexcept : slot_(std::exchange(other.slot_, -1)) {}

MappingGuard& MappingGuard::operator=(MappingGuard&& other) noexcept {
  std::swap(slot_, other.slot_);
  return *this;
}

MappingGuard::~MappingGuard() {
  if (slot_ < 0) return;
  Slot& slot = slots[static_cast<std::size_t>(slot_)];
  // First the end: a range that is half changed must hold no address.
  slot.end = 0;
  slot.begin = 0;
  slot.taken = false;
}

bool MappingGuard::was_hit() const {
  return slot_ >= 0 && slots[static_cast<std::size_t>(slot_)].hit;
}

}  // namespace muslcheck::source
