// SHA256SUMS: a line "HASH  PATH" for each file below a folder. Private to the module.
// Thread rule: values. Errors: invalid_argument "backup_damaged"; those of the file system.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>

namespace aa::backup {

// Copies a file (mode 0600, folders 0700) and gives its SHA-256 in hex; `bytes` grows by its size.
// Empty when there is no such file any more.
std::string copy_hashed(const std::filesystem::path& from, const std::filesystem::path& to,
                        std::uint64_t& bytes);
std::string hash_of_file(const std::filesystem::path& file);

// Each line of the file; the path is relative and stays below the folder.
void for_each_sum(
    const std::filesystem::path& sums,
    const std::function<void(const std::string& hash, const std::filesystem::path&)>& take);

}  // namespace aa::backup
