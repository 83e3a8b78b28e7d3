import LinearAlgebra
import Testing

/// Numbers without structure, the same in every run.
func scattered(_ rows: Int, _ columns: Int, seed: Int) -> Matrix {
    let matrix = Matrix(rows: rows, columns: columns)
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    for j in 0..<columns {
        for i in 0..<rows {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            matrix[i, j] = Double(state >> 40) / 16_777_216 - 0.5
        }
    }
    return matrix
}

struct ProductsTests {
    @Test("Products of parts of matrices are the sums they stand for")
    func products() {
        let a = scattered(9, 7, seed: 1)
        let b = scattered(9, 6, seed: 2)
        let c = scattered(12, 12, seed: 3)
        let target = c.view[2..<7, 1..<6]
        let before = (0..<5).map { i in (0..<5).map { target[i, $0] } }
        multiply(
            transposed: a.view[1..<9, 2..<7], b.view[1..<9, 0..<5], alpha: 2, beta: 0.5,
            into: target)
        for i in 0..<5 {
            for j in 0..<5 {
                let sum = (1..<9).reduce(0) { $0 + a[$1, i + 2] * b[$1, j] }
                #expect(abs(target[i, j] - (2 * sum + 0.5 * before[i][j])) < 1e-14)
            }
        }
        let d = Matrix(rows: 9, columns: 6)
        multiply(a.view, b.view[0..<7, 0..<6], into: d.view)
        for i in 0..<9 {
            for j in 0..<6 {
                let sum = (0..<7).reduce(0) { $0 + a[i, $1] * b[$1, j] }
                #expect(abs(d[i, j] - sum) < 1e-14)
            }
        }
    }

    @Test("A symmetric product reads the upper triangle alone")
    func symmetric() {
        let a = scattered(8, 8, seed: 4)
        for j in 0..<8 { for i in j + 1..<max(j + 1, 8) { a[i, j] = .nan } }
        let b = scattered(8, 3, seed: 5)
        let c = Matrix(rows: 8, columns: 3)
        multiply(upperOf: a.view, b.view, into: c.view)
        for i in 0..<8 {
            for j in 0..<3 {
                let sum = (0..<8).reduce(0) { $0 + a[min(i, $1), max(i, $1)] * b[$1, j] }
                #expect(abs(c[i, j] - sum) < 1e-14)
            }
        }
    }

    @Test("A Gram matrix is written on and above the diagonal alone")
    func gram() {
        let a = scattered(9, 6, seed: 6)
        let c = Matrix(rows: 6, columns: 6)
        c.view.fill(.nan)
        multiply(gramOf: a.view, alpha: 3, intoUpper: c.view)
        for i in 0..<6 {
            for j in 0..<6 {
                let sum = 3 * (0..<9).reduce(0) { $0 + a[$1, i] * a[$1, j] }
                #expect(i <= j ? abs(c[i, j] - sum) < 1e-14 : c[i, j].isNaN)
            }
        }
    }

    @Test("The threads' shares are all indices, in as many results", arguments: [1, 2, 3, 8])
    func shares(count: Int) {
        for indices in [0, 1, 5, 8, 100] {
            let shares = Threads(count).shares(below: indices) { Array($0) }
            #expect(shares.count == min(count, indices))
            #expect(shares.joined().sorted() == Array(0..<indices))
        }
    }

    @Test("Every index is visited once, whatever the threads", arguments: [1, 2, 3, 8])
    func threads(count: Int) {
        let visits = Matrix.zeros(rows: 100, columns: 1)
        let view = visits.view
        Threads(count).forEach(below: 100) { view[$0, 0] += 1 }
        #expect((0..<100).allSatisfy { visits[$0, 0] == 1 })
    }
}
