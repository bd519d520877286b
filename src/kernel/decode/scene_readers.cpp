#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {

std::span<const ReaderRow> scene_readers() { return {}; }

}  // namespace aa::decode
