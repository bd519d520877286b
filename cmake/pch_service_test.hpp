#pragma once
#include "pch_async_test.hpp"
#include "service/testing/service_fixture.hpp"
