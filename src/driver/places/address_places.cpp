#include "driver/places/address_places.hpp"

#include <dlfcn.h>
#include <maxminddb.h>
#include <mutex>

#include "base/error.hpp"
#include "core/observe/log.hpp"

namespace aa::places {
namespace {

constexpr const char* kLibrary = "libmaxminddb.so.0";

struct Api {
  decltype(&MMDB_open) open = nullptr;
  decltype(&MMDB_close) close = nullptr;
  decltype(&MMDB_lookup_string) lookup = nullptr;
  decltype(&MMDB_get_value) value = nullptr;
  bool whole = false;
};

template <class F>
bool load(void* library, const char* name, F& function) {
  function = reinterpret_cast<F>(::dlsym(library, name));
  return function != nullptr;
}

const Api& api() {
  static const Api loaded = [] {
    Api out;
    void* library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
    out.whole = library != nullptr && load(library, "MMDB_open", out.open) &&
                load(library, "MMDB_close", out.close) &&
                load(library, "MMDB_lookup_string", out.lookup) &&
                load(library, "MMDB_get_value", out.value);
    return out;
  }();
  return loaded;
}

}  // namespace

struct Places::File {
  std::filesystem::path path;
  std::once_flag once;
  MMDB_s database{};
  bool open = false;

  ~File() {
    if (open) api().close(&database);
  }

  void read_head() {
    if (!api().whole) {
      observe::warn("places.no_library", {{"library", std::string_view(kLibrary)}});
      return;
    }
    open = api().open(path.c_str(), MMDB_MODE_MMAP, &database) == MMDB_SUCCESS;
    if (!open) observe::warn("places.unreadable", {{"file", path.string()}});
  }

  static std::string name_in(MMDB_entry_s& entry, const char* what) {
    MMDB_entry_data_s data{};
    const bool found = api().value(&entry, &data, what, "names", "en", nullptr) == MMDB_SUCCESS;
    if (!found || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
    return {data.utf8_string, data.data_size};
  }
};

Places::Places(std::filesystem::path file) {
  if (file.empty()) return;
  if (!std::filesystem::is_regular_file(file)) {
    throw invalid("bad_setting", "PLACES_FILE: there is no file " + file.string() + ".");
  }
  file_ = std::make_unique<File>();
  file_->path = std::move(file);
}

Places::~Places() = default;

std::string Places::of(const std::string& ip) const {
  if (!file_) return {};
  std::call_once(file_->once, [this] { file_->read_head(); });
  if (!file_->open) return {};
  int name_error = 0;
  int error = MMDB_SUCCESS;
  auto found = api().lookup(&file_->database, ip.c_str(), &name_error, &error);
  if (name_error != 0 || error != MMDB_SUCCESS || !found.found_entry) return {};
  const auto city = File::name_in(found.entry, "city");
  const auto country = File::name_in(found.entry, "country");
  return city.empty() || country.empty() ? city + country : city + ", " + country;
}

}  // namespace aa::places
