import CElementwise
import Foundation
import Testing

/// The vectorised functions against 60-digit arithmetic, and fused layers against their formulas.
@Suite struct ElementwiseTests {
    private static let ulp = 0x1p-53

    /// What the function of that name gives for all of its fixture's points at once.
    private func values(of function: String, at x: [Double]) -> [Double] {
        var y = [Double](repeating: 1, count: x.count)
        switch function {
        case "arccos":
            // A layer's derivative is pi - arccos s, which is arccos(-s), where the sum has the weight 0.
            var next = y
            let ones = [Double](repeating: 1, count: x.count)
            let zeros = [Double](repeating: 0, count: x.count)
            elementwise_relu_layer(x.map { -$0 }, &next, &y, zeros, ones, 1, 1, 0, x.count)
        case "erf": elementwise_erf(x, &y, x.count)
        case "gaussian": elementwise_times_gaussian(x, &y, 1, x.count)
        case "cosine": elementwise_cosine(x, &y, x.count)
        default: preconditionFailure("no function \(function)")
        }
        return y
    }

    private func isNearlyParallel(_ cosine: Double) -> Bool {
        abs(cosine) != 1 && abs(cosine) >= 1 - 0x1p-49
    }

    @Test(arguments: [("arccos", 1.0), ("erf", 3), ("gaussian", 1), ("cosine", 1)])
    func agreesWithReference(function: String, gain: Double) throws {
        let rows = try fixtureRows("elementwise.csv").filter {
            // A layer takes closer angles for parallel.
            $0[0] == function && (function != "arccos" || !isNearlyParallel(Double($0[1])!))
        }
        let x = rows.map { Double($0[1])! }
        let y = values(of: function, at: x)
        var worst = 0.0
        for (index, row) in rows.enumerated() {
            let expected = Double(row[2])!
            // Rounding x^2 alone changes e^(-x^2) by x^2 units; cos pi x is exact to one unit of 1.
            let scale =
                switch function {
                case "gaussian": abs(expected) * (1 + x[index] * x[index])
                case "cosine": 1.0
                default: abs(expected)
                }
            guard scale > 0 else {
                #expect(y[index] == expected)
                continue
            }
            let error = abs(y[index] - expected) / scale / Self.ulp
            worst = max(worst, error)
            #expect(error <= 2 * gain, "\(row): \(y[index])")
        }
        print("\(function): \(rows.count) points, largest error \(worst) units of 2^-53")
        #expect(rows.count > 50)
    }

    @Test("A value doesn't depend on its place in the array", arguments: 1...17)
    func places(count: Int) {
        let x = (0..<count).map { cos(Double($0 * count)) }
        for function in ["arccos", "erf", "gaussian", "cosine"] {
            let together = values(of: function, at: x)
            #expect(together == x.flatMap { values(of: function, at: [$0]) })
        }
    }

    @Test("What is no number stays none, and infinity has its limit")
    func limits() {
        #expect(values(of: "erf", at: [.infinity, -.infinity]) == [1, -1])
        #expect(values(of: "erf", at: [.nan])[0].isNaN)
        #expect(values(of: "gaussian", at: [.infinity, -30, 1e200]) == [0, 0, 0])
        #expect(values(of: "cosine", at: [0x1p60, -0x1p52]) == [1, 1])
    }

    @Test("A relu layer is its formula with Foundation's functions")
    func reluLayer() {
        let (factor, bias) = (0.31, 0.01)
        let cosines = [
            -1, -1 + 1e-13, -0.999, -0.5, -1e-9, 0, 0.3, 0.7, 0.99999, 1 - 1e-15, 1, 1.5,
        ]
        var s: [Double] = []
        var k: [Double] = []
        var rows: [Double] = []
        for (index, c) in cosines.enumerated() {
            rows.append(0.5 + Double(index))
            s.append(c * rows[index] * 2)
            k.append(Double(index) - 3)
        }
        let (oldS, oldK) = (s, k)
        elementwise_relu_layer(
            oldS, &s, &k, rows, rows.map { 1 / $0 }, 2, factor, bias, s.count)
        for index in cosines.indices {
            let scale = rows[index] * 2
            let cosine = min(max(oldS[index] / scale, -1), 1)
            let isParallel = 1 - cosine * cosine <= 0x1p-48
            let c = isParallel ? (cosine > 0 ? 1 : -1) : cosine
            let sine = isParallel ? 0 : (1 - c * c).squareRoot()
            let complement = Double.pi - acos(c)
            let next = factor * scale * (sine + complement * c) + bias
            #expect(abs(s[index] - next) <= 1e-14 * max(1, abs(next)), "\(cosines[index])")
            let kernel = next + oldK[index] * factor * complement
            // Where the angle is small, it has lost digits to the rounding of its cosine.
            let lost = isParallel ? 0 : 1e-15 / sine
            #expect(
                abs(k[index] - kernel) <= 1e-13 * max(1, abs(kernel)) + lost,
                "\(cosines[index])")
        }
        // An all-zero input without bias counts as parallel to everything.
        var (zeroS, zeroK) = ([0.0], [0.0])
        elementwise_relu_layer([0], &zeroS, &zeroK, [0], [.infinity], 1, factor, 0, 1)
        #expect(zeroS == [0] && zeroK == [0])
    }

    @Test("An erf layer is its formula with Foundation's functions")
    func erfLayer() {
        let (factor, bias) = (0.7, 0.02)
        let cosines = [-0.99, -0.5, -1e-12, 0, 0.2, 0.6, 0.95, 0.999]
        var s = cosines.map { $0 * 3 / 2 }
        var k = cosines.map { 1 + $0 }
        let (oldS, oldK) = (s, k)
        elementwise_erf_layer(oldS, &s, &k, [Double](repeating: 1.5, count: 8), 2, factor, bias, 8)
        for index in cosines.indices {
            let next = factor * asin(2 * oldS[index] / 3) + bias
            let derivative = 2 * factor / (9 - 4 * oldS[index] * oldS[index]).squareRoot()
            #expect(abs(s[index] - next) <= 1e-15 * 4, "\(cosines[index])")
            let kernel = next + oldK[index] * derivative
            #expect(abs(k[index] - kernel) <= 1e-14 * abs(kernel), "\(cosines[index])")
        }
    }
}
