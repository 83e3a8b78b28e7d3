import Glibc
import Synchronization

/// Checks that BLAS and LAPACK have computed what they were asked for, since some don't: kernels that are wrong on a
/// processor, a processor that is wrong now and then.
///
/// Each factorisation, triangular solve and matrix product is compared with a random vector, by loops of ours and in
/// O(n^2) where the work is O(n^3) (Freivalds 1977, *Probabilistic machines can use less running time*):
///
///     C = A B       w^T C   against  (w^T A) B
///     C X = B       (w^T C) X  against  w^T B
///     K = C C^T     C (C^T w)  against  K w
///
/// **Tolerance.** Whatever the order of its sums, with or without fused operations, a product of inner length k
/// satisfies |fl(A B) - A B| <= gamma_k |A| |B| for each element, with gamma_k = k u / (1 - k u) and u = 2^-53 (Higham,
/// *Accuracy and Stability of Numerical Algorithms*, 2002, 3.13); a triangular solve of order n
/// |C fl(X) - B| <= gamma_n |C| |fl(X)| (8.5); a factorisation |C C^T - K| <= gamma_(n+1) |C| |C^T| (10.3). The sums
/// that compare the two sides are products too, with errors of the same form. With |w| <= 1 and e = (1, ..., 1)^T, both
/// sides of a product therefore differ by at most
///
///     (2 k + 2 r + 8) u  e^T |A| |B|       r: rows of C
///
/// in each column, and the others likewise; `Check` has the counts. e^T |A| |B| is summed in the passes that sum
/// w^T A B. So a correct result is never taken for a wrong one, at any condition number, whatever kernels BLAS has.
///
/// **What is found.** An element that is wrong by d changes its column's sum by w_i d, and |w_i| >= 1/2. So it is found if
/// |d| > 2 (2 k + 2 r + 8) u e^T |A| |B|. With all elements of a size, of random sign, a relative error of
/// 4 (k + r) u r sqrt(k) is found: 5e-9 at k = r = 512. Several wrong elements of a column go unseen only if their
/// weighted sum is smaller than that by chance. Sums that overflow can't be compared, and aren't; a solve that does so has
/// to do it twice.
public enum Verification {
    /// An operation whose result was wrong.
    public struct Mistake: Hashable, Sendable {
        /// `product 512 x 64 x 800`
        public var operation: String
        /// How far off the check was, as a multiple of what rounding can explain; infinite for what isn't a number.
        public var excess: Double
        /// Whether it was wrong a second time, so that its result is wrong now.
        public var isFinal: Bool
    }

    /// Off only to measure what verification costs.
    static var isOn: Bool { !isSuspended.load(ordering: .relaxed) }

    private static let isSuspended = Atomic(false)

    /// Has nothing verified until `body` has returned, in this process as a whole: to measure what verification costs.
    public static func suspended<Value>(_ body: () throws -> Value) rethrows -> Value {
        isSuspended.store(true, ordering: .relaxed)
        defer { isSuspended.store(false, ordering: .relaxed) }
        return try body()
    }

    private static let mistakes = Mutex<[Mistake]>([])

    /// The mistakes since the last call. A result that was made meanwhile counts only if none of them is final.
    public static func takeMistakes() -> [Mistake] {
        mistakes.withLock { mistakes in
            defer { mistakes = [] }
            return mistakes
        }
    }

    /// Computes, and computes once more if the result is wrong.
    ///
    /// - Parameters:
    ///   - operation: its name, with its shape.
    ///   - compute: makes the result, from inputs that `restore` brings back.
    ///   - excess: of the result; above 1 it is wrong. NaN where the result isn't finite though what it was computed from
    ///     is: a solve may overflow, but then it does so twice.
    static func verified(
        _ operation: @autoclosure () -> String, compute: () -> Void, restore: () -> Void = {},
        excess: () -> Double
    ) {
        compute()
        guard isOn else { return }
        var found = excess()
        guard !(found <= 1) else { return }
        let first = found
        restore()
        compute()
        found = excess()
        if first.isNaN && found.isNaN { return }
        let isFinal = !(found <= 1)
        note(Mistake(operation: operation(), excess: isFinal ? found : first, isFinal: isFinal))
    }

    static func note(_ mistake: Mistake) {
        // Whoever makes millions of them needn't be told of each.
        mistakes.withLock { if $0.count < 1000 || mistake.isFinal { $0.append(mistake) } }
    }
}

extension Verification.Mistake: CustomStringConvertible {
    /// `a product 512 x 64 x 800 of OpenBLAS 0.3.21 Zen was wrong, 3e+09 times as far off as rounding explains`
    public var description: String {
        let size =
            excess.isFinite
            ? "\(excess >= 1e4 ? short(excess) : "\((excess * 10).rounded() / 10)") times as far off as rounding explains"
            : "not a number"
        return "a \(operation) of \(blasName()) was wrong\(isFinal ? " twice" : ""), \(size)"
    }

    private func short(_ value: Double) -> String {
        let power = Int(log10(value).rounded(.down))
        return "\(Int((value / pow(10, Double(power))).rounded()))e\(power)"
    }
}
