import Foundation
import Seeded
import Sweep
import Testing

@testable import Results

/// Which value of an axis is best, of rows in a store.
@Suite struct BestPointsTests {
    private static func fixture(_ name: String) throws -> String {
        try text(Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: nil)!)
    }

    /// The sweep of `best-cells.csv`, whose tables an independent program has made.
    private static let sweep: Sweep = {
        var sweep = smallSweep(
            width: [.finite(3), .infinite], sampleSize: [8, 30, 60], softRatio: [0, 0.1, 0.3, 1],
            depth: [2], seed: [0, 1, 2, 3, 4, 5],
            metrics: [.transferRisk, .studentError, .teacherError])
        sweep.grid.teacherNoise = [0, 1.5]
        return sweep
    }()

    /// Runs `body` with the store of the fixture's cells, of which those without a row have none.
    private func withCells(
        _ sweep: Sweep = sweep, without dropped: (Cell) -> Bool = { _ in false },
        _ body: (Store, ResultsFolder) throws -> Void
    ) throws {
        let lines = try Self.fixture("best-cells.csv").split(separator: "\n")
        let known = Dictionary(
            uniqueKeysWithValues: lines.dropFirst().map { line in
                let fields = line.split(separator: ",", omittingEmptySubsequences: false)
                return (fields[..<10].map(String.init), fields[10...].map(String.init))
            })
        let computed = sweep.everything.map { block in
            var block = block
            block.rows = block.rows.compactMap { row in
                let cell = sweep.grid[row.cell]
                guard !dropped(cell), let fields = known[Axis.allCases.map { "\(cell[$0])" }]
                else { return nil }
                return Row(
                    cell: row.cell, status: fields[0] == "ok" ? .ok : .singular,
                    values: fields[1...].map { Double($0) ?? .nan })
            }
            return block
        }
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, computed.filter { !$0.rows.isEmpty })
            try body(store, folder)
        }
    }

    private func table(_ question: BestQuestion, in store: Store) throws -> String {
        var lines = BestLines(question, of: store.sweep!)
        for point in try store.bestPoints(question, processors: 2) { lines.add(point) }
        return String(decoding: lines.take(), as: UTF8.self)
    }

    @Test("The tables are those of an independent program, to the last digit")
    func golden() throws {
        try withCells { store, folder in
            _ = try store.export(to: folder)
            #expect(try text(folder.best) == Self.fixture("best.csv"))
            let noise = BestQuestion(axis: .teacherNoise, metric: .transferRisk)
            #expect(try table(noise, in: store) == Self.fixture("best-noise.csv"))
        }
    }

    @Test("Points without a row have no line, and a sweep that can't answer has no table")
    func parts() throws {
        try withCells(without: { $0.width == .infinite || $0.sampleSize != 8 }) { store, folder in
            _ = try store.export(to: folder)
            let lines = try text(folder.best).split(separator: "\n")
            let expected = try Self.fixture("best.csv").split(separator: "\n").prefix(3)
            #expect(lines == Array(expected))
            // Another run of the same folder with a single soft ratio.
            var single = Self.sweep
            single.grid.softRatio = [0.1]
            try store.run(single, [])
            _ = try store.export(to: folder)
            #expect(!FileManager.default.fileExists(atPath: folder.best.path))
            #expect(folder.tables(of: single) == [folder.cells, folder.summary])
        }
    }

    @Test("An export that is broken off leaves the old table and nothing else")
    func brokenOff() throws {
        try withCells { store, folder in
            _ = try store.export(to: folder)
            let before = try text(folder.best)
            #expect(throws: ResultsError.cancelled) { try store.export(to: folder) { true } }
            #expect(try text(folder.best) == before)
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
            #expect(!names.contains { $0.hasSuffix(".partial") }, "\(names)")
        }
    }

    /// Rows by the numbers of their cells, so that points can be made from them in another way.
    private func naive(_ question: BestQuestion, _ sweep: Sweep, _ rows: [Int: Row]) -> [BestPoint]
    {
        let grid = sweep.grid
        let positions = grid[question.axis].ascending
        let column = sweep.metrics.firstIndex(of: question.metric)!
        let strides = grid.numbering.strides
        let stride = strides[question.axis.rawValue]
        return (0..<grid.count).filter {
            grid.numbering.position(on: question.axis, of: $0) == 0 && grid[$0].seed == 0
        }.map { cell in
            let metric = positions.map { position in
                grid.seed.indices.map { seed in
                    let row = rows[cell + position * stride + seed]
                    return row?.status == .ok ? row!.values[column] : .nan
                }
            }
            return BestPoint(
                cell: cell + positions[0] * stride, best: Best(metric), positions: positions)
        }
    }

    @Test(
        "Every axis is gathered right, across slabs and with gaps",
        arguments: Axis.allCases.filter { ![.model, .steps, .seed].contains($0) })
    func gathering(axis: Axis) throws {
        var generator = SeededGenerator(seed: 3)
        var sweep = smallSweep(
            width: [.finite(8), .finite(4), .infinite], sampleSize: [8, 16, 32],
            softRatio: [0, 0.1, 0.3, 0.5, 1], ridge: [0, 0.1], depth: [1, 2, 3],
            seed: Array(0..<24), metrics: [.transferRisk, .studentError])
        sweep.grid.teacherNoise = [0, 0.5, 1, 1.5, 2, 3]
        sweep.grid.temperature = [1, 2]
        #expect(sweep.grid.count > 1 << 16, "there are several slabs")
        var rows: [Int: Row] = [:]
        let computed = (0..<sweep.blockCount).map { number in
            var block = sweep.computed(block: number) { _, _ in
                Double(Int.random(in: 0...9, using: &generator)) / 10
            }
            for index in block.rows.indices where generator.chance(0.02) {
                block.rows[index].status = .singular
                block.rows[index].values = [.nan, .nan]
            }
            for row in block.rows { rows[row.cell] = row }
            return block
        }
        let question = BestQuestion(axis: axis, metric: .studentError)
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, computed)
            let found = try store.bestPoints(question, processors: 3)
            let expected = naive(question, sweep, rows)
            #expect(found.count == expected.count)
            #expect(found.map(\.cell) == expected.map(\.cell))
            for (point, other) in zip(found, expected) {
                #expect(point.positions == other.positions && point.best == other.best)
            }
            #expect(Set(found.map(\.best.seeds)).count > 3, "there are gaps")
        }
    }

    @Test("Only values that have a cell are compared")
    func existing() throws {
        var sweep = smallSweep(
            sampleSize: [16], softRatio: [0.3], metrics: [.studentError, .teacherError])
        sweep.grid.teacherNoise = [0]
        sweep.grid.model = [.linearised, .network]
        sweep.grid.steps = [.infinite, .finite(100), .finite(10)]
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            let errors: [AxisValue: Double] = [
                .infinite: 0.3, .integer(100): 0.1, .integer(10): 0.2,
            ]
            try store.run(
                sweep,
                sweep.everything.map { block in
                    sweep.computed(block: block.task) { cell, _ in errors[sweep.grid[cell][.steps]]!
                    }
                })
            let steps = try store.bestPoints(BestQuestion(axis: .steps, metric: .studentError))
            // Two widths of linearised students, and a network of the finite one.
            #expect(steps.map(\.positions) == [[2, 1, 0], [2, 1], [2, 1, 0]])
            #expect(steps.allSatisfy { $0.positions[$0.best.value!] == 1 })
            let models = try store.bestPoints(BestQuestion(axis: .model, metric: .studentError))
            #expect(models.map(\.positions) == [[0], [0, 1], [0, 1], [0], [0], [0]])
        }
    }
}
