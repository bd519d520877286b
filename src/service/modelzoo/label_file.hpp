// Names of a model's classes from a file, in the order of its outputs.
//
// Forms: a JSON list of names or of objects with a name, alone or as `labels` of an object; the
// `names` of a data.yaml (.yaml, .yml); else one name per line.
// Limits: 1 MiB, kLabelsMax names. Thread rule: any thread; blocks. Errors: invalid_argument
// "bad_labels" naming the file; not_found.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace aa::modelzoo {

std::vector<std::string> read_label_file(const std::filesystem::path& file);

// The characters that a text recogniser tells apart, one a line, spaces among them.
std::vector<std::string> read_dictionary(const std::filesystem::path& file);

}  // namespace aa::modelzoo
