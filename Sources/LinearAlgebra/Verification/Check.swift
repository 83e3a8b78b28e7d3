/// How far two sides of an equation are apart, as a multiple of what rounding explains; see `Verification`.
enum Check {
    /// u = 2^-53, the largest relative error of an operation.
    private static let u = 0x1p-53

    /// The largest of |left - right| / (operations u size); NaN if it is at most 1, but not all can be compared.
    ///
    /// - Parameters:
    ///   - operations: how many roundings lie on the way from the inputs to either side, both counted.
    ///   - size: at least the sum of the absolute values of all that is summed on either side.
    ///   - isGiven: whether what was computed from is finite, so that the result should be.
    private static func excess(
        count: Int, operations: Int, left: (Int) -> Double, right: (Int) -> Double,
        size: (Int) -> Double, isGiven: (Int) -> Bool = { _ in false }
    ) -> Double {
        var worst = 0.0
        var isIncomparable = false
        let factor = Double(operations) * u
        for i in 0..<count {
            let size = size(i)
            guard size.isFinite else {
                isIncomparable = isIncomparable || isGiven(i)
                continue
            }
            // Numbers so small that they lose digits are as good as 0.
            let excess = abs(left(i) - right(i)) / (factor * size + 1e-290)
            if !(excess <= worst) { worst = excess.isNaN ? .infinity : excess }
        }
        return isIncomparable && worst <= 1 ? .nan : worst
    }

    /// C = alpha A B + beta C0, of inner length k.
    ///
    /// - Parameters:
    ///   - product: w^T A B, a sum for each column of C, with e^T |A| |B|.
    ///   - before: w^T C0 with e^T |C0|.
    static func product(
        _ c: View, _ product: borrowing Sums, alpha: Double, inner k: Int, beta: Double,
        before: borrowing Sums
    ) -> Double {
        let weights = Weights.atLeast(c.rows)
        let sums = Sums(ofColumns: c, weights.w, weights.ones)
        let (dots, old, oldSizes) = (sums.dots, before.dots, before.sizes)
        let (products, sizes) = (product.dots, product.sizes)
        return excess(
            count: c.columns, operations: 2 * (k + c.rows) + 8, left: { dots[$0] },
            right: { alpha * products[$0] + beta * old[$0] },
            size: { abs(alpha) * sizes[$0] + abs(beta) * oldSizes[$0] })
    }

    /// C = alpha A B, of inner length k.
    ///
    /// - Parameter product: w^T A B, a sum for each column of C, with e^T |A| |B|.
    static func product(
        _ c: View, _ product: borrowing Sums, alpha: Double, inner k: Int
    ) -> Double {
        let weights = Weights.atLeast(c.rows)
        return compare(
            Sums(ofColumns: c, weights.w, weights.ones), product, alpha: alpha,
            operations: 2 * (k + c.rows) + 8)
    }

    /// The same for a symmetric C of which the upper triangle was written.
    static func symmetric(
        _ c: View, _ product: borrowing Sums, alpha: Double, inner k: Int
    ) -> Double {
        let weights = Weights.atLeast(c.rows)
        let sums = Sums(
            ofSymmetric: c, diagonal: c.start, step: c.stride + 1, weights.w, weights.ones)
        return compare(sums, product, alpha: alpha, operations: 2 * (k + c.rows) + 8)
    }

    private static func compare(
        _ c: borrowing Sums, _ product: borrowing Sums, alpha: Double, operations: Int
    ) -> Double {
        let (dots, products, sizes) = (c.dots, product.dots, product.sizes)
        return excess(
            count: c.count, operations: operations, left: { dots[$0] },
            right: { alpha * products[$0] }, size: { abs(alpha) * sizes[$0] })
    }

    /// C X = B, or C^T X = B, of order n.
    ///
    /// - Parameters:
    ///   - w: w^T C, or w^T C^T, with e^T |C|.
    ///   - before: w^T B.
    static func solve(_ x: View, factor w: borrowing Sums, before: borrowing Sums) -> Double {
        let sums = Sums(ofColumns: x, w.dots, w.sizes)
        let (dots, sizes, expected) = (sums.dots, sums.sizes, before.dots)
        let given = before.sizes
        // |B| <= |C| |X| but for rounding, so e^T |C| |X| bounds what is summed on the other side too.
        return excess(
            count: x.columns, operations: 6 * x.rows + 8, left: { dots[$0] },
            right: { expected[$0] }, size: { sizes[$0] }, isGiven: { given[$0].isFinite })
    }

    /// K = C C^T for the leading block, K being symmetric, in the upper triangle, with a diagonal of its own.
    static func factor(_ c: View, of k: View, diagonal: UnsafePointer<Double>) -> Double {
        let n = c.rows
        let weights = Weights.atLeast(n)
        let columns = Sums(ofLowerColumns: c, weights.w, weights.ones)
        let rows = Sums(ofLowerRows: c, columns.dots, columns.sizes)
        let kernel = Sums(ofSymmetric: k, diagonal: diagonal, step: 1, weights.w, weights.ones)
        let (left, sizes, right, given) = (rows.dots, rows.sizes, kernel.dots, kernel.sizes)
        // A pivot that isn't a number spoils all rows below it.
        guard (0..<n).allSatisfy({ given[$0].isFinite }) else { return 0 }
        let found = excess(
            count: n, operations: 6 * n + 16, left: { left[$0] }, right: { right[$0] },
            size: { sizes[$0] }, isGiven: { given[$0].isFinite })
        // No element of C is larger than the root of K's largest, so C is finite where K is.
        return found.isNaN ? .infinity : found
    }
}
