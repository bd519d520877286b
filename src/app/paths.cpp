#include "app/paths.hpp"

namespace aa::app {

std::filesystem::path share_folder() {
  std::error_code error;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
  const auto installed = program.parent_path().parent_path() / "share" / "annotateai";
  if (std::filesystem::exists(installed, error)) return installed;
  return program.parent_path().parent_path();
}

std::filesystem::path models_folder(const std::string& setting) {
  return setting.empty() ? share_folder() / "models" : std::filesystem::path(setting);
}

std::filesystem::path web_folder(const std::string& setting) {
  const auto folder =
      setting.empty() ? share_folder() / "web" / "dist" : std::filesystem::path(setting);
  std::error_code error;
  return std::filesystem::exists(folder / "index.html", error) ? folder : std::filesystem::path();
}

std::filesystem::path saml_plugin() {
  constexpr const char* kName = "annotateai_saml.so";
  std::error_code error;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  const auto installed = folder.parent_path() / "lib" / "annotateai" / kName;
  return std::filesystem::exists(installed, error) ? installed : folder / kName;
}

}  // namespace aa::app
