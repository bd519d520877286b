// Where an address is, as far as a MaxMind DB file of the operator's tells. Nothing is asked of
// anyone outside. libmaxminddb is loaded with the first address that is looked up.
//
// Format: MaxMind DB file format specification v2.0; the fields are those of GeoLite2 City and
// Country.
// Thread rule: any thread. The first lookup reads the file's head; others touch mapped memory.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace aa::places {

class Places {
 public:
  // No file: no place is known. Error(invalid_argument, "bad_setting") for one that is absent.
  explicit Places(std::filesystem::path file);
  ~Places();

  // "Lyon, France", "France", or empty: a private address, one not in the file, a file that cannot
  // be read (which is logged once).
  std::string of(const std::string& ip) const;

 private:
  struct File;
  std::unique_ptr<File> file_;
};

}  // namespace aa::places
