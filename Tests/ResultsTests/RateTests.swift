import Foundation
import Sweep
import Testing

@testable import Results

@Suite struct RateTests {
    private struct Times {
        var insertion, resumption, export: Duration
    }

    /// Stores, looks up and exports 5,000 rows a seed.
    private func times(seeds: Int) throws -> Times {
        let sweep = smallSweep(
            sampleSize: (1...25).map { 8 * $0 }, softRatio: (0..<50).map { Double($0) / 49 },
            seed: Array(0..<seeds), metrics: Metric.allCases)
        let count = 5000 * seeds
        #expect(sweep.grid.cellCount == count)
        let tasks = (0..<sweep.blockCount).map { block in
            sweep.computed(block: block) { 1 / (Double($0) + Double($1.rawValue.utf8.count)) }
        }
        return try withFolder { folder in
            let clock = ContinuousClock()
            let store = try Store(in: folder, for: .running)
            try store.begin(sweep, at: Date(timeIntervalSince1970: 0))
            let insertion = try clock.measure { for task in tasks { try store.insert([task]) } }
            var stored: CellSet?
            let resumption = try clock.measure { stored = try store.stored(of: sweep).cells }
            #expect(stored?.count == count)
            var tally: StatusCounts?
            let export = try clock.measure { tally = try store.export(to: folder) }
            #expect(tally == StatusCounts(ok: count))
            return Times(insertion: insertion, resumption: resumption, export: export)
        }
    }

    @Test("Ten times the rows take some ten times as long, whatever else the machine does")
    func growth() throws {
        let (few, many) = (try times(seeds: 2), try times(seeds: 20))
        let ratios = [
            many.insertion / few.insertion, many.resumption / few.resumption,
            many.export / few.export,
        ]
        print("100,000 rows against 10,000: stored, looked up and exported \(ratios) times as long")
        // A cost that grew with the square would be a hundred.
        #expect(ratios.allSatisfy { $0 < 40 }, "\(ratios)")
    }
}
