#include <charconv>

#include "api/routes/routes.hpp"
#include "service/audit/export_text.hpp"

namespace aa::api {
namespace {

constexpr int kExportPage = 500;

struct AuditVerdict {
  bool holds = true;
  std::int64_t entries = 0;
  std::int64_t signatures = 0;
  std::optional<std::int64_t> first_bad;
  std::optional<std::string> problem;
};
BOOST_DESCRIBE_STRUCT(AuditVerdict, (), (holds, entries, signatures, first_bad, problem))

OrganizationId organization_of(const Call& call) {
  const auto organization = call.tenant().organization();
  if (call.id<OrganizationId>("id") != organization) throw not_found("organization");
  return organization;
}

[[noreturn]] void refuse_query(std::string_view name, std::string_view must) {
  throw invalid("invalid_query", "?" + std::string(name) + "= must be " + std::string(must) + ".",
                {{"/" + std::string(name), "must be " + std::string(must)}});
}

std::optional<Timestamp> time_query(const Call& call, std::string_view name) {
  const auto text = call.query(name);
  if (!text) return std::nullopt;
  const auto time = Timestamp::parse(*text);
  if (!time) refuse_query(name, "an RFC 3339 time");
  return time;
}

audit::Filter filter_of(const Call& call) {
  audit::Filter out;
  if (const auto actor = call.query("actor_id")) {
    out.actor = UserId::parse(*actor);
    if (!out.actor) refuse_query("actor_id", "a UUID");
  }
  out.action = call.query("action");
  out.object_type = call.query("object_type");
  out.object_id = call.query("object_id");
  out.outcome = call.query("outcome");
  if (out.outcome && *out.outcome != "done" && *out.outcome != "denied") {
    refuse_query("outcome", "done or denied");
  }
  out.from = time_query(call, "from");
  out.until = time_query(call, "until");
  return out;
}

std::vector<QueryParameter> filter_parameters() {
  return {{"actor_id", "string", "who"},
          {"action", "string", "from its beginning: project. or project.create"},
          {"object_type", "string", ""},
          {"object_id", "string", ""},
          {"outcome", "string", "done or denied"},
          {"from", "string", "RFC 3339 time, inclusive"},
          {"until", "string", "RFC 3339 time, exclusive"}};
}

Task<http::Response> handle_list(Services& services, Call call) {
  const auto organization = organization_of(call);
  const auto before = call.query_number("cursor");
  Page<audit::Record> page;
  page.items = co_await services.trail.search(organization, filter_of(call), before, call.limit());
  if (static_cast<int>(page.items.size()) == call.limit()) {
    page.next_cursor = std::to_string(page.items.back().sequence);
  }
  co_return json_response(200, write_page(page));
}

Task<http::Response> handle_entry(Services& services, Call call) {
  const auto organization = organization_of(call);
  const auto& text = call.path.find("sequence")->second;
  std::int64_t sequence = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), sequence);
  const bool number = failed == std::errc{} && end == text.data() + text.size() && sequence > 0;
  if (!number) throw not_found("entry");
  const auto record = co_await services.trail.find(organization, sequence);
  if (!record) throw not_found("entry");
  co_return answer(200, *record);
}

Task<http::Response> handle_head(Services& services, Call call) {
  const auto organization = organization_of(call);
  co_return answer(200, co_await services.signed_heads.sign(organization));
}

Task<http::Response> handle_verification(Services& services, Call call) {
  const auto organization = organization_of(call);
  const auto found = co_await services.signed_heads.verify(organization);
  AuditVerdict verdict;
  verdict.holds = !found.chain.first_bad;
  verdict.entries = found.chain.entries;
  verdict.signatures = found.signatures;
  verdict.first_bad = found.chain.first_bad;
  if (found.chain.first_bad) verdict.problem = found.chain.problem;
  co_return answer(200, verdict);
}

// Page after page, up to the entry that records the export itself.
class ExportBody final : public http::BodySource {
 public:
  ExportBody(audit::Trail& trail, OrganizationId organization, audit::Filter filter,
             std::int64_t last, bool csv)
      : trail_(trail),
        organization_(organization),
        filter_(std::move(filter)),
        last_(last),
        csv_(csv) {
    if (csv_) text_ = audit::csv_header();
  }

  Task<std::size_t> read(std::span<std::byte> buffer) override {
    while (at_ == text_.size() && !ended_) co_await fetch();
    const std::size_t count = std::min(buffer.size(), text_.size() - at_);
    std::memcpy(buffer.data(), text_.data() + at_, count);
    at_ += count;
    co_return count;
  }

 private:
  Task<> fetch() {
    text_.clear();
    at_ = 0;
    const auto rows = co_await trail_.page(organization_, filter_, after_, kExportPage);
    ended_ = static_cast<int>(rows.size()) < kExportPage;
    const auto name = organization_.str();
    for (const auto& row : rows) {
      after_ = row.sequence;
      ended_ = ended_ || row.sequence >= last_;
      if (row.sequence > last_) break;
      text_ += csv_ ? audit::csv_line(row) : audit::json_line(name, row);
    }
  }

  audit::Trail& trail_;
  const OrganizationId organization_;
  const audit::Filter filter_;
  const std::int64_t last_;
  const bool csv_;
  std::string text_;
  std::size_t at_ = 0;
  std::int64_t after_ = 0;
  bool ended_ = false;
};

Task<http::Response> handle_export(Services& services, Call call) {
  const auto organization = organization_of(call);
  const auto filter = filter_of(call);
  const auto format = call.query("format").value_or("jsonl");
  if (format != "jsonl" && format != "csv") refuse_query("format", "jsonl or csv");
  auto transaction = co_await services.database.begin(call.tenant().scope());
  audit::Entry entry{"audit.export", "organization", organization.str(), {}};
  entry.detail["format"] = format;
  co_await services.trail.append(*transaction, call.tenant().actor(), std::move(entry));
  co_await transaction->commit();
  const auto head = co_await services.trail.head(organization);
  http::Response response;
  const bool csv = format == "csv";
  response.headers.set("Content-Type", csv ? "text/csv; charset=utf-8" : "application/jsonl");
  response.headers.set("Content-Disposition",
                       http::content_disposition("attachment", csv ? "audit.csv" : "audit.jsonl"));
  std::shared_ptr<http::BodySource> body =
      std::make_shared<ExportBody>(services.trail, organization, filter, head.sequence, csv);
  response.body = std::move(body);
  co_return response;
}

}  // namespace

Routes audit_routes(Services& services) {
  auto list_parameters = filter_parameters();
  list_parameters.push_back({"limit", "integer", "1 to 200"});
  list_parameters.push_back({"cursor", "string", ""});
  auto export_parameters = filter_parameters();
  export_parameters.push_back({"format", "string", "jsonl or csv"});
  Routes out;
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/audit",
                 .summary = "The audit trail, newest first",
                 .permission = Permission::audit_read,
                 .response_schema = page_schema_of<audit::Record>(),
                 .query = std::move(list_parameters),
                 .handler = [&](Call call) { return handle_list(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/audit/head",
                 .summary = "The head of the audit trail, signed by the server",
                 .permission = Permission::audit_read,
                 .response_schema = schema_of<audit::SignedHead>(),
                 .handler = [&](Call call) { return handle_head(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/audit/verification",
                 .summary = "Whether the audit trail holds, and the first bad entry",
                 .permission = Permission::audit_read,
                 .rate = RateClass::heavy,
                 .response_schema = schema_of<AuditVerdict>(),
                 .handler = [&](Call call) { return handle_verification(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/audit/export",
                 .summary = "The audit trail as JSON lines or CSV, oldest first",
                 .permission = Permission::audit_read,
                 .rate = RateClass::heavy,
                 .response_type = "application/octet-stream",
                 .query = std::move(export_parameters),
                 .handler = [&](Call call) { return handle_export(services, call); }});
  out.push_back({.method = "GET",
                 .pattern = "/api/v1/organizations/{id}/audit/{sequence}",
                 .summary = "One entry of the audit trail",
                 .permission = Permission::audit_read,
                 .response_schema = schema_of<audit::Record>(),
                 .handler = [&](Call call) { return handle_entry(services, call); }});
  return out;
}

}  // namespace aa::api
