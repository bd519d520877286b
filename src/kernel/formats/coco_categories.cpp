#include "kernel/formats/coco_categories.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace aa::formats {

namespace {

constexpr std::array kRows = {
    OfficialCategory{1, "person", "person"},
    OfficialCategory{2, "bicycle", "vehicle"},
    OfficialCategory{3, "car", "vehicle"},
    OfficialCategory{4, "motorcycle", "vehicle"},
    OfficialCategory{5, "airplane", "vehicle"},
    OfficialCategory{6, "bus", "vehicle"},
    OfficialCategory{7, "train", "vehicle"},
    OfficialCategory{8, "truck", "vehicle"},
    OfficialCategory{9, "boat", "vehicle"},
    OfficialCategory{10, "traffic light", "outdoor"},
    OfficialCategory{11, "fire hydrant", "outdoor"},
    OfficialCategory{13, "stop sign", "outdoor"},
    OfficialCategory{14, "parking meter", "outdoor"},
    OfficialCategory{15, "bench", "outdoor"},
    OfficialCategory{16, "bird", "animal"},
    OfficialCategory{17, "cat", "animal"},
    OfficialCategory{18, "dog", "animal"},
    OfficialCategory{19, "horse", "animal"},
    OfficialCategory{20, "sheep", "animal"},
    OfficialCategory{21, "cow", "animal"},
    OfficialCategory{22, "elephant", "animal"},
    OfficialCategory{23, "bear", "animal"},
    OfficialCategory{24, "zebra", "animal"},
    OfficialCategory{25, "giraffe", "animal"},
    OfficialCategory{27, "backpack", "accessory"},
    OfficialCategory{28, "umbrella", "accessory"},
    OfficialCategory{31, "handbag", "accessory"},
    OfficialCategory{32, "tie", "accessory"},
    OfficialCategory{33, "suitcase", "accessory"},
    OfficialCategory{34, "frisbee", "sports"},
    OfficialCategory{35, "skis", "sports"},
    OfficialCategory{36, "snowboard", "sports"},
    OfficialCategory{37, "sports ball", "sports"},
    OfficialCategory{38, "kite", "sports"},
    OfficialCategory{39, "baseball bat", "sports"},
    OfficialCategory{40, "baseball glove", "sports"},
    OfficialCategory{41, "skateboard", "sports"},
    OfficialCategory{42, "surfboard", "sports"},
    OfficialCategory{43, "tennis racket", "sports"},
    OfficialCategory{44, "bottle", "kitchen"},
    OfficialCategory{46, "wine glass", "kitchen"},
    OfficialCategory{47, "cup", "kitchen"},
    OfficialCategory{48, "fork", "kitchen"},
    OfficialCategory{49, "knife", "kitchen"},
    OfficialCategory{50, "spoon", "kitchen"},
    OfficialCategory{51, "bowl", "kitchen"},
    OfficialCategory{52, "banana", "food"},
    OfficialCategory{53, "apple", "food"},
    OfficialCategory{54, "sandwich", "food"},
    OfficialCategory{55, "orange", "food"},
    OfficialCategory{56, "broccoli", "food"},
    OfficialCategory{57, "carrot", "food"},
    OfficialCategory{58, "hot dog", "food"},
    OfficialCategory{59, "pizza", "food"},
    OfficialCategory{60, "donut", "food"},
    OfficialCategory{61, "cake", "food"},
    OfficialCategory{62, "chair", "furniture"},
    OfficialCategory{63, "couch", "furniture"},
    OfficialCategory{64, "potted plant", "furniture"},
    OfficialCategory{65, "bed", "furniture"},
    OfficialCategory{67, "dining table", "furniture"},
    OfficialCategory{70, "toilet", "furniture"},
    OfficialCategory{72, "tv", "electronic"},
    OfficialCategory{73, "laptop", "electronic"},
    OfficialCategory{74, "mouse", "electronic"},
    OfficialCategory{75, "remote", "electronic"},
    OfficialCategory{76, "keyboard", "electronic"},
    OfficialCategory{77, "cell phone", "electronic"},
    OfficialCategory{78, "microwave", "appliance"},
    OfficialCategory{79, "oven", "appliance"},
    OfficialCategory{80, "toaster", "appliance"},
    OfficialCategory{81, "sink", "appliance"},
    OfficialCategory{82, "refrigerator", "appliance"},
    OfficialCategory{84, "book", "indoor"},
    OfficialCategory{85, "clock", "indoor"},
    OfficialCategory{86, "vase", "indoor"},
    OfficialCategory{87, "scissors", "indoor"},
    OfficialCategory{88, "teddy bear", "indoor"},
    OfficialCategory{89, "hair drier", "indoor"},
    OfficialCategory{90, "toothbrush", "indoor"},
};

}  // namespace

std::span<const OfficialCategory> official_categories() { return kRows; }

const OfficialCategory* find_official_category(std::string_view name) {
  const auto rows = official_categories();
  const auto found = std::find_if(rows.begin(), rows.end(),
                                  [&](const OfficialCategory& row) { return row.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::vector<std::int64_t> category_ids(std::span<const std::string> names) {
  std::vector<std::int64_t> out;
  std::set<std::int64_t> used;
  std::int64_t next = kCocoIdMax + 1;
  for (const std::string& name : names) {
    const OfficialCategory* official = find_official_category(name);
    const bool free = official != nullptr && used.insert(official->id).second;
    out.push_back(free ? official->id : next++);
  }
  return out;
}

}  // namespace aa::formats
