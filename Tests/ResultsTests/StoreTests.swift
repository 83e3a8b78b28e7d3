import Foundation
import Sweep
import Testing

@testable import Results

@Suite struct StoreTests {
    @Test func givesRowsInGridOrderWhateverOrderTheyCameIn() throws {
        try withFolder { folder in
            let sweep = smallSweep(ridge: [0.1, 0], depth: [2, 1], seed: [5, 3, 4])
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything.reversed())
            let rows = try store.rows()
            #expect(rows.map(\.cell) == Array(0..<sweep.grid.count))
            let expected = sweep.everything.flatMap(\.rows).sorted { $0.cell < $1.cell }
            #expect(rows == expected)
        }
    }

    @Test func resumesWhereAnEarlierRunStopped() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            try Store(in: folder, for: .running).run(sweep, [sweep.computed(block: 2)])
            let store = try Store(in: folder, for: .running)
            let stored = try store.stored(of: sweep).cells
            let block = sweep.block(2)
            #expect(stored.count == block.places.count)
            for cell in 0..<sweep.grid.count {
                let isInBlock = (0..<block.places.count).contains {
                    block.cellNumber(at: $0) == cell
                }
                #expect(stored.contains(cell) == isInBlock)
            }
            #expect(sweep.block(2).narrowed { !stored.contains($0) } == nil)
        }
    }

    @Test func reusesRowsWhenAxesGrow() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            let grown = smallSweep(
                width: [.infinite, .finite(32), .finite(64)], sampleSize: [4, 8, 16],
                softRatio: [0.5, 0.3, 0], seed: [7, 1, 0])
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            let stored = try store.stored(of: grown).cells
            let old = Set((0..<sweep.grid.count).map { sweep.grid[$0] })
            #expect(stored.count == old.count)
            for cell in 0..<grown.grid.count {
                #expect(stored.contains(cell) == old.contains(grown.grid[cell]))
            }
            try store.begin(grown, at: Date(timeIntervalSince1970: 1))
            let values = Dictionary(
                uniqueKeysWithValues: sweep.everything.flatMap(\.rows).map {
                    (sweep.grid[$0.cell], $0.values)
                })
            for row in try store.rows() { #expect(row.values == values[grown.grid[row.cell]]) }
        }
    }

    @Test func otherSettingsShareNothing() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(smallSweep(), smallSweep().everything)
            #expect(try store.stored(of: smallSweep(oracleSamples: 128)).cells.count == 0)
            #expect(try store.stored(of: smallSweep()).cells.count == smallSweep().grid.count)
        }
    }

    @Test func aRepeatedTaskLeavesOneRow() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, [])
            #expect(try store.insert([sweep.computed(block: 0)]) == 8)
            #expect(try store.insert([sweep.computed(block: 0) { _, _ in 99 }]) == 0)
            #expect(try store.rows() == sweep.computed(block: 0).rows.sorted { $0.cell < $1.cell })
            #expect(try store.count("tasks") == 1)
        }
    }

    @Test func failedRowsAreTriedAgainAndReplaced() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, [sweep.computed(block: 1, status: .failed, error: "first")])
            try store.insert([sweep.computed(block: 1, status: .failed, error: "second")])
            #expect(try store.stored(of: sweep).cells.count == 0)
            #expect(try store.rows().allSatisfy { $0.status == .failed && $0.error == "second" })
            try store.insert([sweep.computed(block: 1, status: .singular)])
            #expect(try store.stored(of: sweep).cells.count == 8)
            #expect(try store.rows().allSatisfy { $0.status == .singular && $0.error.isEmpty })
            try store.insert([sweep.computed(block: 1, status: .failed, error: "late")])
            #expect(try store.rows().allSatisfy { $0.status == .singular && $0.error.isEmpty })
        }
    }

    @Test func fewerMetricsReuseAndMoreReplace() throws {
        try withFolder { folder in
            let two = smallSweep(metrics: [.transferRisk, .weightNorm])
            let one = smallSweep(metrics: [.weightNorm])
            let three = smallSweep(metrics: [.transferRisk, .weightNorm, .oracleAngle])
            let store = try Store(in: folder, for: .running)
            try store.run(two, two.everything)
            #expect(try store.stored(of: one).cells.count == one.grid.count)
            #expect(try store.stored(of: three).cells.count == 0)

            try store.run(one, [one.computed(block: 0) { _, _ in 99 }])
            #expect(try store.rows().allSatisfy { $0.values[0] == Double($0.cell) + 2.75 })

            try store.run(three, [three.computed(block: 0) { _, _ in 99 }])
            #expect(try store.rows().map(\.values) == Array(repeating: [99, 99, 99], count: 8))
            #expect(try store.stored(of: three).cells.count == 8)
            #expect(try store.stored(of: two).cells.count == two.grid.count)
        }
    }

    @Test func aFailureAtMoreMetricsLeavesTheResultForFewer() throws {
        try withFolder { folder in
            let one = smallSweep(metrics: [.weightNorm])
            let two = smallSweep(metrics: [.transferRisk, .weightNorm])
            let store = try Store(in: folder, for: .running)
            try store.run(one, one.everything)
            try store.run(two, [two.computed(block: 0, status: .failed, error: "crashed")])
            #expect(try store.rows().map(\.error) == Array(repeating: "crashed", count: 8))
            #expect(try store.stored(of: two).cells.count == 0)
            #expect(try store.stored(of: one).cells.count == one.grid.count)
            try store.begin(one, at: Date(timeIntervalSince1970: 2))
            #expect(try store.rows().allSatisfy { $0.status == .ok && $0.error.isEmpty })
        }
    }

    @Test func remembersWhoComputedWhat() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            let store = try Store(in: folder, for: .running)
            var computed = sweep.computed(block: 3)
            computed.processorType = "AMD EPYC 9R14"
            computed.blas = "OpenBLAS 0.3.21 Zen"
            try store.run(sweep, [computed])
            let line = try store.access { database in
                try String.fetchOne(
                    database,
                    sql: """
                        SELECT DISTINCT host || ' ' || pid || ' ' || finished_at || ' ' || width
                            || ' ' || status || ' ' || processor || ' ' || blas FROM cells
                        """)
            }
            #expect(
                line == """
                    node-7 4711 2023-11-14T22:13:20.000Z Inf ok AMD EPYC 9R14 \
                    OpenBLAS 0.3.21 Zen
                    """)
            let cost = try store.access { database in
                try String.fetchOne(
                    database, sql: "SELECT number || ' ' || seconds || ' ' || cells FROM tasks")
            }
            #expect(cost == "3 1.5 8")
        }
    }

    @Test func tellsTheProcessorsOfTheRowsThatAreWanted() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            func computed(_ block: Int, on name: String, status: Status = .ok) -> Computed {
                var computed = sweep.computed(block: block, status: status)
                computed.processorType = name
                return computed
            }
            let store = try Store(in: folder, for: .running)
            try store.run(
                sweep,
                [
                    computed(0, on: "A"), computed(1, on: "B"), computed(2, on: ""),
                    computed(3, on: "C", status: .failed),
                ])
            func names(_ sweep: Sweep) throws -> [String] {
                try store.stored(of: sweep).processorTypes.map(\.name).sorted()
            }
            #expect(try names(sweep) == ["A", "B"])
            let seed = sweep.grid[sweep.computed(block: 0).rows[0].cell].seed
            #expect(try names(smallSweep(seed: [seed])) == ["A"])
            #expect(try names(smallSweep(metrics: [.oracleAngle])) == [])
        }
    }

    @Test func exportsLargeSlabs() throws {
        try withFolder { folder in
            // More cells in one (width, sample size) than a slab may have, so that further axes are
            // fixed, and axes that don't ascend.
            let sweep = smallSweep(
                width: [.finite(3)], sampleSize: [9, 8],
                softRatio: (0..<50).map { 1 - Double($0) / 50 },
                ridge: (0..<4).map { Double($0) }, seed: (0..<800).reversed(), metrics: [])
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, [5, 799, 300].map { sweep.computed(block: $0) })
            let expected = [5, 799, 300].flatMap { sweep.computed(block: $0).rows.map(\.cell) }
            #expect(try store.rows().map(\.cell) == expected.sorted())
        }
    }
}

extension Store {
    func count(_ table: String) throws -> Int {
        try access { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)")! }
    }
}
