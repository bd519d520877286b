// What a model said, as the API and the command line write it:
// [{shape, class, class_id?, score, attributes, embedding?}, ...]
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include <string>

#include "kernel/decode/finding.hpp"

namespace aa::modelzoo {

void append_findings(std::string& out, const decode::Reading& reading);
// {name: number | text, ...}
json::Object attributes_object(const decode::Attributes& attributes);

}  // namespace aa::modelzoo
