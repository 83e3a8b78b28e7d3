/// The largest eigenvalue of each of several symmetric matrices, none of whose eigenvalues is below 0, by Lanczos'
/// method (Lanczos 1950; why it works without reorthogonalisation: Paige 1980). The matrices are only applied to
/// vectors, all at once, so that a product of matrices can do it.
///
/// Cost: for well separated eigenvalues some tens of applications; at most 2 n + 20.
///
/// - Parameters:
///   - order: n
///   - count: how many matrices there are.
///   - tolerance: An eigenvalue lies this close to the result, relative to it.
///   - apply: writes each matrix times the column of the same number: both views are n x count.
/// - Returns: a value for each matrix; NaN if it isn't finite.
public func largestEigenvalues(
    order n: Int, count: Int, tolerance: Double, apply: (_ vectors: View, _ images: View) -> Void
) -> [Double] {
    guard n > 0, count > 0 else { return [Double](repeating: 0, count: count) }
    var processes = [LanczosProcess](repeating: LanczosProcess(tolerance), count: count)
    let current = Matrix(rows: n, columns: count)
    let previous = Matrix.zeros(rows: n, columns: count)
    let images = Matrix(rows: n, columns: count)
    for j in 0..<count { processes[j].begin(current.view.column(j), count: n) }
    for _ in 0..<2 * n + 20 where processes.contains(where: { !$0.hasEnded }) {
        apply(current.view, images.view)
        for j in 0..<count where !processes[j].hasEnded {
            processes[j].advance(
                images.view.column(j), current.view.column(j), previous.view.column(j), count: n)
        }
    }
    return processes.map(\.eigenvalue)
}

/// Lanczos' method for one matrix: the tridiagonal matrix that it has become so far.
private struct LanczosProcess {
    private let tolerance: Double
    private var diagonal: [Double] = []
    /// beside[i] couples i and i + 1; the last one is the length of what is left.
    private var beside: [Double] = []
    private(set) var eigenvalue = 0.0
    private(set) var hasEnded = false

    init(_ tolerance: Double) { self.tolerance = tolerance }

    /// A unit vector that is orthogonal to no eigenvector but by chance: no two of its elements are the same.
    func begin(_ vector: UnsafeMutablePointer<Double>, count n: Int) {
        for i in 0..<n {
            let fraction = Double(i + 1) * 0.6180339887498949
            vector[i] = 0.5 + (fraction - fraction.rounded(.down))
        }
        let length = dot(vector, vector, count: n).squareRoot()
        for i in 0..<n { vector[i] /= length }
    }

    /// - Parameter image: the matrix times `current`; overwritten.
    mutating func advance(
        _ image: UnsafeMutablePointer<Double>, _ current: UnsafeMutablePointer<Double>,
        _ previous: UnsafeMutablePointer<Double>, count n: Int
    ) {
        let alpha = dot(current, image, count: n)
        let before = beside.last ?? 0
        add(-alpha, current, to: image, count: n)
        add(-before, previous, to: image, count: n)
        let beta = dot(image, image, count: n).squareRoot()
        diagonal.append(alpha)
        beside.append(beta)
        guard alpha.isFinite && beta.isFinite else {
            (eigenvalue, hasEnded) = (.nan, true)
            return
        }
        let isExhausted = beta <= 1e-15 * diagonal.reduce(0) { max($0, abs($1)) }
        if diagonal.count % 3 == 1 || isExhausted { estimate() }
        guard !hasEnded, !isExhausted else {
            hasEnded = true
            return
        }
        previous.update(from: current, count: n)
        for i in 0..<n { current[i] = image[i] / beta }
    }

    /// The tridiagonal matrix' largest eigenvalue, and whether one of the whole matrix is close to it: its
    /// distance is at most the last element of the eigenvector times what is left.
    private mutating func estimate() {
        eigenvalue = largest()
        var (element, sum) = (1.0, 1.0)
        var pivot = eigenvalue - diagonal[0]
        for i in 1..<diagonal.count {
            element *= pivot / beside[i - 1]
            sum += element * element
            pivot = eigenvalue - diagonal[i] - beside[i - 1] * beside[i - 1] / pivot
        }
        let distance = beside[diagonal.count - 1] * abs(element) / sum.squareRoot()
        hasEnded = distance <= tolerance * eigenvalue || eigenvalue == 0
    }

    /// By bisection: above the largest eigenvalue, and only there, all pivots of (x - matrix) are positive.
    private func largest() -> Double {
        func isAbove(_ x: Double) -> Bool {
            var pivot = x - diagonal[0]
            guard pivot > 0 else { return false }
            for i in 1..<diagonal.count {
                pivot = x - diagonal[i] - beside[i - 1] * beside[i - 1] / pivot
                guard pivot > 0 else { return false }
            }
            return true
        }
        guard diagonal.count > 1 else { return diagonal[0] }
        // Gershgorin's bound; the largest of a larger matrix is no smaller.
        var high = diagonal.indices.reduce(0.0) { bound, i in
            let beside = (i > 0 ? beside[i - 1] : 0) + (i + 1 < diagonal.count ? beside[i] : 0)
            return max(bound, diagonal[i] + beside)
        }
        high *= 1 + 1e-12
        var low = eigenvalue
        while high - low > 1e-13 * high {
            let middle = low + (high - low) / 2
            if isAbove(middle) { high = middle } else { low = middle }
        }
        return high
    }
}
