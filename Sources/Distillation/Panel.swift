import Foundation
import LinearAlgebra
import Sweep

/// The solve of some right-hand sides of one kernel and ridge, for every sample size: all that the
/// metrics are read from. A panel's matrices stay in cache where a block's would not.
struct Panel {
    /// Right-hand sides at a time.
    static let width = 128

    let columns: [RightHandSide]
    /// The sample sizes that can be solved for, ascending.
    let sizes: [Int]
    /// [f_n(x) > 0] for each size: M bytes a column, one column after the other.
    private(set) var signs: [[UInt8]] = []
    /// The same of f_N; empty where f_N doesn't exist or isn't asked for.
    private(set) var oracleSigns: [UInt8] = []
    /// |f_N(x)|, M a column.
    private(set) var oracleMagnitudes: [Double] = []
    /// |Delta_n| by n, for the sizes and their neighbours; a value a column.
    private(set) var norms: [Int: [Double]] = [:]
    /// Between Delta_n and Delta_N for each size, radians, a value a column; nil where either is 0.
    private(set) var angles: [[Double?]] = []
    /// |Delta_N| sin(angle), and |Delta_N| past a right angle, for each size: what the samples leave
    /// unexplained of the oracle.
    private(set) var unexplained: [[Double]] = []
    /// max_i |f_n(x_i) - z_i| / max_i |z_i| for each size; nil where every z_i is 0.
    private(set) var residuals: [[Double?]] = []
    /// Over the first n samples: how often the teacher is wrong, and z_eff right all the same.
    private(set) var teacherFaults: [[Int]] = []
    private(set) var correctedFaults: [[Int]] = []

    init(
        _ columns: [RightHandSide], sizes: [Int], solve: borrowing NestedSolve, targets: Targets,
        demand: Demand
    ) throws(SolveError) {
        self.columns = columns
        self.sizes = sizes
        let N = targets.training
        let hasOracle = demand.oracle && solve.rank == N
        let z = Matrix(rows: N, columns: columns.count)
        targets.fillEffectiveLogits(columns, into: z.view)
        if demand.trainCorrected { countCorrections(z.view, targets) }

        let y = Matrix(rows: solve.rank, columns: columns.count)
        y.view.update(from: z.view.top(solve.rank))
        solve.whiten(y.view)
        guard (0..<columns.count).allSatisfy({ y.view.top(solve.rank).isFinite(column: $0) }) else {
            throw SolveError("the solve overflows: the logits are too large for this kernel")
        }
        if demand.testLogits { predict(y.view, solve, hasOracle: hasOracle) }
        if solve.ridge == 0 {
            if demand.norms { measureProjections(y.view, solve, hasOracle: hasOracle) }
            if demand.residual { measureResiduals(z.view, y.view, solve) }
        } else if demand.norms || demand.residual {
            measureRidge(z.view, y.view, solve, hasOracle: hasOracle, demand)
        }
    }

    // MARK: At the test points

    /// f_n = V_n^T Y_n, grown from one sample size to the next: 2 N M a column in all.
    private mutating func predict(
        _ y: View, _ solve: borrowing NestedSolve, hasOracle: Bool
    ) {
        let V = solve.whitened
        let f = Matrix.zeros(rows: V.columns, columns: y.columns)
        var seen = 0
        func grow(to n: Int) {
            multiply(
                transposed: V[seen..<n, 0..<V.columns], y[seen..<n, 0..<y.columns], beta: 1,
                into: f.view)
            seen = n
        }
        for n in sizes {
            if n > seen { grow(to: n) }
            signs.append(f.view.signs())
        }
        guard hasOracle else { return }
        if solve.rank > seen { grow(to: solve.rank) }
        oracleSigns = f.view.signs()
        oracleMagnitudes = f.view.magnitudes()
    }

    // MARK: Norms and angles

    /// lambda = 0: Delta_n is the projection of Delta_N, and |Delta_n|^2 = sum_{i<=n} Y_i^2. The sum
    /// over i > n is taken by itself, which keeps the angle's digits near 0.
    private mutating func measureProjections(
        _ y: View, _ solve: borrowing NestedSolve, hasOracle: Bool
    ) {
        let stops = Set(sizes + neighbours(upTo: solve.rank) + [solve.rank]).sorted()
        var squares = [[Double]](
            repeating: [Double](repeating: 0, count: columns.count), count: stops.count)
        for j in columns.indices {
            let column = y.column(j)
            var first = 0
            for (index, stop) in stops.enumerated() {
                squares[index][j] = dot(column + first, column + first, count: stop - first)
                first = stop
            }
        }
        var sums = [Double](repeating: 0, count: columns.count)
        for (index, stop) in stops.enumerated() {
            for j in columns.indices { sums[j] += squares[index][j] }
            norms[stop] = sums.map { $0.squareRoot() }
        }
        guard hasOracle else { return }
        var tails: [Int: [Double]] = [:]
        sums = [Double](repeating: 0, count: columns.count)
        for (index, stop) in stops.enumerated().reversed() {
            tails[stop] = sums.map { $0.squareRoot() }
            for j in columns.indices { sums[j] += squares[index][j] }
        }
        for n in sizes {
            let (norm, tail) = (norms[n]!, tails[n]!)
            unexplained.append(tail)
            angles.append(columns.indices.map { norm[$0] == 0 ? nil : atan2(tail[$0], norm[$0]) })
        }
    }

    /// lambda = 0: the interpolant at its samples, from K, not assumed. 3 n^2 a column and size.
    private mutating func measureResiduals(
        _ z: View, _ y: View, _ solve: borrowing NestedSolve
    ) {
        let alpha = Matrix(rows: sizes.last ?? 0, columns: columns.count)
        let fit = Matrix(rows: sizes.last ?? 0, columns: columns.count)
        for n in sizes {
            alpha.view.top(n).update(from: y.top(n))
            solve.weights(alpha.view.top(n))
            solve.apply(to: alpha.view.top(n), into: fit.view.top(n))
            residuals.append(residual(fit.view.top(n), z))
        }
    }

    /// General lambda: |Delta_n|^2 = alpha_n^T K_n alpha_n and <Delta_n, Delta_N> = alpha_n . f_N(X_n).
    private mutating func measureRidge(
        _ z: View, _ y: View, _ solve: borrowing NestedSolve, hasOracle: Bool, _ demand: Demand
    ) {
        let N = solve.rank
        let stops = Set(
            sizes + (demand.norms ? neighbours(upTo: N) : []) + (hasOracle ? [N] : [])
        ).sorted(by: >)
        let alpha = Matrix(rows: N, columns: columns.count)
        let fit = Matrix(rows: N, columns: columns.count)
        let oracleFit = Matrix(rows: hasOracle ? N : 0, columns: columns.count)
        for n in stops {
            let (a, f) = (alpha.view.top(n), fit.view.top(n))
            a.update(from: y.top(n))
            solve.weights(a)
            solve.apply(to: a, into: f)
            norms[n] = columns.indices.map {
                max(0, dot(a.column($0), f.column($0), count: n)).squareRoot()
            }
            // The oracle comes first, as the stops descend.
            if hasOracle && n == N { oracleFit.view.update(from: f) }
            guard sizes.contains(n) else { continue }
            residuals.append(residual(f, z))
            guard hasOracle else { continue }
            measureAngle(
                a, oracleFit.view, norm: norms[n]!, oracleNorm: norms[N]!, isOracle: n == N)
        }
        residuals.reverse()
        angles.reverse()
        unexplained.reverse()
    }

    private mutating func measureAngle(
        _ alpha: View, _ oracleFit: View, norm: [Double], oracleNorm: [Double], isOracle: Bool
    ) {
        let angle: [Double?] = columns.indices.map { j in
            guard norm[j] > 0 && oracleNorm[j] > 0 else { return nil }
            if isOracle { return 0 }
            let inner = dot(alpha.column(j), oracleFit.column(j), count: alpha.rows)
            return acos(min(max(inner / norm[j] / oracleNorm[j], -1), 1))
        }
        angles.append(angle)
        unexplained.append(
            columns.indices.map { j in
                // Past a right angle nothing is explained.
                oracleNorm[j] * (angle[j].map { $0 > .pi / 2 ? 1 : sin($0) } ?? 0)
            })
    }

    private func neighbours(upTo rank: Int) -> [Int] {
        sizes.flatMap { n in
            let window = NormWindow(around: n)
            return [window.lower, window.upper, window.next].filter { 1 <= $0 && $0 <= rank }
        }
    }

    // MARK: At the training samples

    private func residual(_ fit: View, _ z: View) -> [Double?] {
        columns.indices.map { j in
            let (f, z) = (fit.column(j), z.column(j))
            var (gap, largest) = (0.0, 0.0)
            for i in 0..<fit.rows {
                gap = max(gap, abs(f[i] - z[i]))
                largest = max(largest, abs(z[i]))
            }
            return largest > 0 ? gap / largest : nil
        }
    }

    private mutating func countCorrections(_ z: View, _ targets: Targets) {
        let none = [Int](repeating: 0, count: columns.count)
        teacherFaults = [[Int]](repeating: none, count: sizes.count)
        correctedFaults = teacherFaults
        for (j, column) in columns.enumerated() {
            let teacher = targets.teacher(noiseLevel: column.teacherNoise).logits
            let asked = z.column(j)
            var (first, faults, corrected) = (0, 0, 0)
            for (index, n) in sizes.enumerated() {
                for i in first..<n where (teacher[i] > 0) != targets.labels[i] {
                    faults += 1
                    if (asked[i] > 0) == targets.labels[i] { corrected += 1 }
                }
                first = n
                teacherFaults[index][j] = faults
                correctedFaults[index][j] = corrected
            }
        }
    }
}

extension View {
    /// [element > 0], a column after the other.
    fileprivate func signs() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: rows * columns) { buffer, initialized in
            for j in 0..<columns {
                let source = column(j)
                for i in 0..<rows { buffer[j * rows + i] = source[i] > 0 ? 1 : 0 }
            }
            initialized = rows * columns
        }
    }

    /// |element|, a column after the other.
    fileprivate func magnitudes() -> [Double] {
        (0..<columns).flatMap { j in (0..<rows).map { abs(self[$0, j]) } }
    }

    fileprivate func isFinite(column j: Int) -> Bool {
        let source = column(j)
        return (0..<rows).allSatisfy { source[$0].isFinite }
    }
}
