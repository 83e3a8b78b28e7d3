import LinearAlgebra

/// Three factors for each test point. Each, multiplied by a norm of the right-hand side, is an upper bound of
/// |f_N(x) - f_n(x)|.
struct Radii: Sendable {
    /// sqrt(K(x, x)), M values.
    let prior: [Double]
    /// P_n(x) for each sample size, M values each; empty for lambda > 0.
    private(set) var power: [[Double]] = []
    /// sqrt(sum_{i>n} V_i(x)^2) for each sample size, M values each; empty for lambda > 0.
    private(set) var tail: [[Double]] = []

    /// O(N M).
    ///
    /// P_n^2 is computed as max(0, K(x,x) - sum_{i<=N} V_i^2) + sum_{i>n} V_i^2. That is mathematically the
    /// same, and with it tail <= power <= prior holds in floating point too.
    ///
    /// - Parameters:
    ///   - diagonal: K(x, x) of the M test points.
    ///   - sizes: ascending.
    init(_ solve: borrowing NestedSolve, diagonal: ArraySlice<Double>, sizes: [Int]) {
        let diagonal = diagonal.map { max($0, 0) }
        prior = diagonal.map { $0.squareRoot() }
        guard solve.interpolates else { return }
        let none = [Double](repeating: 0, count: diagonal.count)
        power = [[Double]](repeating: none, count: sizes.count)
        tail = power
        let V = solve.whitened
        for (x, kernel) in diagonal.enumerated() {
            let column = V.column(x)
            var sum = 0.0
            var end = solve.rank
            for (index, n) in sizes.enumerated().reversed() {
                sum += dot(column + n, column + n, count: end - n)
                end = n
                tail[index][x] = sum
            }
            let rest = max(0, kernel - sum - dot(column, column, count: end))
            for index in sizes.indices {
                power[index][x] = min(kernel, rest + tail[index][x]).squareRoot()
                tail[index][x] = min(tail[index][x].squareRoot(), power[index][x])
            }
        }
    }
}
