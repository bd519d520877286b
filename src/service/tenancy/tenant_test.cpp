#include "service/tenancy/tenant.hpp"

#include <gtest/gtest.h>

namespace aa::tenancy {
namespace {

TEST(Permissions, a_role_has_all_that_the_roles_below_it_have) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>([](auto d) {
    for (int role = 0; role < static_cast<int>(Role::viewer); ++role) {
      const bool below = allows(static_cast<Role>(role + 1), d.value);
      EXPECT_TRUE(!below || allows(static_cast<Role>(role), d.value)) << d.name << role;
    }
    EXPECT_TRUE(allows(Role::owner, d.value)) << d.name << " has no row";
  });
}

TEST(Permissions, known_answers) {
  EXPECT_FALSE(allows(Role::viewer, Permission::annotation_write));
  EXPECT_TRUE(allows(Role::annotator, Permission::annotation_write));
  EXPECT_TRUE(allows(Role::viewer, Permission::comment_read));
  EXPECT_FALSE(allows(Role::viewer, Permission::comment_write));
  EXPECT_TRUE(allows(Role::annotator, Permission::comment_write));
  EXPECT_FALSE(allows(Role::annotator, Permission::export_run));
  EXPECT_FALSE(allows(Role::manager, Permission::audit_read));
}

TEST(Tenant, require_names_the_permission) {
  const Tenant tenant({.role = Role::viewer}, "127.0.0.1", "r");
  EXPECT_NO_THROW(tenant.require(Permission::project_read));
  try {
    tenant.require(Permission::project_delete);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::permission_denied);
    EXPECT_NE(e.message().find("project_delete"), std::string::npos);
  }
}

}  // namespace
}  // namespace aa::tenancy
