// The tokenizer that a model of images and texts came with, from the files of its folder.
//
// Thread rule: blocks. Errors: invalid_argument "bad_vocabulary"; not_found.
#pragma once

#include <filesystem>

#include "kernel/decode/bpe.hpp"

namespace aa::modelzoo {

decode::BpeVocabulary read_tokenizer(const std::filesystem::path& folder);

}  // namespace aa::modelzoo
