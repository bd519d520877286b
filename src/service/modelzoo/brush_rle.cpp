// The packed runs of Label Studio's brush: 32 bits say how many numbers follow, 5 how wide one is
// (less 1), four times 4 how wide the lengths of the four kinds of runs are (less 1). Then runs: a
// bit (1: one number repeated, 0: as many numbers), two bits for the kind, the length less 1 in so
// many bits, the numbers. Numbers are RGBA bytes, of which only A counts.
#include "base/error.hpp"
#include "base/limits.hpp"
#include "service/modelzoo/remote_answer.hpp"

namespace aa::modelzoo {
namespace {

constexpr std::size_t kChannels = 4;

Error damaged(const char* what) {
  return invalid("remote_answer",
                 std::string("The remote model's answer has a damaged brush mask: ") + what + ".");
}

class Bits {
 public:
  explicit Bits(const std::vector<std::uint8_t>& bytes) : bytes_(bytes) {}
  std::uint32_t take(unsigned count) {
    std::uint32_t out = 0;
    for (unsigned i = 0; i < count; ++i, ++at_) {
      if (at_ / 8 >= bytes_.size()) throw damaged("it ends too early");
      const auto bit = (bytes_[at_ / 8] >> (7 - at_ % 8)) & 1U;
      out = (out << 1U) | bit;
    }
    return out;
  }

 private:
  const std::vector<std::uint8_t>& bytes_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::uint8_t> unpack_brush(const std::vector<std::uint8_t>& packed,
                                       std::size_t pixels) {
  if (pixels > limits::kImagePixels) throw damaged("it is larger than any image");
  Bits bits(packed);
  const std::size_t count = bits.take(32);
  if (count != pixels * kChannels) throw damaged("its size is not that of the image");
  const unsigned width = bits.take(5) + 1;
  std::array<unsigned, 4> length_bits{};
  for (auto& size : length_bits) size = bits.take(4) + 1;
  std::vector<std::uint8_t> out(pixels);
  for (std::size_t i = 0; i < count;) {
    const bool repeated = bits.take(1) == 1;
    const std::size_t run = std::size_t{bits.take(length_bits[bits.take(2)])} + 1;
    if (run > count - i) throw damaged("a run goes beyond the image");
    std::uint32_t value = repeated ? bits.take(width) : 0;
    for (const std::size_t end = i + run; i < end; ++i) {
      if (!repeated) value = bits.take(width);
      if (i % kChannels == kChannels - 1) out[i / kChannels] = value != 0 ? 1 : 0;
    }
  }
  return out;
}

}  // namespace aa::modelzoo
