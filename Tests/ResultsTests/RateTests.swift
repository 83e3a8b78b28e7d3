import Foundation
import Sweep
import Testing

@testable import Results

@Suite struct RateTests {
    /// No bound is asserted but a generous one: the machine may be busy, the build unoptimised.
    @Test func storesAndExportsManyRows() throws {
        let sweep = smallSweep(
            sampleSize: (1...25).map { 8 * $0 }, softRatio: (0..<50).map { Double($0) / 49 },
            seed: Array(0..<20), metrics: Metric.allCases)
        #expect(sweep.grid.count == 100_000)
        let tasks = (0..<sweep.blockCount).map { block in
            sweep.computed(block: block) { 1 / (Double($0) + Double($1.rawValue.utf8.count)) }
        }
        try withFolder { folder in
            let clock = ContinuousClock()
            let store = try Store(in: folder, for: .running)
            try store.begin(sweep, at: Date(timeIntervalSince1970: 0))
            let insertion = try clock.measure { for task in tasks { try store.insert([task]) } }
            var stored: CellSet?
            let resumption = try clock.measure { stored = try store.stored(of: sweep).cells }
            #expect(stored?.count == 100_000)
            var tally: Tally?
            let export = try clock.measure { tally = try store.export(to: folder) }
            #expect(tally == Tally(ok: 100_000))
            print("100,000 rows: stored \(insertion), looked up \(resumption), exported \(export)")
            #expect(insertion + resumption + export < .seconds(60))
        }
    }
}
