import Foundation
import Testing

@testable import LinearAlgebra

/// Right results pass, whatever they are of; an element that is wrong is found, from a size on that the tests print.
@Suite struct VerificationTests {
    private static func sums(ofColumns a: View) -> Sums {
        let weights = Weights.atLeast(a.rows)
        return Sums(ofColumns: a, weights.w, weights.ones)
    }

    @Test("The sums are what they are called, of every shape")
    func sums() {
        for (rows, columns) in [(1, 1), (3, 2), (5, 7), (64, 9), (130, 33)] {
            let a = scattered(rows, columns, seed: rows)
            let weights = Weights.atLeast(max(rows, columns))
            let (w, s) = (weights.w, weights.ones)
            func check(_ sums: borrowing Sums, _ name: String, _ terms: (Int) -> [(Double, Double)])
            {
                for index in 0..<sums.count {
                    let terms = terms(index)
                    let dot = terms.reduce(0) { $0 + $1.0 * $1.1 }
                    let size = terms.reduce(0) { $0 + abs($1.1) }
                    #expect(abs(sums.dots[index] - dot) <= 1e-13 * (size + 1e-300), "\(name)")
                    #expect(abs(sums.sizes[index] - size) <= 1e-13 * size, "\(name)")
                }
            }
            check(Sums(ofColumns: a.view, w, s), "columns") { j in
                (0..<rows).map { (w[$0], a[$0, j]) }
            }
            check(Sums(ofRows: a.view, w, s), "rows") { i in
                (0..<columns).map { (w[$0], a[i, $0]) }
            }
            guard rows >= columns else { continue }
            let square = a.view.top(columns)
            check(Sums(ofLowerColumns: square, w, s), "lower columns") { j in
                (j..<columns).map { (w[$0], square[$0, j]) }
            }
            check(Sums(ofLowerRows: square, w, s), "lower rows") { i in
                (0...i).map { (w[$0], square[i, $0]) }
            }
            let diagonal = (0..<columns).map { Double($0) - 2 }
            diagonal.withUnsafeBufferPointer { diagonal in
                let symmetric = Sums(
                    ofSymmetric: square, diagonal: diagonal.baseAddress!, step: 1, w, s)
                check(symmetric, "symmetric") { i in
                    (0..<columns).map { j in
                        (w[j], i == j ? diagonal[i] : square[min(i, j), max(i, j)])
                    }
                }
            }
        }
    }

    @Test("The weights are at least a half, below one, of both signs, and the same for any length")
    func weights() {
        let short = Weights.atLeast(10).w
        let first = (0..<10).map { short[$0] }
        let long = Weights.atLeast(100_000).w
        let values = (0..<100_000).map { long[$0] }
        #expect(values.allSatisfy { 0.5...1 ~= abs($0) })
        #expect(Array(values.prefix(10)) == first)
        let mean = values.reduce(0, +) / 1e5
        #expect(abs(mean) < 0.01, "\(mean)")
    }

    /// A symmetric positive definite matrix with eigenvalues from 1 down to 1 / condition.
    private static func matrix(_ n: Int, condition: Double) -> Matrix {
        let basis = scattered(n, n, seed: n)
        // Householder reflections of a diagonal: exact enough, and of any condition.
        let a = Matrix.zeros(rows: n, columns: n)
        for i in 0..<n { a[i, i] = pow(condition, -Double(i) / Double(max(1, n - 1))) }
        for j in 0..<min(3, n) {
            let v = (0..<n).map { basis[$0, j] }
            let square = v.reduce(0) { $0 + $1 * $1 }
            let av = (0..<n).map { i in (0..<n).reduce(0) { $0 + a[i, $1] * v[$1] } }
            let vav = zip(v, av).reduce(0) { $0 + $1.0 * $1.1 }
            for i in 0..<n {
                for k in 0..<n {
                    a[i, k] +=
                        -2 / square * (v[i] * av[k] + av[i] * v[k])
                        + 4 * vav / (square * square) * v[i] * v[k]
                }
            }
        }
        return a
    }

    @Test(
        "A factor passes at every condition number, and one with a wrong element doesn't",
        arguments: [1, 2, 7, 40, 131], [1.0, 1e8, 1e13])
    func factor(n: Int, condition: Double) {
        let a = Self.matrix(n, condition: condition)
        let diagonal = (0..<n).map { a[$0, $0] }
        let cholesky = Cholesky(
            factoringUpper: a.view, diagonal: diagonal, tolerance: Double(n) * 0x1p-52)
        func excess() -> Double {
            diagonal.withUnsafeBufferPointer {
                Check.factor(
                    a.view.leading(cholesky.rank), of: a.view.leading(cholesky.rank),
                    diagonal: $0.baseAddress!)
            }
        }
        #expect(excess() <= 1, "\(excess())")
        let (row, column) = (cholesky.rank - 1, cholesky.rank / 2)
        let right = a[row, column]
        for size in [1e-6, 0.5] {
            // Relative to the largest element of its row.
            let largest = (0...row).reduce(0) { max($0, abs(a[row, $1])) }
            a[row, column] = right + size * largest
            #expect(excess() > 1, "\(size)")
        }
        a[row, column] = .nan
        #expect(excess() == .infinity)
    }

    @Test(
        "Products of every form and shape pass; a wrong element, from a millionth on, is found",
        arguments: [(1, 1, 1), (5, 3, 2), (64, 128, 9), (130, 257, 65), (300, 40, 100)])
    func products(rows r: Int, inner k: Int, columns s: Int) {
        let a = scattered(r, k, seed: 1)
        let b = scattered(k, s, seed: 2)
        let c = Matrix(rows: r, columns: s)
        multiply(a.view, b.view, alpha: -1.5, into: c.view)
        let weights = Weights.atLeast(max(r, k))
        let first = Sums(ofColumns: a.view, weights.w, weights.ones)
        func excess() -> Double {
            Check.product(
                c.view, Sums(ofColumns: b.view, first.dots, first.sizes), alpha: -1.5, inner: k)
        }
        #expect(excess() <= 1)
        var least = Double.infinity
        for (i, j) in [(0, 0), (r - 1, s - 1), (r / 2, s / 3)] {
            let right = c[i, j]
            let typical = (0..<r).reduce(0) { $0 + abs(c[$1, j]) } / Double(r)
            for power in stride(from: -12.0, through: -1, by: 1) {
                c[i, j] = right + pow(10, power) * typical
                guard excess() > 1 else { continue }
                least = min(least, pow(10, power))
                break
            }
            c[i, j] = right + 1e-6 * typical
            #expect(excess() > 1)
            c[i, j] = right
        }
        print(
            "a product \(r) x \(k) x \(s): wrong elements are found from \(least) on, relative to the column's mean"
        )
        #expect(Verification.takeMistakes().isEmpty)
    }

    @Test(
        "Triangular solves, symmetric and Gram products of unlike sizes are right, and taken for right"
    )
    func others() {
        for n in [1, 6, 50, 203] {
            let a = Self.matrix(n, condition: 1e6)
            let whole = Matrix(rows: n, columns: n)
            whole.view.update(from: a.view)
            let b = scattered(n, 300, seed: 3)
            let c = Matrix(rows: n, columns: 300)
            multiply(upperOf: a.view, b.view, into: c.view)
            let same = Matrix(rows: n, columns: 300)
            Symmetric(whole: whole.view).multiply(b.view, into: same.view)
            for i in 0..<n { #expect(abs(c[i, 299] - same[i, 299]) < 1e-12) }
            let old = Matrix(rows: n, columns: 300)
            old.view.update(from: c.view)
            multiply(a.view, b.view, beta: 2, into: c.view)
            for i in 0..<n { #expect(abs(c[i, 7] - 3 * old[i, 7]) < 1e-11) }
            let diagonal = (0..<n).map { a[$0, $0] }
            let cholesky = Cholesky(factoringUpper: a.view, diagonal: diagonal, tolerance: 0)
            cholesky.solveLower(b.view)
            cholesky.solveLowerTransposed(b.view)
            _ = cholesky.condition(order: n, norm: 1)
            let gram = Matrix(rows: n, columns: n)
            multiply(gramOf: b.view.leading(min(n, 300)), intoUpper: gram.view.leading(min(n, 300)))
            multiply(rowGramOf: b.view, alpha: 0.5, intoUpper: gram.view)
        }
        #expect(Verification.takeMistakes().isEmpty)
    }

    @Test("What overflows, is tiny or not a number is no mistake")
    func extremes() {
        for value in [1e200, 1e-200, 0, Double.leastNonzeroMagnitude, .infinity, .nan] {
            let a = Matrix(rows: 20, columns: 20)
            a.view.fill(value)
            let c = Matrix(rows: 20, columns: 20)
            multiply(a.view, a.view, into: c.view)
            multiply(gramOf: a.view, intoUpper: c.view)
            multiply(upperOf: a.view, a.view, into: c.view)
            _ = Cholesky(
                factoringUpper: a.view, diagonal: [Double](repeating: value, count: 20),
                tolerance: 1e-15)
        }
        #expect(Verification.takeMistakes().isEmpty)
    }

    @Test(
        "A solve with a wrong element is found, of the factor and of its transpose",
        arguments: [true, false])
    func solves(isTransposed: Bool) {
        let n = 90
        let a = Self.matrix(n, condition: 1e10)
        let diagonal = (0..<n).map { a[$0, $0] }
        let cholesky = Cholesky(factoringUpper: a.view, diagonal: diagonal, tolerance: 0)
        let x = scattered(n, 5, seed: 4)
        let before = Self.sums(ofColumns: x.view)
        let weights = Weights.atLeast(n)
        let w =
            isTransposed
            ? Sums(ofLowerRows: a.view, weights.w, weights.ones)
            : Sums(ofLowerColumns: a.view, weights.w, weights.ones)
        if isTransposed {
            cholesky.solveLowerTransposed(x.view)
        } else {
            cholesky.solveLower(x.view)
        }
        #expect(Check.solve(x.view, factor: w, before: before) <= 1)
        for i in [0, 44, n - 1] {
            let right = x[i, 2]
            let largest = (0..<n).reduce(0) { max($0, abs(x[$1, 2])) }
            x[i, 2] = right + 1e-6 * largest
            #expect(Check.solve(x.view, factor: w, before: before) > 1, "\(i)")
            x[i, 2] = right
        }
    }
}
