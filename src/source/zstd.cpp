// zstd through libzstd. A file is a row of frames; skippable ones (RFC 8878, section 3.1.2; the
// table of contents of zstd:chunked) are passed over by the library.
//
// A frame says how much memory its window takes. The library refuses more than 128 MiB unless it
// is told otherwise, which is what `zstd -d` and container engines do as well.

#include <zstd.h>
#include <zstd_errors.h>

#include <memory>

#include "decompressors.hpp"

namespace muslcheck::source {
namespace {

using core::ByteView;
using core::ErrorCode;

core::Error error_of(std::size_t code) {
  const ZSTD_ErrorCode kind = ZSTD_getErrorCode(code);
  const bool memory =
      kind == ZSTD_error_memory_allocation || kind == ZSTD_error_frameParameter_windowTooLarge;
  return {.code = memory ? ErrorCode::limit_exceeded : ErrorCode::malformed,
          .reason = memory ? "out-of-memory" : "damaged",
          .message = std::string("zstd: ") + ZSTD_getErrorName(code),
          .path = {},
          .offset = {}};
}

struct ContextCloser {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};
using Context = std::unique_ptr<ZSTD_DCtx, ContextCloser>;

class ZstdDecompressor final : public Decompressor {
 public:
  ZstdDecompressor(Context context, ByteView bytes)
      : context_(std::move(context)), input_{bytes.data(), bytes.size(), 0} {}

  core::Result<std::size_t> fill(std::span<std::uint8_t> out) override {
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    while (output.pos == 0) {
      const bool at_end = input_.pos == input_.size;
      if (at_end && frame_done_) return 0;
      const std::size_t status = ZSTD_decompressStream(context_.get(), &output, &input_);
      if (ZSTD_isError(status) != 0) return tl::make_unexpected(error_of(status));
      frame_done_ = status == 0;
      if (at_end && output.pos == 0 && !frame_done_)
        return core::fail(ErrorCode::malformed, "truncated",
                          "zstd: the compressed data ends early");
    }
    return output.pos;
  }

  [[nodiscard]] std::uint64_t consumed() const override { return input_.pos; }

 private:
  Context context_;
  ZSTD_inBuffer input_;
  bool frame_done_ = false;
};

}  // namespace

core::Result<std::unique_ptr<Decompressor>> make_zstd_decompressor(ByteView bytes) {
  Context context(ZSTD_createDCtx());
  if (!context)
    return core::fail(ErrorCode::limit_exceeded, "out-of-memory",
                      "too large for the memory there is");
  return std::make_unique<ZstdDecompressor>(std::move(context), bytes);
}

}  // namespace muslcheck::source
