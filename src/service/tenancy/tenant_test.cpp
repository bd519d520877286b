#include "service/tenancy/tenant.hpp"

#include <gtest/gtest.h>

namespace aa::tenancy {
namespace {

TEST(Permissions, a_role_has_all_that_the_roles_below_it_have) {
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<Permission>>([](auto d) {
    for (int role = 0; role < static_cast<int>(Role::viewer); ++role) {
      const bool below = permissions_of(static_cast<Role>(role + 1)).has(d.value);
      EXPECT_TRUE(!below || permissions_of(static_cast<Role>(role)).has(d.value)) << d.name << role;
    }
    EXPECT_TRUE(permissions_of(Role::owner).has(d.value)) << d.name << " has no row";
  });
}

TEST(Permissions, known_answers) {
  EXPECT_FALSE(permissions_of(Role::viewer).has(Permission::annotation_write));
  EXPECT_TRUE(permissions_of(Role::annotator).has(Permission::annotation_write));
  EXPECT_TRUE(permissions_of(Role::viewer).has(Permission::comment_read));
  EXPECT_FALSE(permissions_of(Role::viewer).has(Permission::comment_write));
  EXPECT_TRUE(permissions_of(Role::annotator).has(Permission::comment_write));
  EXPECT_FALSE(permissions_of(Role::annotator).has(Permission::export_run));
  EXPECT_FALSE(permissions_of(Role::manager).has(Permission::audit_read));
}

TEST(Permissions, a_set_covers_what_it_has) {
  const auto& manager = permissions_of(Role::manager);
  const auto& viewer = permissions_of(Role::viewer);
  EXPECT_TRUE(manager.covers(viewer));
  EXPECT_FALSE(viewer.covers(manager));
  EXPECT_EQ(manager & viewer, viewer);
  EXPECT_EQ(manager | viewer, manager);
  EXPECT_TRUE(viewer.covers(PermissionSet{}));
}

TEST(Permissions, names_are_read_exactly) {
  EXPECT_EQ(permission_named("project_read"), Permission::project_read);
  EXPECT_FALSE(permission_named("Project_read"));
  EXPECT_FALSE(permission_named("*"));
  EXPECT_FALSE(permission_named(""));
}

TEST(Tenant, a_principal_that_nobody_filled_may_nothing) {
  EXPECT_EQ(Principal{}.permissions, PermissionSet{});
}

TEST(Tenant, a_sign_in_is_fresh_for_five_minutes) {
  Principal principal;
  principal.authenticated_at = Timestamp{1'000'000};
  const Tenant tenant(principal, "127.0.0.1", "r");
  EXPECT_NO_THROW(tenant.require_fresh(principal.authenticated_at + std::chrono::seconds{299}));
  try {
    tenant.require_fresh(principal.authenticated_at + kFreshFor);
    ADD_FAILURE();
  } catch (const Error& e) {
    EXPECT_EQ(e.slug(), "reauth_required");
  }
}

TEST(Tenant, require_names_the_permission) {
  const Tenant tenant({{}, {}, {}, Role::viewer}, "127.0.0.1", "r");
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
