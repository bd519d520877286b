#include <functional>
#include <map>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/json_builder.hpp"
#include "kernel/formats/coco_annotation.hpp"
#include "kernel/formats/non_finite_filter.hpp"

namespace aa::formats {
namespace {

using json::Object;
using json::Value;

// Parser events of a file whose root is an object; the elements of its three great lists are handed
// over one by one, so that no more than one of them exists as JSON at a time.
class ItemEvents {
 public:
  using Text = boost::json::string_view;
  using Failure = boost::json::error_code;
  static constexpr std::size_t max_object_size = std::size_t(-1);
  static constexpr std::size_t max_array_size = std::size_t(-1);
  static constexpr std::size_t max_key_size = std::size_t(-1);
  static constexpr std::size_t max_string_size = std::size_t(-1);

  // Called with the list's name and the element; with a member's name and its value for the rest.
  std::function<void(const std::string&, const Value&)> on_item;
  std::function<void(const std::string&, const Value&)> on_member;
  std::string refusal;  // why parsing was stopped by us

  bool on_document_begin(Failure&) { return true; }
  bool on_document_end(Failure&) { return true; }
  bool on_object_begin(Failure& e) {
    if (depth_++ == 0) return true;
    return value(e, [&] { return builder_.on_object_begin(e); });
  }
  bool on_object_end(std::size_t n, Failure& e) {
    if (--depth_ == 0) return true;
    builder_.on_object_end(n, e);
    return done();
  }
  bool on_array_begin(Failure& e) {
    if (depth_ == 0) return stop(e, "the file must be a JSON object");
    if (depth_++ == 1 && is_list(key_)) return in_list_ = true;
    return value(e, [&] { return builder_.on_array_begin(e); });
  }
  bool on_array_end(std::size_t n, Failure& e) {
    if (--depth_ == 1 && in_list_) {
      in_list_ = false;
      return true;
    }
    builder_.on_array_end(n, e);
    return done();
  }
  bool on_key_part(Text s, std::size_t n, Failure& e) {
    if (depth_ == 1) return key_part_.append(s.data(), s.size()), true;
    return builder_.on_key_part(s, n, e);
  }
  bool on_key(Text s, std::size_t n, Failure& e) {
    if (depth_ > 1) return builder_.on_key(s, n, e);
    key_ = key_part_ + std::string(s);
    key_part_.clear();
    return true;
  }
  bool on_string_part(Text s, std::size_t n, Failure& e) {
    return builder_.on_string_part(s, n, e);
  }
  bool on_string(Text s, std::size_t n, Failure& e) {
    return scalar(e, [&] { return builder_.on_string(s, n, e); });
  }
  bool on_number_part(Text s, Failure& e) { return builder_.on_number_part(s, e); }
  bool on_int64(std::int64_t i, Text s, Failure& e) {
    return scalar(e, [&] { return builder_.on_int64(i, s, e); });
  }
  bool on_uint64(std::uint64_t u, Text s, Failure& e) {
    return scalar(e, [&] { return builder_.on_uint64(u, s, e); });
  }
  bool on_double(double d, Text s, Failure& e) {
    return scalar(e, [&] { return builder_.on_double(d, s, e); });
  }
  bool on_bool(bool b, Failure& e) {
    return scalar(e, [&] { return builder_.on_bool(b, e); });
  }
  bool on_null(Failure& e) {
    return scalar(e, [&] { return builder_.on_null(e); });
  }
  bool on_comment_part(Text, Failure&) { return true; }
  bool on_comment(Text, Failure&) { return true; }

 private:
  static bool is_list(std::string_view key) {
    return key == "images" || key == "annotations" || key == "categories";
  }
  bool stop(Failure& e, std::string why) {
    refusal = std::move(why);
    e = boost::json::error::syntax;
    return false;
  }
  template <class Push>
  bool value(Failure& e, Push push) {
    if (++values_ > kItemValuesMax) return stop(e, "one item holds too many values");
    return push();
  }
  template <class Push>
  bool scalar(Failure& e, Push push) {
    if (depth_ == 0) return stop(e, "the file must be a JSON object");
    if (!value(e, push)) return false;
    return done();
  }
  bool done() {
    if (depth_ > (in_list_ ? 2 : 1)) return true;
    (in_list_ ? on_item : on_member)(key_, builder_.release());
    builder_.reset();
    values_ = 0;
    return true;
  }

  json::ValueBuilder builder_;
  int depth_ = 0;
  bool in_list_ = false;
  std::string key_;
  std::string key_part_;
  std::size_t values_ = 0;
};

std::string text_at(const Object& item, std::string_view name) {
  const Value* value = item.if_contains(name);
  if (value == nullptr) throw CocoProblem("/" + std::string(name), "is missing");
  if (!value->is_string() || value->get_string().empty()) {
    throw CocoProblem("/" + std::string(name), "must be a text that is not empty");
  }
  return std::string(std::string_view(value->get_string()));
}

std::uint32_t side_at(const Object& item, std::string_view name) {
  if (!item.contains(name)) return 0;
  const std::int64_t side = integer_at(item, name);
  if (side < 1 || side > static_cast<std::int64_t>(limits::kImageSide)) {
    throw CocoProblem("/" + std::string(name), "is not the side of an image");
  }
  return static_cast<std::uint32_t>(side);
}

CocoImage image_of(const Object& item) {
  CocoImage out{integer_at(item, "id"), text_at(item, "file_name"), side_at(item, "width"),
                side_at(item, "height"),
                unknown_members(item, {"id", "file_name", "width", "height"})};
  if (out.width == 0 || out.height == 0) out.width = out.height = 0;
  return out;
}

CocoCategory category_of(const Object& item) {
  CocoCategory out{integer_at(item, "id"),
                   text_at(item, "name"),
                   {},
                   {},
                   unknown_members(item, {"id", "name", "supercategory", "keypoints"})};
  if (const Value* above = item.if_contains("supercategory"); above && above->is_string()) {
    out.supercategory = std::string(std::string_view(above->get_string()));
  }
  if (const Value* names = item.if_contains("keypoints")) {
    try {
      out.keypoints = json::read<std::vector<std::string>>(*names);
    } catch (const Error& error) {
      throw CocoProblem("/keypoints", error.message());
    }
    const std::set<std::string> distinct(out.keypoints.begin(), out.keypoints.end());
    if (distinct.size() != out.keypoints.size()) {
      throw CocoProblem("/keypoints", "names a point twice");
    }
  }
  return out;
}

}  // namespace

struct CocoReader::State {
  State() : parser(options()) {
    parser.handler().on_item = [this](const std::string& list, const Value& item) {
      take(list, item);
    };
    parser.handler().on_member = [this](const std::string& name, const Value& value) {
      if (name == "images" || name == "annotations" || name == "categories") {
        data.problems.add(name, "must be a list");
        return;
      }
      try {
        require_finite(value);
        data.extra[name] = value;
      } catch (const CocoProblem& problem) {
        data.problems.add(name + problem.where, problem.what());
      }
    };
  }

  static boost::json::parse_options options() {
    boost::json::parse_options out;
    out.max_depth = limits::kJsonDepth;
    return out;
  }

  void write(std::string_view text, bool more) {
    boost::json::error_code error;
    const std::size_t used = parser.write_some(more, text.data(), text.size(), error);
    if (!error && used < text.size()) error = boost::json::error::extra_data;
    if (!error) {
      bytes += used;
      return;
    }
    const std::string why =
        parser.handler().refusal.empty() ? error.message() : parser.handler().refusal;
    throw malformed("malformed_coco", "The COCO file cannot be read near byte " +
                                          std::to_string(bytes + used) + ": " + why + ".");
  }

  // Runs `work` on an item; what it cannot take becomes a problem.
  template <class Work>
  void guarded(const std::string& where, const Value& item, Work work) {
    try {
      if (!item.is_object()) throw CocoProblem("", "must be an object");
      work(item.get_object());
    } catch (const CocoProblem& problem) {
      data.problems.add(where + problem.where, problem.what());
    } catch (const Error& error) {
      data.problems.add(where, error.message());
    }
  }

  void take(const std::string& list, const Value& item) {
    const std::string where = list + "/" + std::to_string(counts[list]++);
    if (list == "annotations") {
      if (!take_annotation(where, item, false)) waiting.emplace_back(where, item);
      return;
    }
    guarded(where, item, [&](const Object& object) {
      if (list == "images")
        keep(data.images, images, image_of(object));
      else
        keep(data.categories, categories, category_of(object));
    });
  }

  template <class Row>
  static void keep(std::vector<Row>& rows, std::unordered_map<std::int64_t, std::size_t>& index,
                   Row row) {
    if (!index.emplace(row.id, rows.size()).second) {
      throw CocoProblem("/id", "stands twice in the list");
    }
    rows.push_back(std::move(row));
  }

  // False when the image or category it needs may still come.
  bool take_annotation(const std::string& where, const Value& item, bool last) {
    bool taken = true;
    guarded(where, item, [&](const Object& object) {
      const auto image = images.find(integer_at(object, "image_id"));
      const auto category = categories.find(integer_at(object, "category_id"));
      const bool needs_names = object.contains("keypoints") && category == categories.end();
      if (!last && (image == images.end() || needs_names)) {
        taken = false;
        return;
      }
      if (image == images.end()) throw CocoProblem("/image_id", "is not an image of the file");
      const CocoCategory* row =
          category == categories.end() ? nullptr : &data.categories[category->second];
      CocoAnnotation out =
          annotation_of(object, data.images[image->second], row, where, data.problems);
      if (object.contains("id") && !ids.insert(out.id).second) {
        throw CocoProblem("/id", "stands twice in the list");
      }
      numbered.push_back(object.contains("id"));
      data.annotations.push_back(std::move(out));
      places.push_back(where);
    });
    return taken;
  }

  CocoDataset finish() {
    write(filter.rest(), true);
    write({}, false);
    for (const auto& [where, item] : waiting) take_annotation(where, item, true);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < data.annotations.size(); ++i) {
      if (!categories.contains(data.annotations[i].category_id)) {
        data.problems.add(places[i] + "/category_id", "is not a category of the file");
        continue;
      }
      if (kept != i) data.annotations[kept] = std::move(data.annotations[i]);
      numbered[kept] = numbered[i];
      ++kept;
    }
    data.annotations.resize(kept);
    number_the_rest();
    return std::move(data);
  }

  // Results of detectors come without ids; writing needs them.
  void number_the_rest() {
    std::int64_t next = 1;
    for (std::size_t i = 0; i < data.annotations.size(); ++i) {
      if (numbered[i]) continue;
      while (ids.contains(next)) ++next;
      data.annotations[i].id = next++;
    }
  }

  boost::json::basic_parser<ItemEvents> parser;
  NonFiniteFilter filter;
  std::uint64_t bytes = 0;
  CocoDataset data;
  std::map<std::string, std::size_t> counts;
  std::unordered_map<std::int64_t, std::size_t> images;
  std::unordered_map<std::int64_t, std::size_t> categories;
  std::unordered_set<std::int64_t> ids;
  std::vector<std::string> places;  // of the annotations
  std::vector<bool> numbered;       // did they come with an id
  std::vector<std::pair<std::string, Value>> waiting;
};

CocoReader::CocoReader() : state_(std::make_unique<State>()) {}
CocoReader::~CocoReader() = default;

void CocoReader::feed(std::string_view chunk) { state_->write(state_->filter.pass(chunk), true); }

CocoDataset CocoReader::finish() { return state_->finish(); }

CocoDataset read_coco(std::string_view text) {
  CocoReader reader;
  reader.feed(text);
  return reader.finish();
}

}  // namespace aa::formats
