// The readers of untrusted bytes, each under the name of its corpus folder (those of images share
// one). A target returns for any bytes; a crash, a sanitizer's report or an exception is a defect.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>

namespace aa::fuzz {

using Target = std::function<void(std::string_view)>;

const std::map<std::string, Target>& targets();

// Words that a target's readers know, for the mutations.
std::span<const std::string_view> dictionary(const std::string& target);

}  // namespace aa::fuzz
