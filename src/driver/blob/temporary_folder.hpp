// A folder of this process alone that is removed with everything in it. In memory where the system
// has /dev/shm, so that hundreds of fsyncs in tests cost nothing, or on disk.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace aa::blob {

class TemporaryFolder {
 public:
  enum class Place { memory, disk };

  explicit TemporaryFolder(Place place = Place::memory) {
    std::filesystem::path base = "/dev/shm";
    if (place == Place::disk || !std::filesystem::is_directory(base)) {
      base = std::filesystem::temp_directory_path();
    }
    auto name = (base / "annotateai-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace aa::blob
