#pragma once
#include "api/routes/routes.hpp"
#include "pch_async.hpp"
