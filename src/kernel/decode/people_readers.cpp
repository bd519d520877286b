#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {

std::span<const ReaderRow> people_readers() { return {}; }

}  // namespace aa::decode
