#pragma once
#include <filesystem>
#include <set>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/id.hpp"
#include "base/json.hpp"
#include "core/observe/log.hpp"
#include "core/runtime/executors.hpp"
#include "driver/db/database.hpp"
#include "pch_async.hpp"
