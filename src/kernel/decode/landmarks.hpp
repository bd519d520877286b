// What the families of faces, hands, bodies and boxes in space share: points out of tensors, named
// skeletons, regions turned upright, and telling outputs apart by how many numbers they hold.
//
// Points come as rows of numbers, x and y first, in pixels of the model's input, and become pixels
// of the image. Angles are degrees, clockwise.
// Thread rule: pure functions. Errors: invalid_argument "model_output": an output that is absent,
// of another size, or that places points beyond limits::kCoordinate; "bad_parameters".
#pragma once

#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/decode/frame.hpp"
#include "kernel/decode/probabilities.hpp"
#include "kernel/decode/reader.hpp"

namespace aa::decode {

using geometry::Point;
using Names = std::span<const std::string_view>;

// Do the outputs hold these numbers of elements, each once, whatever else there is? Free dimensions
// count as 1.
bool gives(const GraphSignature& signature, std::initializer_list<std::int64_t> elements);
// The output of that many numbers, the nth by name where several are: exporters number their names.
const TensorView& output_of(Outputs outputs, std::size_t elements, std::size_t nth = 0);
// The nth output that is a single number; throws unless it is a probability.
float probability_of(Outputs outputs, std::size_t nth = 0);
float probability(float value);  // itself; throws unless it is within 0..1

// `stride` numbers per point; `scale` turns them into pixels of the input.
std::vector<Point> read_points(std::span<const float> values, std::size_t count, std::size_t stride,
                               const Frame& frame, double scale = 1);
void require_in_range(Point point);
document::Skeleton skeleton_of(std::span<const Point> points, Names names);
// Without a template of names: "0", "1", ...
document::Skeleton numbered_skeleton(std::span<const Point> points);

// A rectangle of the input as it lies in the image.
Region region_in_image(const geometry::Rect& model, const Frame& frame);
// How far a region must turn so that the way from one point to another points at `target`: 0 is
// right, 90 is up (counter-clockwise, as MediaPipe writes its options).
double upright_rotation(Point from, Point to, double target);
Region grown(Region region, double factor, double shift_y = 0);  // a square of the longer side

// Levels to 0..1, or to -1..1.
void use_unit_levels(InputSpec& input);
void use_signed_levels(InputSpec& input);
// MediaPipe's whole images: in the middle, aspect kept, black around.
void use_black_square(InputSpec& input);
// MediaPipe's regions: aspect kept, the image's edge repeated around.
void use_edge_square(InputSpec& input);

// Does the manifest set this parameter to this text? Throws when it is no text.
bool parameter_is(const ModelSpec& spec, std::string_view name, std::string_view text);

}  // namespace aa::decode
