#include <array>

#include "kernel/decode/people_rows.hpp"
#include "kernel/decode/reader_rows.hpp"

namespace aa::decode {
namespace {

constexpr std::array kRows = {
    ReaderRow{"blazeface", "face_detection", "box,skeleton", recognise_blazeface, read_blazeface},
    ReaderRow{"palm_detector", "hand_detection", "box,skeleton", recognise_palm_detector,
              read_palm_detector},
    ReaderRow{"blazepose_detector", "pose_detection", "box,skeleton", recognise_blazepose_detector,
              read_blazepose_detector},
    // By its shapes the next two could be any SSD.
    ReaderRow{"objectron_detector", "detection", "box", recognise_objectron_detector,
              read_objectron_detector, true},
    ReaderRow{"handtrack", "hand_detection", "box", recognise_handtrack, read_handtrack, true},
    ReaderRow{"face_mesh", "face_landmarks", "skeleton,polygon", recognise_face_mesh,
              read_face_mesh},
    ReaderRow{"iris", "face_landmarks", "polygon,ellipse,skeleton", recognise_iris, read_iris},
    ReaderRow{"hand_landmarks", "hand_landmarks", "skeleton", recognise_hand_landmarks,
              read_hand_landmarks},
    // The name of MediaPipe's own export of the same graph.
    ReaderRow{"hand_landmarks_mp", "hand_landmarks", "skeleton", recognise_hand_landmarks,
              read_hand_landmarks, true},
    ReaderRow{"movenet", "keypoints", "skeleton", recognise_movenet, read_movenet},
    ReaderRow{"blazepose_landmarks", "pose_landmarks", "skeleton,mask",
              recognise_blazepose_landmarks, read_blazepose_landmarks},
    ReaderRow{"objectron", "objects_3d", "skeleton", recognise_objectron, read_objectron},
    ReaderRow{"faceres", "face_attributes", "tag,embedding", recognise_faceres, read_faceres},
    ReaderRow{"emotion", "face_attributes", "tag", recognise_emotion, read_emotion},
    ReaderRow{"liveness", "face_attributes", "tag", recognise_liveness, read_liveness, true},
    ReaderRow{"antispoof", "face_attributes", "tag", recognise_antispoof, read_antispoof, true},
    ReaderRow{"selfie_segmentation", "segmentation", "mask,map", recognise_selfie_segmentation,
              read_selfie_segmentation, true},
};

}  // namespace

std::span<const ReaderRow> people_readers() { return kRows; }

}  // namespace aa::decode
