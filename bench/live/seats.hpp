// Where the editors of a run sit: the file of `annotateai admin seed-load`, one JSON line an
// editor: {"email", "token", "asset_id", "project_id"}. An asset is a room.
//
// Thread rule: values. Errors: std::runtime_error for a file that cannot be read.
#pragma once

#include <string>
#include <vector>

#include "bench/live/http.hpp"
#include "kernel/document/labels.hpp"

namespace aa::live {

struct Seat {
  std::string email;
  std::string token;
  AssetId asset_id;
  ProjectId project_id;
};
BOOST_DESCRIBE_STRUCT(Seat, (), (email, token, asset_id, project_id))

struct RoomSeats {
  AssetId asset;
  ProjectId project;
  std::vector<Seat> seats;
};

// Rooms as the file names them first.
std::vector<RoomSeats> read_seats(const std::string& file);

// What an editor must know of the asset to draw on it.
struct Canvas {
  AssetId asset;
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  document::LabelSchema labels;
};
Canvas canvas_of(Http& http, const RoomSeats& room);

// {ticket}, of POST /live/tickets; throws as Http does.
std::string ticket_of(Http& http, const Seat& seat);

}  // namespace aa::live
