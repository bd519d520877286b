// Seeded mutations of bytes. Thread rule: local to one run.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>

namespace aa::fuzz {

inline constexpr std::size_t kInputBytesMax = 64 * 1024;

class Mutator {
 public:
  Mutator(std::uint64_t seed, std::span<const std::string_view> words)
      : random_(seed), words_(words) {}

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  // `other` lends pieces; it may be the same text.
  std::string mutated(std::string text, std::string_view other);

 private:
  void mutate_once(std::string& text, std::string_view other);
  void replace_number(std::string& text);
  void put_integer(std::string& text);

  std::mt19937_64 random_;
  std::span<const std::string_view> words_;
};

}  // namespace aa::fuzz
