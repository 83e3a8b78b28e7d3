import CElementwise
import Distillation
import Foundation

/// 10^8 normals by Box and Muller's transform, on one thread, in vectors, against a loop that makes one pair
/// after the other. Once from given words, and once with the drawing of the words (Philox4x64-10).
func normalsFigure() -> [Measurement] {
    let piece = 1 << 16
    let pieces = 100_000_000 / piece
    let stream = Distillation.Stream(key: (7, 0x300))
    var words = [UInt64](repeating: 0, count: piece)
    for block in 0..<piece / 4 {
        let drawn = philox(counter: UInt64(block), key: (7, 0x300))
        words.replaceSubrange(
            4 * block..<4 * block + 4, with: [drawn.0, drawn.1, drawn.2, drawn.3])
    }
    var ours = [Double](repeating: 0, count: piece)
    var theirs = ours
    func perNormal(_ body: () -> Void) -> Double {
        wallTime { for _ in 0..<pieces { body() } } / .nanoseconds(1) / Double(pieces * piece)
    }
    let transform = perNormal { elementwise_normals(words, &ours, piece / 2) }
    let scalar = perNormal { boxMuller(words, into: &theirs) }
    precondition(
        zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-14 }, "both are the same normals")
    let drawn = perNormal { stream.fillNormals(from: 0, count: piece, into: &ours) }
    precondition(ours == theirs || zip(ours, theirs).allSatisfy { abs($0 - $1) < 1e-14 })
    let scalarDrawn = perNormal {
        for block in 0..<piece / 4 {
            let drawn = philox(counter: UInt64(block), key: (7, 0x300))
            words.withUnsafeMutableBufferPointer { words in
                (words[4 * block], words[4 * block + 1]) = (drawn.0, drawn.1)
                (words[4 * block + 2], words[4 * block + 3]) = (drawn.2, drawn.3)
            }
        }
        boxMuller(words, into: &theirs)
    }
    return [
        Measurement(
            what: "a normal from given words", ours: "\(rounded(transform)) ns",
            other: "\(rounded(scalar)) ns, Foundation's log, cos and sin",
            ratio: scalar / transform, target: .atLeast(5)),
        Measurement(
            what: "a normal with its words", ours: "\(rounded(drawn)) ns",
            other: "\(rounded(scalarDrawn)) ns, with a scalar Philox",
            ratio: scalarDrawn / drawn, target: nil),
    ]
}

private func boxMuller(_ words: [UInt64], into normals: inout [Double]) {
    for i in stride(from: 0, to: words.count, by: 2) {
        let u1 = Double((words[i] >> 11) + 1) * 0x1p-53
        let u2 = Double(words[i + 1] >> 11) * 0x1p-53
        let radius = (-2 * log(u1)).squareRoot()
        normals[i] = radius * cos(2 * .pi * u2)
        normals[i + 1] = radius * sin(2 * .pi * u2)
    }
}

@inline(__always)
private func philox(
    counter: UInt64, key: (UInt64, UInt64)
) -> (UInt64, UInt64, UInt64, UInt64) {
    var (k0, k1) = key
    var (x0, x1, x2, x3) = (counter, UInt64(0), UInt64(0), UInt64(0))
    for _ in 0..<10 {
        let first = x0.multipliedFullWidth(by: 0xD2E7_470E_E14C_6C93)
        let second = x2.multipliedFullWidth(by: 0xCA5A_8263_9512_1157)
        (x0, x1, x2, x3) = (second.high ^ x1 ^ k0, second.low, first.high ^ x3 ^ k1, first.low)
        k0 &+= 0x9E37_79B9_7F4A_7C15
        k1 &+= 0xBB67_AE85_84CA_A73B
    }
    return (x0, x1, x2, x3)
}
