import Foundation
import LinearAlgebra
import Sweep

/// Makes the students of some right-hand sides from one kernel and ridge, for every sample size. A block's
/// right-hand sides are solved `width` at a time, since the matrices of all would not stay in cache.
struct NestedStudents {
    /// The most right-hand sides at a time.
    static let width = 128

    /// The students.
    private(set) var solution: Solution
    /// For each right-hand side, whether its solve overflows; its numbers mean nothing then.
    private(set) var overflows: [Bool]
    /// The sample sizes that can be solved for, ascending.
    private let sizes: [Int]
    private let quantities: Quantities

    /// - Parameter z: z_eff, N x c.
    init(_ z: View, sizes: [Int], solve: borrowing NestedSolve, quantities: Quantities) {
        self.sizes = sizes
        self.quantities = quantities
        solution = Solution(stops: sizes.map { _ in Solution.Stop() })
        let hasOracle = quantities.contains(.oracle) && solve.rank == z.rows
        if hasOracle { solution.oracle = Solution.Oracle() }

        let y = Matrix(rows: solve.rank, columns: z.columns)
        y.view.update(from: z.top(solve.rank))
        solve.whiten(y.view)
        overflows = (0..<z.columns).map { !y.view.isFinite(column: $0) }
        if quantities.contains(.decisions) { predict(y.view, solve, hasOracle: hasOracle) }
        if solve.interpolates {
            if quantities.contains(.norms) {
                measureProjections(y.view, solve, hasOracle: hasOracle)
            }
            if quantities.contains(.residuals) { measureResiduals(z, y.view, solve) }
        } else if !quantities.isDisjoint(with: [.norms, .residuals]) {
            measureRidge(z, y.view, solve, hasOracle: hasOracle)
        }
    }

    // MARK: At the test points

    /// f_n = V_n^T Y_n. Each sample size adds its new samples to the sum of the one before, so all sizes
    /// together cost 2 N M a column.
    private mutating func predict(_ y: View, _ solve: borrowing NestedSolve, hasOracle: Bool) {
        let V = solve.whitened
        let f = Matrix.zeros(rows: V.columns, columns: y.columns)
        var seen = 0
        func grow(to n: Int) {
            multiply(
                transposed: V[seen..<n, 0..<V.columns], y[seen..<n, 0..<y.columns], beta: 1,
                into: f.view)
            seen = n
        }
        for (index, n) in sizes.enumerated() {
            if n > seen { grow(to: n) }
            solution.stops[index].decisions = f.view.decisions()
        }
        guard hasOracle else { return }
        if solve.rank > seen { grow(to: solve.rank) }
        solution.oracle?.decisions = f.view.decisions()
        solution.oracle?.magnitudes = f.view.magnitudes()
    }

    // MARK: Norms and angles

    /// lambda = 0: Delta_n is the projection of Delta_N, and |Delta_n|^2 = sum_{i<=n} Y_i^2. The sum over
    /// i > n is summed too, not found as a difference: a small angle would lose its digits.
    private mutating func measureProjections(
        _ y: View, _ solve: borrowing NestedSolve, hasOracle: Bool
    ) {
        let stops = Set(sizes + neighbours(upTo: solve.rank) + [solve.rank]).sorted()
        let columns = 0..<y.columns
        var squares = [[Double]](
            repeating: [Double](repeating: 0, count: y.columns), count: stops.count)
        for j in columns {
            let column = y.column(j)
            var first = 0
            for (index, stop) in stops.enumerated() {
                squares[index][j] = dot(column + first, column + first, count: stop - first)
                first = stop
            }
        }
        var norms: [Int: [Double]] = [:]
        var sums = [Double](repeating: 0, count: y.columns)
        for (index, stop) in stops.enumerated() {
            for j in columns { sums[j] += squares[index][j] }
            norms[stop] = sums.map { $0.squareRoot() }
        }
        note(norms)
        guard hasOracle else { return }
        solution.oracle?.norms = norms[solve.rank]!
        var tails: [Int: [Double]] = [:]
        sums = [Double](repeating: 0, count: y.columns)
        for (index, stop) in stops.enumerated().reversed() {
            tails[stop] = sums.map { $0.squareRoot() }
            for j in columns { sums[j] += squares[index][j] }
        }
        for (index, n) in sizes.enumerated() {
            let (norm, tail) = (norms[n]!, tails[n]!)
            solution.stops[index].unexplained = tail
            solution.stops[index].angles = columns.map {
                norm[$0] == 0 ? nil : atan2(tail[$0], norm[$0])
            }
        }
    }

    /// lambda = 0: the residuals are computed from K, not assumed to be 0. Cost: 3 n^2 a column and size.
    private mutating func measureResiduals(
        _ z: View, _ y: View, _ solve: borrowing NestedSolve
    ) {
        let alpha = Matrix(rows: sizes.last ?? 0, columns: y.columns)
        let fit = Matrix(rows: sizes.last ?? 0, columns: y.columns)
        for (index, n) in sizes.enumerated() {
            alpha.view.top(n).update(from: y.top(n))
            solve.weights(alpha.view.top(n))
            solve.apply(to: alpha.view.top(n), into: fit.view.top(n))
            note(.trainResidual, residuals(fit.view.top(n), z), at: index)
        }
    }

    /// General lambda: |Delta_n|^2 = alpha_n^T K_n alpha_n and <Delta_n, Delta_N> = alpha_n . f_N(X_n).
    private mutating func measureRidge(
        _ z: View, _ y: View, _ solve: borrowing NestedSolve, hasOracle: Bool
    ) {
        let N = solve.rank
        let neighbours = quantities.contains(.norms) ? neighbours(upTo: N) : []
        let stops = Set(sizes + neighbours + (hasOracle ? [N] : [])).sorted(by: >)
        let alpha = Matrix(rows: N, columns: y.columns)
        let fit = Matrix(rows: N, columns: y.columns)
        let oracleFit = Matrix(rows: hasOracle ? N : 0, columns: y.columns)
        var norms: [Int: [Double]] = [:]
        for n in stops {
            let (a, f) = (alpha.view.top(n), fit.view.top(n))
            a.update(from: y.top(n))
            solve.weights(a)
            solve.apply(to: a, into: f)
            norms[n] = (0..<y.columns).map {
                max(0, dot(a.column($0), f.column($0), count: n)).squareRoot()
            }
            // The oracle is the first stop, since they descend: the others are compared with it.
            if hasOracle && n == N { oracleFit.view.update(from: f) }
            guard let index = sizes.firstIndex(of: n) else { continue }
            note(.trainResidual, residuals(f, z), at: index)
            guard hasOracle else { continue }
            measureAngle(
                at: index, a, oracleFit.view, norm: norms[n]!, oracleNorm: norms[N]!,
                isOracle: n == N)
        }
        note(norms)
    }

    private mutating func measureAngle(
        at stop: Int, _ alpha: View, _ oracleFit: View, norm: [Double], oracleNorm: [Double],
        isOracle: Bool
    ) {
        let angles = norm.indices.map { j in
            let inner = dot(alpha.column(j), oracleFit.column(j), count: alpha.rows)
            let angle = oracleAngle(inner: inner, norm: norm[j], oracleNorm: oracleNorm[j])
            return isOracle ? angle.map { _ in 0.0 } : angle
        }
        solution.stops[stop].angles = angles
        solution.stops[stop].unexplained = norm.indices.map { j in
            Distillation.unexplained(angles[j], oracleNorm: oracleNorm[j])
        }
    }

    /// Gives each stop the norms that its metrics compare.
    ///
    /// - Parameter norms: |Delta_n| for each right-hand side, by n.
    private mutating func note(_ norms: [Int: [Double]]) {
        for (index, n) in sizes.enumerated() {
            let window = NormWindow(around: n)
            let compared = [
                (Metric.weightNorm, n), (.weightNormNext, window.next),
                (.weightNormLower, window.lower), (.weightNormUpper, window.upper),
            ]
            for (metric, at) in compared {
                if let norms = norms[at] { note(metric, norms, at: index) }
            }
        }
    }

    private mutating func note(_ metric: Metric, _ values: [Double?], at stop: Int) {
        solution.stops[stop].values.append((metric, values))
    }

    /// The other sample sizes whose norms the metrics compare with those of `sizes`.
    private func neighbours(upTo rank: Int) -> [Int] {
        sizes.flatMap { n in
            let window = NormWindow(around: n)
            return [window.lower, window.upper, window.next].filter { 1 <= $0 && $0 <= rank }
        }
    }

    // MARK: At the training samples

    private func residuals(_ fit: View, _ z: View) -> [Double?] {
        (0..<fit.columns).map {
            residual(of: fit.column($0), from: z.column($0), count: fit.rows)
        }
    }
}

extension View {
    /// The decision for each logit, one column after the other.
    func decisions() -> [Decision] {
        [Decision](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
            for j in 0..<columns {
                let source = column(j)
                for i in 0..<rows { buffer[j * rows + i] = decision(source[i]) }
            }
            initialized = rows * columns
        }
    }

    /// |element|, one column after the other.
    fileprivate func magnitudes() -> [Double] {
        (0..<columns).flatMap { j in (0..<rows).map { abs(self[$0, j]) } }
    }

    func isFinite(column j: Int) -> Bool {
        let source = column(j)
        return (0..<rows).allSatisfy { source[$0].isFinite }
    }
}
