import CElementwise
import Synchronization

/// The random vectors of the checks: w with 1/2 <= |w_i| < 1 and random signs, and e = (1, ..., 1).
///
/// From a counter-based generator, so that the same run verifies alike. The same for all checks: a mistake that one of
/// them misses by chance would have to be made with just these weights.
struct Weights: @unchecked Sendable {
    let w: UnsafePointer<Double>
    let ones: UnsafePointer<Double>
    private let count: Int

    private static let kept = Mutex<Weights?>(nil)

    /// At least `count` of each, valid for ever. Few are ever made anew, each twice as long as the one before, so what is
    /// left of the shorter ones isn't worth freeing.
    static func atLeast(_ count: Int) -> Weights {
        kept.withLock { kept in
            if let kept, kept.count >= count { return kept }
            let weights = Weights(count: max(4096, 2 * count))
            kept = weights
            return weights
        }
    }

    private init(count: Int) {
        let count = (count + 3) & ~3
        let words = UnsafeMutablePointer<UInt64>.allocate(capacity: count)
        defer { words.deallocate() }
        elementwise_philox(0x7665_7269_6679, 0, 0, words, count / 4)
        let w = UnsafeMutablePointer<Double>.allocate(capacity: count)
        let ones = UnsafeMutablePointer<Double>.allocate(capacity: count)
        for i in 0..<count {
            // 52 bits of a number from 1/2 to 1, and the sign.
            let size = Double(bitPattern: 0x3FE0_0000_0000_0000 | words[i] >> 12)
            w[i] = words[i] & 1 == 0 ? size : -size
            ones[i] = 1
        }
        (self.w, self.ones, self.count) = (UnsafePointer(w), UnsafePointer(ones), count)
    }
}
