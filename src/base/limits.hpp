// Every limit on untrusted input and on queues, in one place. A full queue answers 429 or 503; it
// does not grow.
#pragma once

#include <cstddef>
#include <cstdint>

namespace aa::limits {

// JSON
inline constexpr std::size_t kJsonDepth = 32;
inline constexpr std::size_t kJsonTextLength = 64 * 1024;  // bytes of one string, by default
inline constexpr std::size_t kJsonItems = 1'000'000;       // elements of one array, by default
inline constexpr std::size_t kJsonProblems = 50;           // problems reported for one document

// Images (see driver/media)
inline constexpr std::uint64_t kImagePixels = 1ULL << 28;  // 256 megapixels: 16384 x 16384
inline constexpr std::uint32_t kImageSide = 65'500;        // pixels
// A WebP is decoded as a whole or not at all; its largest, which only bombs have, is too large.
inline constexpr std::uint64_t kWebpPixels = 256'000'000;
inline constexpr std::uint64_t kImageDecodedBytes = 1ULL << 30;
inline constexpr std::uint64_t kDecodeBudgetBytes = 1ULL << 30;  // all decodes in flight

// Uploads
inline constexpr std::uint64_t kUploadFileBytes = 2ULL << 30;
inline constexpr std::size_t kUploadFiles = 2'000;
inline constexpr std::size_t kFilenameBytes = 255;
inline constexpr std::uint64_t kArchiveEntries = 20'000;
inline constexpr std::uint64_t kArchiveBytes = 8ULL << 30;
inline constexpr std::uint64_t kArchiveRatio = 100;
inline constexpr std::uint64_t kArchiveRatioFloor = 64ULL << 20;

// Annotations
inline constexpr std::size_t kShapePoints = 100'000;
inline constexpr std::size_t kShapeParts = 1'000;
inline constexpr std::size_t kOperationsPerBatch = 1'000;
inline constexpr std::size_t kAttributesPerObject = 64;
inline constexpr double kCoordinate = 1e7;  // absolute value, pixels or metres

// HTTP
inline constexpr std::size_t kHttpHeaderBytes = 16 * 1024;
inline constexpr std::size_t kHttpHeaderCount = 100;
inline constexpr std::size_t kHttpTargetBytes = 8 * 1024;
inline constexpr std::uint64_t kHttpJsonBodyBytes = 8ULL << 20;
inline constexpr std::uint64_t kBufferedBodiesBytes = 1ULL << 30;  // all requests in flight
inline constexpr std::size_t kPageItems = 200;

// Jobs
inline constexpr int kJobAttempts = 3;

}  // namespace aa::limits
