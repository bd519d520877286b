// People whom an organisation's own directory vouches for: an OpenID provider, a SAML identity
// provider, an LDAP server, a SCIM client.
//
// A directory knows a person by a subject that never changes. It makes accounts without a password,
// and vouches only for accounts that belong to its organisation alone: whoever looks after it must
// not become, by naming an address, someone of another organisation or an owner of his own. Owners
// link themselves while they are signed in.
//
// Thread rule: shared by all coroutines.
// Errors: unauthenticated "account_elsewhere", "account_disabled", "not_a_member";
// invalid_argument "invalid_body" for an address that is none; already_exists "subject_taken",
// "address_taken".
#pragma once

#include <optional>
#include <string>

#include "service/identity/members.hpp"

namespace aa::identity {

// As a directory tells of a person. `role` is what the organisation maps him to, a built-in role's
// name but owner, or the id of a custom one; without one the present role stays.
struct DirectoryPerson {
  std::string provider;  // who vouches: an id, at most 64 characters
  std::string subject;   // at most 400 bytes
  std::string email;
  std::string name;
  std::optional<std::string> role;
  std::string first_role = "viewer";  // of who joins, when `role` says nothing
  bool joins = true;                  // who is no member becomes one
};

struct DirectoryLink {
  std::string provider_id;
  std::string subject;
  Timestamp created_at;
};
BOOST_DESCRIBE_STRUCT(DirectoryLink, (), (provider_id, subject, created_at))

class Directory {
 public:
  Directory(db::Database& database, audit::Trail& trail, Members& members, const Clock& clock,
            IdSource& ids)
      : database_(database), trail_(trail), members_(members), clock_(clock), ids_(ids) {}

  // Whose account it is, made and let in when need be. The transaction has the system's scope; the
  // actor's organisation is the directory's.
  Task<UserId> admit(db::Transaction& transaction, audit::Actor actor, DirectoryPerson person);
  // The person is signed in and says himself that he is that subject.
  Task<> link(db::Transaction& transaction, audit::Actor actor, UserId user, std::string provider,
              std::string subject);
  // One's own links in the organisation, and giving up those of a provider: conflict "no_password"
  // for who has no other way in.
  Task<std::vector<DirectoryLink>> links_of(OrganizationId organization, UserId user);
  Task<> unlink(db::Transaction& transaction, audit::Actor actor, UserId user,
                std::string provider);
  // Whom the directory knows by the subject.
  Task<std::optional<UserId>> find(OrganizationId organization, std::string provider,
                                   std::string subject);
  // The directory calls the person so now. Only an account without a password follows, and its
  // address only when it belongs to this organisation alone and to no owner.
  Task<> follow(db::Transaction& transaction, audit::Actor actor, UserId user, std::string email,
                std::string name);
  // Of a subject that the directory has no more.
  Task<> forget_subject(db::Transaction& transaction, OrganizationId organization,
                        std::string provider, std::string subject);
  // Sessions of the people whom a directory knows end where they began by `method`, but for the one
  // that asks; answers how many.
  Task<int> end_sessions(db::Transaction& transaction, tenancy::Tenant tenant, std::string provider,
                         SignInMethod method);
  // Of a directory that is given up: accounts and memberships stay.
  Task<> forget(db::Transaction& transaction, OrganizationId organization, std::string provider);

 private:
  Task<UserId> make(db::Transaction& transaction, audit::Actor actor, std::string email,
                    std::string name);
  Task<> let_in(db::Transaction& transaction, audit::Actor actor, UserId user,
                DirectoryPerson person);

  db::Database& database_;
  audit::Trail& trail_;
  Members& members_;
  const Clock& clock_;
  IdSource& ids_;
};

// Whether some directory vouches for the account; its address is not the person's to change.
Task<bool> in_directory(db::Database& database, UserId user);

}  // namespace aa::identity
