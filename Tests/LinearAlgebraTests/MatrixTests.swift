import LinearAlgebra
import Testing

struct MatrixTests {
    @Test("The mirror image of the upper triangle", arguments: [1, 2, 63, 64, 65, 130], [1, 2, 3])
    func mirrors(order: Int, threads: Int) {
        let matrix = Matrix(rows: order, columns: order)
        for j in 0..<order {
            for i in 0..<order { matrix[i, j] = i <= j ? Double(i * 1000 + j) : -1 }
        }
        matrix.view.mirrorUpperToLower(Threads(threads))
        for j in 0..<order {
            for i in 0..<order { #expect(matrix[i, j] == Double(min(i, j) * 1000 + max(i, j))) }
        }
    }
}
