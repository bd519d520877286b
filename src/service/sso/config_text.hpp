// What every kind's settings have in common. Thread rule: pure.
#pragma once

#include "base/error.hpp"
#include "base/json.hpp"

namespace aa::sso {

// Errors: invalid_argument "invalid_provider", with pointers under /config.
template <class Settings>
Settings read_settings(const json::Object& config) {
  try {
    return json::read<Settings>(config, "invalid_provider");
  } catch (const Error& error) {
    auto details = error.details();
    for (auto& detail : details) detail.pointer = "/config" + detail.pointer;
    throw Error(error.code(), error.slug(), error.message(), std::move(details));
  }
}

}  // namespace aa::sso
