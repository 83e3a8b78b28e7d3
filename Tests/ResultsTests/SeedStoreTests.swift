import Foundation
import Testing

@testable import Results
@testable import Sweep

/// Stores of sweeps whose seeds follow a precision.
@Suite struct SeedStoreTests {
    /// 2 families of 4 cells a seed. The wider one's standard errors are half the other's.
    private static func sweep(
        error: Double, atLeast: Int = 2, atMost: Int = 12, metrics: [Metric] = [.transferRisk]
    ) -> Sweep {
        let plain = smallSweep(
            sampleSize: [16], seed: Array(0..<atMost), metrics: metrics)
        return Sweep(
            name: plain.name, settings: plain.settings, grid: plain.grid, metrics: plain.metrics,
            precision: Precision(
                atLeast: atLeast, targets: [.init(metric: .transferRisk, error: error)]))
    }

    private static func value(_ sweep: Sweep) -> (Int, Metric) -> Double {
        { cell, _ in
            let (family, seed) = sweep.grid.familyAndSeed(ofCell: cell)
            return Double(seed % 2) / (family == 0 ? 1 : 2)
        }
    }

    private static func computed(_ sweep: Sweep, _ block: Int, _ status: Status = .ok) -> Computed {
        sweep.computed(
            block: block, status: status, error: status == .failed ? "why" : "",
            value: value(sweep))
    }

    /// Stores what a run stores that begins with what is there, `failing` blocks as failed.
    ///
    /// - Returns: the numbers of the blocks that were computed.
    @discardableResult
    private static func run(
        _ store: Store, _ sweep: Sweep, failing: Set<Int> = []
    ) throws -> [Int] {
        try store.begin(sweep, at: Date(timeIntervalSince1970: 0))
        let stored = try store.stored(of: sweep)
        func isMissing(_ block: Int) -> Bool {
            sweep.block(block).narrowed { !stored.cells.contains($0) } != nil
        }
        var wanted = (0..<sweep.blockCount).filter(store.sweep!.grid.hasBlock).filter(isMissing)
        var all: [Int] = []
        while !wanted.isEmpty {
            for block in wanted {
                let status: Status = failing.contains(block) ? .failed : .ok
                try store.insert([computed(sweep, block, status)])
            }
            all += wanted
            wanted = store.extendSeeds().filter(isMissing)
        }
        return all
    }

    private static func csvs(_ folder: ResultsFolder) throws -> [String] {
        _ = try Store(in: folder, for: .reading).export(to: folder, processors: 1)
        return try [folder.cells, folder.summary].map { try text($0) }
    }

    @Test("A run gives each family its own number of seeds, and a reader finds the same")
    func course() throws {
        try withFolder { folder in
            let sweep = Self.sweep(error: 0.2)
            let store = try Store(in: folder, for: .running)
            try Self.run(store, sweep)
            // Standard errors are 1 / (2 sqrt(k - 1)) for even k: 0.5 of two seeds and 0.19 of eight. Of the second
            // family they are half of that: 0.25 of two, so 1.5625 times as many are asked for, and 0.14 of four.
            let counts = try #require(store.sweep?.grid.seedCounts)
            #expect(counts == [8, 4])
            #expect(store.seedCourse?.isSettled == true)
            let reader = try Store(in: folder, for: .reading)
            #expect(reader.sweep?.grid.seedCounts == counts)
            #expect(try reader.rows().count == 4 * (counts[0] + counts[1]))
            #expect(reader.sweep?.grid.cellCount == 4 * (counts[0] + counts[1]))
        }
    }

    @Test(
        "Sharper continues, and has the rows of a run that asked for that at once; coarser again has the first's"
    )
    func sharper() throws {
        try withFolder { folder in
            try withFolder { other in
                let (coarse, sharp) = (Self.sweep(error: 0.25), Self.sweep(error: 0.14))
                let first = try Self.run(Store(in: folder, for: .running), coarse)
                let coarseRows = try Store(in: folder, for: .reading).rows()
                let second = try Self.run(Store(in: folder, for: .running), sharp)
                #expect(!first.isEmpty && !second.isEmpty && Set(first).isDisjoint(with: second))
                let once = try Self.run(Store(in: other, for: .running), sharp)
                #expect(Set(once) == Set(first + second))
                let sharpRows = try Store(in: folder, for: .reading).rows()
                #expect(try Store(in: other, for: .reading).rows() == sharpRows)
                #expect(try Self.csvs(folder) == (try Self.csvs(other)))
                let third = try Self.run(Store(in: folder, for: .running), coarse)
                #expect(third.isEmpty)
                #expect(try Store(in: folder, for: .reading).rows() == coarseRows)
                #expect(coarseRows.count < sharpRows.count)
            }
        }
    }

    @Test("A failed cell has ended for a reader; a run tries it again, before its family goes on")
    func failures() throws {
        try withFolder { folder in
            let sweep = Self.sweep(error: 0.2)
            let failed = try Self.run(Store(in: folder, for: .running), sweep, failing: [1])
            let reader = try Store(in: folder, for: .reading)
            // Of the first family's two seeds one has failed, so nothing is known and no more are asked for.
            #expect(reader.sweep?.grid.seedCounts?[0] == 2)
            #expect(try reader.rows().count { $0.status == .failed } == 4)
            let again = try Self.run(Store(in: folder, for: .running), sweep)
            #expect(again.first == 1 && failed.contains(1))
            let healed = try Store(in: folder, for: .reading)
            #expect(healed.sweep!.grid.seedCounts![0] > 2)
            #expect(try healed.rows().allSatisfy { $0.status == .ok })
        }
    }

    @Test("Beside a run, or after one that was broken off, what is complete counts")
    func incomplete() throws {
        try withFolder { folder in
            let sweep = Self.sweep(error: 0.01)
            let store = try Store(in: folder, for: .running)
            try store.begin(sweep, at: Date(timeIntervalSince1970: 0))
            try store.insert([Self.computed(sweep, 0), Self.computed(sweep, 1)])
            #expect(store.extendSeeds() == Array(2..<8), "fourfold at most")
            try store.insert([Self.computed(sweep, 2), Self.computed(sweep, 9)])
            #expect(store.extendSeeds().isEmpty)
            let reader = try Store(in: folder, for: .reading)
            #expect(reader.sweep?.grid.seedCounts == [8, 2])
            // The row of a seed that nothing has asked for yet isn't shown.
            #expect(try reader.rows().count == 3 * 4)
            #expect(reader.seedCourse?.expectedCounts?[0] == 12)
        }
    }

    @Test("A row that lacks a metric of the sweep is of no seed")
    func metrics() throws {
        try withFolder { folder in
            try Self.run(Store(in: folder, for: .running), Self.sweep(error: 0.2))
            let both = Self.sweep(error: 0.2, metrics: [.transferRisk, .weightNorm])
            let store = try Store(in: folder, for: .running)
            try store.begin(both, at: Date(timeIntervalSince1970: 0))
            #expect(store.sweep?.grid.seedCounts == [2, 2])
            #expect(store.seedCourse?.expectedCounts == nil)
        }
    }
}
