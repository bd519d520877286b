// Two outputs with a row for each place or query: boxes [1, N, 4] and scores [1, N, C], in any
// order; where both have four columns, the first holds the boxes.
//
// Thread rule: pure functions. Errors: invalid_argument "model_output".
#pragma once

#include "kernel/decode/reader.hpp"

namespace aa::decode {

struct ScoreRows {
  Matrix boxes;
  Matrix scores;

  struct Best {
    float value = 0;
    int column = 0;
  };
  Best best(std::int64_t row) const;
};

// C of a signature with exactly two such outputs of N rows (-1: any number up to 10,000); 0: it has
// other outputs.
int score_columns(const GraphSignature& signature, std::int64_t rows);
ScoreRows score_rows(Outputs outputs);

}  // namespace aa::decode
