import Sweep
import Testing

@testable import Results

/// Rows of students at finite steps, beside those of the limit.
@Suite struct TrainedRowsTests {
    /// Linearised students and networks of two widths, at a stop and in the limit: of 8 combinations 5 exist, each with
    /// 2 soft ratios and 2 seeds.
    private let sweep: Sweep = {
        var sweep = smallSweep(
            sampleSize: [16], softRatio: [0, 0.3], metrics: [.teacherError, .linearisationGap])
        sweep.grid.teacherNoise = [0]
        sweep.grid.model = [.linearised, .network]
        sweep.grid.steps = [.finite(100), .infinite]
        return sweep
    }()

    private func lines(_ sql: String, in store: Store) throws -> [String] {
        try store.access { try String.fetchAll($0, sql: sql) }
    }

    @Test("Cells that don't exist have no row and aren't missing, and values have their names")
    func existing() throws {
        try withFolder { folder in
            #expect(sweep.grid.count == 32 && sweep.grid.cellCount == 20)
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything.filter { $0.task != 0 })
            let tally = try store.export(to: folder)
            // Of the first block, both stops with 2 soft ratios.
            #expect(tally == StatusCounts(ok: 16, missing: 4))
            try store.insert([sweep.computed(block: 0)])
            #expect(try store.export(to: folder) == StatusCounts(ok: 20))
            let students = try text(folder.summary).split(separator: "\n").dropFirst().map {
                $0.split(separator: ",").prefix(3).joined(separator: ",")
            }
            let expected = [
                "64,linearised,100", "64,linearised,inf", "64,network,100", "inf,linearised,100",
                "inf,linearised,inf",
            ]
            #expect(students == expected.flatMap { [$0, $0] })
            let cells = try text(folder.cells).split(separator: "\n").dropFirst()
            #expect(cells.count == 20)
            #expect(cells.first?.hasPrefix("64,linearised,100,16,0.0,") == true)
        }
    }

    @Test("The store's view shows names, and infinity as a number")
    func view() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            let shown = try lines(
                """
                SELECT DISTINCT width || ' ' || model || ' ' || steps || ' ' || typeof(steps) FROM cells
                ORDER BY width, model, steps
                """, in: store)
            #expect(
                shown == [
                    "64 linearised 100 integer", "64 linearised Inf real", "64 network 100 integer",
                    "Inf linearised 100 integer", "Inf linearised Inf real",
                ])
        }
    }

    @Test("More steps ask for the new cells only, of networks too")
    func growth() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            var grown = sweep
            grown.grid.steps = [.finite(10), .finite(100), .infinite]
            let stored = try store.stored(of: grown).cells
            #expect(stored.count == 20 && grown.grid.cellCount == 32)
            for cell in 0..<grown.grid.count where grown.grid.exists(cell) {
                #expect(stored.contains(cell) == (grown.grid[cell].steps != .finite(10)))
            }
        }
    }

    @Test("Only kinds of students that can have a further metric are computed anew for it")
    func metrics() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            var more = sweep
            more.metrics.append(.weightChange)
            let stored = try store.stored(of: more).cells
            for cell in 0..<more.grid.count where more.grid.exists(cell) {
                #expect(stored.contains(cell) == (more.grid[cell].model == .linearised))
            }
            more.metrics = [.excessLoss]
            let stopped = try store.stored(of: more).cells
            for cell in 0..<more.grid.count where more.grid.exists(cell) {
                #expect(stopped.contains(cell) == (more.grid[cell].steps == .infinite))
            }
        }
    }

    @Test("Another learning rate shares no row")
    func settings() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            var slower = sweep
            slower.settings.training.learningRate = 0.1
            #expect(try store.stored(of: slower).cells.count == 0)
        }
    }

    @Test("Networks whose sharpness is above 0.9 are counted, linearised students' isn't")
    func edge() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            var sharp = sweep
            sharp.metrics.append(.sharpness)
            for (value, expected) in [(0.9, 0), (0.91, 1)] {
                sharp.settings.hardLabelSmoothing = 0.01 * value
                let rows = sharp.everything.map { rows in
                    sharp.computed(block: rows.task) { _, metric in
                        metric == .sharpness ? value : 0.5
                    }
                }
                try store.run(sharp, rows)
                let networks = (0..<sharp.grid.count).count {
                    sharp.grid.exists($0) && sharp.grid[$0].model == .network
                }
                #expect(networks > 0)
                #expect(try store.export(to: folder).atTheEdge == expected * networks)
            }
        }
    }

    @Test("Diverged cells are counted, keep the teacher's error, and aren't tried again")
    func diverged() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            let diverged = sweep.computed(block: 2, status: .diverged) { _, metric in
                metric == .teacherError ? 0.25 : .nan
            }
            try store.run(sweep, [diverged])
            // A network has one stop here, with 2 soft ratios.
            #expect(try store.stored(of: sweep).cells.count == 2)
            #expect(try store.export(to: folder) == StatusCounts(diverged: 2, missing: 18))
            let rows = try text(folder.cells).split(separator: "\n").dropFirst()
            #expect(rows.allSatisfy { $0.hasSuffix(",diverged,0.25,,") } && rows.count == 2)
            #expect(try lines("SELECT DISTINCT status FROM cells", in: store) == ["diverged"])
        }
    }
}
