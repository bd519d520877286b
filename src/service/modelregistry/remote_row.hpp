// A row of remote_models. Private to the module.
#pragma once

#include "service/modelregistry/registry.hpp"

namespace aa::modelregistry {

struct Registry::RemoteRow {
  std::string id;
  std::string name;
  std::string url;
  std::string task;
  std::string labels;  // a JSON list
  std::string version;
  std::optional<std::string> problem;
  Timestamp checked_at;

  std::vector<std::string> label_names() const {
    return json::read<std::vector<std::string>>(json::parse(labels));
  }
  BOOST_DESCRIBE_CLASS(RemoteRow, (), (id, name, url, task, labels, version, problem, checked_at),
                       (), ())
};

}  // namespace aa::modelregistry
