// PostgreSQL's side of snapshot.hpp. Private to the module.
#pragma once

#include <filesystem>

#include "base/secret.hpp"

namespace aa::db {

void write_postgres_snapshot(const Secret& url, const std::filesystem::path& folder);
void read_postgres_snapshot(const Secret& url, const std::filesystem::path& folder);
bool postgres_is_empty(const Secret& url);

}  // namespace aa::db
