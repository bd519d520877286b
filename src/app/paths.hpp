// Where the program finds what it ships with.
#pragma once

#include <filesystem>
#include <string>

namespace aa::app {

// The folder that holds web/dist and models: two levels up from build/annotateai, or
// ../share/annotateai of an installed program.
std::filesystem::path share_folder();
std::filesystem::path models_folder(const std::string& setting);
std::filesystem::path web_folder(const std::string& setting);  // empty when it is not built
// Beside the program, or ../lib/annotateai of an installed one; it need not be there.
std::filesystem::path saml_plugin();

}  // namespace aa::app
