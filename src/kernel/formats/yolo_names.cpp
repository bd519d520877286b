// The names of classes: classes.txt, and of data.yaml only what holds `names`.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.hpp"
#include "kernel/formats/yolo.hpp"

namespace aa::formats {
namespace {

constexpr std::size_t kNamesMax = 10'000;
constexpr std::size_t kYamlBytes = 1 << 20;
constexpr std::size_t kKeyBytes = 1'000;
constexpr std::string_view kUnread = "&*!";  // anchors, aliases, tags
constexpr std::string_view kBlank = " \t\r";

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

[[noreturn]] void reject(const std::string& why) {
  throw malformed("malformed_yaml", "The names of the classes cannot be read: " + why + ".");
}

std::string quoted(std::string_view name) {
  std::string out = "'";
  for (const char c : name) {
    if (c == '\'') out += '\'';
    out += c == '\n' || c == '\r' ? ' ' : c;
  }
  return out + '\'';
}

// Reads one scalar from the front of `text`: quoted, or plain up to a character of `stops`.
std::string take_scalar(std::string_view& text, std::string_view stops) {
  text = text.substr(std::min(text.find_first_not_of(kBlank), text.size()));
  std::string out;
  if (!text.empty() && kUnread.find(text[0]) != std::string_view::npos) {
    reject("anchors, aliases and tags are not read");
  }
  if (text.empty() || (text[0] != '\'' && text[0] != '"')) {
    const auto end = std::min(text.find_first_of(stops), text.size());
    out = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    return out;
  }
  const char quote = text[0];
  std::size_t at = 1;
  for (;; ++at) {
    if (at >= text.size()) reject("a quoted name does not end");
    const bool doubled = quote == '\'' && text.substr(at).starts_with("''");
    const bool escaped = quote == '"' && text[at] == '\\' && at + 1 < text.size();
    if (doubled || escaped)
      out += text[++at];
    else if (text[at] == quote)
      break;
    else
      out += text[at];
  }
  text.remove_prefix(at + 1);
  return out;
}

// Plain text up to a comment.
std::string_view without_comment(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote != 0)
      quote = line[i] == quote ? 0 : quote;
    else if (line[i] == '\'' || line[i] == '"')
      quote = line[i];
    else if (line[i] == '#' && (i == 0 || line[i - 1] == ' '))
      return line.substr(0, i);
  }
  return line;
}

// "path: /data" as "path" and "/data", "- dog" as "" and "dog"; quotes stay.
struct Member {
  std::string_view key;
  std::string_view value;
};

Member member_of(std::string_view line) {
  line = trimmed(without_comment(line));
  const auto colon = line.find(':');
  if (colon != std::string_view::npos && line.find_first_of("'\"") > colon) {
    return {trimmed(line.substr(0, colon)), trimmed(line.substr(colon + 1))};
  }
  if (line.starts_with('-')) line.remove_prefix(1);
  return {{}, trimmed(line)};
}

template <class Visit>
void for_each_member(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    visit(member_of(text.substr(0, end)));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

void refuse_what_is_not_read(std::string_view text) {
  if (text.size() > kYamlBytes) reject("the file is larger than 1 MiB");
  for_each_member(text, [](const Member& member) {
    if (member.key.size() > kKeyBytes) reject("a key is longer than 1,000 bytes");
    if (!member.value.empty() && kUnread.find(member.value[0]) != std::string_view::npos) {
      reject("anchors, aliases and tags are not read");
    }
  });
}

std::string_view unquoted(std::string_view value) {
  const bool in_quotes = value.size() > 1 && (value[0] == '\'' || value[0] == '"');
  return in_quotes ? value.substr(1, value.size() - 2) : value;
}

bool leads_out(std::string_view path) {
  const bool drive = path.size() > 1 && path[1] == ':';
  return path.starts_with('/') || path.starts_with('\\') || drive ||
         path.find("..") != std::string_view::npos || path.find("://") != std::string_view::npos;
}

class Names {
 public:
  void add(std::string name) { put(names_.size(), std::move(name)); }
  void put(std::size_t index, std::string name) {
    if (index >= kNamesMax) reject("there are too many");
    if (name.empty()) reject("one is empty");
    names_[index] = std::move(name);
  }
  // "0: person"
  void pair(std::string_view& text, std::string_view stops) {
    const std::string key = take_scalar(text, ":");
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(key.data(), key.data() + key.size(), index);
    const bool sound = error == std::errc{} && end == key.data() + key.size();
    if (!sound || text.empty() || text[0] != ':') reject("\"" + key.substr(0, 40) + "\"");
    text.remove_prefix(1);
    put(index, take_scalar(text, stops));
  }
  std::vector<std::string> finish() {
    std::vector<std::string> out;
    for (auto& [index, name] : names_) {
      if (index != out.size()) reject("number " + std::to_string(out.size()) + " is missing");
      out.push_back(std::move(name));
    }
    if (out.empty()) reject("there are none");
    return out;
  }

 private:
  std::map<std::size_t, std::string> names_;
};

// "[a, b]" or "{0: a, 1: b}", over several lines perhaps.
std::vector<std::string> read_flow(std::string_view text) {
  const bool map = text[0] == '{';
  const char close = map ? '}' : ']';
  text.remove_prefix(1);
  Names names;
  for (;;) {
    text = text.substr(std::min(text.find_first_not_of(" \t\r\n,"), text.size()));
    if (text.empty()) reject("the list does not end");
    if (text[0] == close) return names.finish();
    if (map)
      names.pair(text, ",}\n");
    else
      names.add(take_scalar(text, ",]\n"));
  }
}

std::vector<std::string> read_block(std::string_view text) {
  Names names;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view whole = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    std::string_view line = trimmed(without_comment(whole));
    if (line.empty()) continue;
    if (line[0] == '-') {
      line.remove_prefix(1);
      names.add(take_scalar(line, ""));
    } else if (whole[0] == ' ' || whole[0] == '\t') {
      names.pair(line, "");
    } else {
      break;
    }
  }
  return names.finish();
}

}  // namespace

std::string yolo_classes(std::span<const std::string> names) {
  std::string out;
  for (std::string name : names) {
    std::replace_if(
        name.begin(), name.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    out += name + '\n';
  }
  return out;
}

std::string yolo_data_yaml(std::span<const std::string> names) {
  std::string out =
      "path: .\ntrain: images/train\nval: images/train\n\nnc: " + std::to_string(names.size()) +
      "\nnames:\n";
  for (std::size_t i = 0; i < names.size(); ++i) {
    out += "  " + std::to_string(i) + ": " + quoted(names[i]) + "\n";
  }
  return out;
}

std::vector<std::string> read_yolo_classes(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = trimmed(text.substr(0, end));
    if (!line.empty()) out.emplace_back(line);
    if (out.size() > kNamesMax) reject("there are too many");
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return out;
}

void check_yolo_paths(std::string_view text, Problems& problems) {
  for_each_member(text, [&](const Member& member) {
    const auto key = member.key;
    const auto path = unquoted(member.value);
    if (key != "path" && key != "train" && key != "val" && key != "test") return;
    if (!leads_out(path)) return;
    problems.add("data.yaml/" + std::string(key), "leads out of the dataset (\"" +
                                                      std::string(path.substr(0, 100)) +
                                                      "\") and is not followed");
  });
}

std::vector<std::string> read_yolo_data_yaml(std::string_view text) {
  refuse_what_is_not_read(text);
  for (std::string_view rest = text; !rest.empty();) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    if (line.starts_with("names:")) {
      const std::string_view value = trimmed(without_comment(line.substr(6)));
      if (value.empty()) {
        return read_block(end == std::string_view::npos ? "" : rest.substr(end + 1));
      }
      if (value[0] != '[' && value[0] != '{') reject("names must be a list or a map");
      return read_flow(rest.substr(rest.find(value[0])));
    }
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  reject("there is no line \"names:\"");
}

}  // namespace aa::formats
