import Distillation
import Sweep
import Testing

struct SliceTests {
    @Test("The slices of a block give its rows, within round-off", arguments: [0, 0.1])
    func slices(ridge: Double) throws {
        let sweep = smallSweep(
            oracle: 40, test: 30, sizes: [5, 40],
            softRatios: (0...240).map { Double($0) / 240 }, noises: [0, 0.5, 1, 2, 3, 4, 5],
            temperatures: [1, 3], ridges: [ridge], seeds: [0, 1])
        let tasks = sweep.tasks
        #expect(tasks.count >= 4, "\(tasks.count) tasks: nothing is sliced")
        let solver = BlockSolver(sweep: sweep, threads: 1)
        var sliced: [Row] = []
        for number in 0..<tasks.count {
            let rows = try solver.solve(tasks[number])
            #expect(rows.map(\.cell) == (0..<rows.count).map(tasks[number].cellNumber(at:)))
            sliced += rows
        }
        let whole = try solveAll(sweep)
        sliced.sort { $0.cell < $1.cell }
        #expect(sliced.map(\.cell) == whole.map(\.cell))
        #expect(sliced.map(\.status) == whole.map(\.status))
        for (a, b) in zip(sliced, whole) { expectSame(sweep.metrics, a.values, b.values) }
    }

    @Test("A narrowed slice computes the wanted cells of the slice")
    func narrowed() throws {
        let sweep = smallSweep(
            oracle: 40, test: 30, sizes: [5, 40],
            softRatios: (0...2000).map { Double($0) / 2000 }, noises: [0, 1])
        let tasks = sweep.tasks
        #expect(tasks.count >= 2)
        let slice = tasks[tasks.count - 1]
        let narrow = try #require(slice.narrowed { $0 % 7 == 3 })
        let solver = BlockSolver(sweep: sweep, threads: 1)
        let part = try solver.solve(narrow)
        #expect(part.map(\.cell) == narrow.wanted.joined().map(slice.cellNumber(at:)))
        let byCell = Dictionary(
            uniqueKeysWithValues: try solver.solve(slice).map { ($0.cell, $0) })
        for row in part { expectSame(sweep.metrics, row.values, byCell[row.cell]!.values) }
    }
}
