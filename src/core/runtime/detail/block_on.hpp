#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include "core/runtime/executors.hpp"

namespace aa::runtime {

template <class T>
T block_on(Executors& executors, Task<T> task) {
  return boost::asio::co_spawn(executors.io(), std::move(task), boost::asio::use_future).get();
}

}  // namespace aa::runtime
