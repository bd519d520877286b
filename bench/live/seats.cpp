#include "bench/live/seats.hpp"

#include <fstream>
#include <map>
#include <stdexcept>

namespace aa::live {
namespace {

std::string text_of(const json::Value& value) {
  return std::string(std::string_view(value.as_string()));
}

}  // namespace

std::vector<RoomSeats> read_seats(const std::string& file) {
  std::ifstream in(file);
  std::vector<RoomSeats> out;
  std::map<AssetId, std::size_t> places;
  for (std::string line; std::getline(in, line);) {
    const json::Object object = json::parse(line).as_object();
    Seat seat{text_of(object.at("email")), text_of(object.at("token")),
              AssetId::parse(text_of(object.at("asset_id"))).value(),
              ProjectId::parse(text_of(object.at("project_id"))).value()};
    const auto [place, fresh] = places.emplace(seat.asset_id, out.size());
    if (fresh) out.push_back({seat.asset_id, seat.project_id, {}});
    out[place->second].seats.push_back(std::move(seat));
  }
  if (out.empty()) throw std::runtime_error("no editors in " + file);
  return out;
}

Canvas canvas_of(Http& http, const RoomSeats& room) {
  const std::string& token = room.seats.front().token;
  const json::Value asset = json::parse(http.expect("GET", "/assets/" + room.asset.str(), token));
  const json::Value project =
      json::parse(http.expect("GET", "/projects/" + room.project.str(), token));
  Canvas out{room.asset,
             asset.at("width").to_number<std::uint32_t>(),
             asset.at("height").to_number<std::uint32_t>(),
             {}};
  out.labels.labels = json::read<std::vector<document::Label>>(project.at("labels"));
  return out;
}

std::string ticket_of(Http& http, const Seat& seat) {
  const std::string body = R"({"asset_id":")" + seat.asset_id.str() + "\"}";
  return text_of(json::parse(http.expect("POST", "/live/tickets", seat.token, body)).at("ticket"));
}

}  // namespace aa::live
