// Which events a webhook wants: "project.create" is one, "project.*" all of a kind, "*" every one.
// Events bear the names of the audit trail's actions.
//
// Thread rule: pure functions. Errors: none.
#pragma once

#include <string_view>

namespace aa::webhooks {

bool is_pattern(std::string_view text);
bool fits(std::string_view pattern, std::string_view event);

}  // namespace aa::webhooks
