import LinearAlgebra
import Testing

struct CholeskyTests {
    /// The factor in the place of a matrix that is there whole.
    private func factor(_ matrix: View, tolerance: Double) -> Cholesky {
        Cholesky(
            factoringUpper: matrix, diagonal: (0..<matrix.rows).map { matrix[$0, $0] },
            tolerance: tolerance)
    }

    /// B^T B + shift, with rank `rank` where the shift is 0.
    private func gram(_ order: Int, rank: Int, shift: Double = 0) -> Matrix {
        let factor = scattered(rank, order, seed: order)
        let matrix = Matrix(rows: order, columns: order)
        multiply(transposed: factor.view, factor.view, into: matrix.view)
        for i in 0..<order { matrix[i, i] += shift }
        return matrix
    }

    @Test("C C^T is A, and the strict upper triangle is left alone", arguments: [1, 5, 70, 200])
    func factors(order: Int) {
        let a = gram(order, rank: order, shift: 0.1)
        let c = Matrix(rows: order, columns: order)
        c.view.update(from: a.view)
        let cholesky = factor(c.view, tolerance: 1e-13)
        #expect(cholesky.rank == order)
        for j in 0..<order { for i in 0..<j { #expect(c[i, j] == a[i, j]) } }
        for i in 0..<order {
            for j in 0...i {
                let sum = (0...j).reduce(0) { $0 + c[i, $1] * c[j, $1] }
                #expect(abs(sum - a[i, j]) < 1e-12 * a[i, i].squareRoot() * a[j, j].squareRoot())
            }
        }
    }

    @Test("The factor solves for every leading block", arguments: [1, 2, 17, 40])
    func prefixes(n: Int) {
        let a = gram(40, rank: 40, shift: 0.5)
        let c = Matrix(rows: 40, columns: 40)
        c.view.update(from: a.view)
        let cholesky = factor(c.view, tolerance: 1e-13)
        let b = scattered(40, 3, seed: 8)
        let x = Matrix(rows: 40, columns: 3)
        x.view.update(from: b.view)
        cholesky.solveLower(x.view.top(n))
        cholesky.solveLowerTransposed(x.view.top(n))
        for i in 0..<n {
            for j in 0..<3 {
                let sum = (0..<n).reduce(0) { $0 + a[i, $1] * x[$1, j] }
                #expect(abs(sum - b[i, j]) < 1e-11)
            }
        }
    }

    @Test(
        "The first bad pivot is found, and the rows before it are right", arguments: [3, 33, 120])
    func rank(rank: Int) {
        let order = 150
        let a = gram(order, rank: rank)
        let c = Matrix(rows: order, columns: order)
        c.view.update(from: a.view)
        let cholesky = factor(c.view, tolerance: Double(order) * 0x1p-52)
        #expect(cholesky.rank == rank)
        for i in 0..<rank {
            let sum = (0...i).reduce(0) { $0 + c[i, $1] * c[i, $1] }
            #expect(abs(sum - a[i, i]) < 1e-12 * a[i, i])
        }
    }

    @Test("A matrix that isn't positive, or isn't a number, has no rank beyond it")
    func indefinite() {
        for value in [-1, 0, .nan] {
            let a = Matrix.zeros(rows: 3, columns: 3)
            for i in 0..<3 { a[i, i] = 1 }
            a[1, 1] = value
            #expect(factor(a.view, tolerance: 1e-15).rank == 1)
        }
    }

    @Test("The condition number of a diagonal matrix is exact")
    func condition() {
        let a = Matrix.zeros(rows: 4, columns: 4)
        for i in 0..<4 { a[i, i] = [2, 8, 0.5, 100][i] }
        let cholesky = factor(a.view, tolerance: 1e-15)
        for (order, norm, expected) in [(1, 2.0, 1.0), (2, 8, 4), (3, 8, 16), (4, 100, 200)] {
            let condition = cholesky.condition(order: order, norm: norm)
            #expect(abs(condition - expected) < 1e-13 * expected)
        }
    }
}
