import CElementwise
import Foundation
import LinearAlgebra
import Sweep

/// The tangent kernel of a student of infinite width (Jacot et al. 2018; the arc-cosine kernel is
/// from Cho & Saul 2009, the arcsine one from Williams 1997).
///
///     S_0 = sw^2/d x.x' + sb^2,  K_0 = S_0,  K_l = S_l + K_{l-1} D_l,  K = K_L
///
/// with q, q' the diagonal values of S_{l-1}, c = S_{l-1} / sqrt(q q') and theta = arccos c:
///
///     relu:  S_l = sw^2/(2 pi) sqrt(q q') (sin theta + (pi - theta) cos theta) + sb^2
///            D_l = sw^2/(2 pi) (pi - theta)
///     erf:   S_l = sw^2 (2/pi) arcsin(2 S_{l-1} / sqrt((1 + 2q)(1 + 2q'))) + sb^2
///            D_l = sw^2 (4/pi) / sqrt((1 + 2q)(1 + 2q') - 4 S_{l-1}^2)
package struct InfiniteKernel: Sendable {
    private let activation: Activation
    private let depth: Int
    /// sw^2, sb^2
    private let weightVariance: Double
    private let biasVariance: Double

    // A tile of this size is still in the second-level cache when its product is turned into the kernel.
    private static let tileColumns = 64
    private static let tileRows = 2048

    package init(student: Student, depth: Int) {
        activation = student.activation
        self.depth = depth
        weightVariance = student.weightScale * student.weightScale
        biasVariance = student.biasScale * student.biasScale
    }

    /// Writes the kernel and returns its diagonal. One product of 2 pairs d, then O(L) elementwise
    /// passes over each pair while it is in cache.
    package func fill(_ target: Kernel.Target, inputs: View) -> [Double] {
        let (scales, diagonal) = diagonals(inputs)
        target.forEachTile(columns: Self.tileColumns) { tile in
            let columns = tile.columns
            for first in stride(from: 0, to: tile.rows, by: Self.tileRows) {
                let rows = first..<min(first + Self.tileRows, tile.rows)
                let values = tile.values[rows, 0..<columns.count]
                target.threads.forEach(below: columns.count) { j in
                    values.column(j).update(repeating: biasVariance, count: rows.count)
                }
                multiply(
                    transposed: inputs[columns: rows], inputs[columns: columns],
                    alpha: weightVariance / Double(inputs.rows), beta: 1, into: values)
                target.threads.forEach(below: columns.count) { j in
                    let end = min(rows.upperBound, tile.count(ofColumn: j))
                    guard first < end else { return }
                    recur(
                        values.column(j), rows: first..<end, column: columns.lowerBound + j, scales)
                }
            }
        }
        return diagonal
    }

    /// The scales of one layer, by which S_{l-1} is normalised, for each sample: sqrt(q) for relu,
    /// sqrt(1 + 2q) for erf.
    private struct Scales {
        var values: [Double] = []
        var inverses: [Double] = []

        mutating func append(_ scale: Double) {
            values.append(scale)
            inverses.append(1 / scale)
        }
    }

    /// The scales of each layer, and K(x, x).
    private func diagonals(_ inputs: View) -> (scales: [Scales], kernel: [Double]) {
        var scales = [Scales](repeating: Scales(), count: depth)
        var kernel: [Double] = []
        kernel.reserveCapacity(inputs.columns)
        for i in 0..<inputs.columns {
            let x = inputs.column(i)
            let square = dot(x, x, count: inputs.rows)
            var q = weightVariance / Double(inputs.rows) * square + biasVariance
            var k = q
            for layer in 0..<depth {
                let derivative: Double
                switch activation {
                case .relu:
                    scales[layer].append(q.squareRoot())
                    derivative = weightVariance / 2
                    q = weightVariance / 2 * q + biasVariance
                case .erf:
                    scales[layer].append((1 + 2 * q).squareRoot())
                    derivative = weightVariance * 4 / .pi / (1 + 4 * q).squareRoot()
                    q = weightVariance * 2 / .pi * asin(2 * q / (1 + 2 * q)) + biasVariance
                }
                k = q + k * derivative
            }
            kernel.append(k)
        }
        return (scales, kernel)
    }

    /// Turns S_0 of these rows of one column of the kernel into K_L, layer by layer.
    private func recur(
        _ k: UnsafeMutablePointer<Double>, rows: Range<Int>, column: Int, _ scales: [Scales]
    ) {
        withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.tileRows) { buffer in
            let s = buffer.baseAddress!
            for (layer, scale) in scales.enumerated() {
                // S_0 = K_0
                apply(scale, layer == 0 ? k : s, into: s, k, rows: rows, column: column)
            }
        }
    }

    /// Applies one layer: S_{l-1} and K_{l-1} become S_l and K_l.
    private func apply(
        _ scales: Scales, _ s: UnsafePointer<Double>, into next: UnsafeMutablePointer<Double>,
        _ k: UnsafeMutablePointer<Double>, rows: Range<Int>, column: Int
    ) {
        scales.values.withUnsafeBufferPointer { values in
            scales.inverses.withUnsafeBufferPointer { inverses in
                let own = values.baseAddress! + rows.lowerBound
                switch activation {
                case .relu:
                    elementwise_relu_layer(
                        s, next, k, own, inverses.baseAddress! + rows.lowerBound, values[column],
                        weightVariance / (2 * .pi), biasVariance, rows.count)
                case .erf:
                    elementwise_erf_layer(
                        s, next, k, own, values[column], weightVariance * 2 / .pi, biasVariance,
                        rows.count)
                }
            }
        }
    }
}
