import LinearAlgebra
import Testing

@Suite struct LanczosTests {
    /// The largest eigenvalues of these matrices, given by their columns.
    private func eigenvalues(_ matrices: [Matrix2D], tolerance: Double = 1e-8) -> [Double] {
        let n = matrices[0].count
        return largestEigenvalues(order: n, count: matrices.count, tolerance: tolerance) {
            vectors, images in
            for (j, matrix) in matrices.enumerated() {
                for i in 0..<n {
                    images[i, j] = (0..<n).reduce(0) { $0 + matrix[i][$1] * vectors[$1, j] }
                }
            }
        }
    }

    private typealias Matrix2D = [[Double]]

    private func diagonal(_ values: [Double]) -> Matrix2D {
        values.indices.map { i in values.indices.map { $0 == i ? values[i] : 0 } }
    }

    @Test("Of several matrices at once, each gets its own largest eigenvalue")
    func known() {
        let n = 30
        // 2 - 2 cos(k pi/(n + 1)), k = 1 ... n, close together at the end.
        let chain = (0..<n).map { i in (0..<n).map { $0 == i ? 2.0 : abs($0 - i) == 1 ? -1 : 0 } }
        let chainLargest = 2 + 2 * 0.994869323391895  // cos(pi/31)
        let ones = (0..<n).map { _ in [Double](repeating: 1, count: n) }
        let found = eigenvalues([
            chain, ones, diagonal((1...n).map(Double.init)), diagonal((1...n).map { _ in 3 }),
        ])
        for (value, expected) in zip(found, [chainLargest, 30, 30, 3]) {
            #expect(abs(value - expected) <= 1e-7 * expected, "\(value), not \(expected)")
        }
    }

    @Test("An eigenvector that is odd is found as well as one without a change of sign")
    func odd() {
        // The largest eigenvalue's vector is (1, -1, 1, -1), which a vector of ones is orthogonal to.
        let signs = [1.0, -1, 1, -1]
        let matrix = (0..<4).map { i in (0..<4).map { 5 * signs[i] * signs[$0] + ($0 == i ? 1 : 0) }
        }
        #expect(abs(eigenvalues([matrix])[0] - 21) < 1e-6)
    }

    @Test("A matrix of zeros has 0, one that isn't finite has NaN, and one of order 1 its element")
    func edges() {
        #expect(eigenvalues([diagonal([0, 0, 0])]) == [0])
        #expect(eigenvalues([diagonal([1, .infinity])])[0].isNaN)
        #expect(abs(eigenvalues([[[7]]])[0] - 7) < 1e-12)
    }
}
