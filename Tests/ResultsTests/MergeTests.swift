import Foundation
import Sweep
import Testing

import class GRDB.Database

@testable import Results

/// Sweeps of other metrics, run into one folder: what was computed stays.
@Suite struct MergeTests {
    private let risks = smallSweep(metrics: [.transferRisk])
    private let norms = smallSweep(metrics: [.weightNorm])
    private let both = smallSweep(metrics: [.transferRisk, .weightNorm])

    private func computed(_ sweep: Sweep, _ block: Int, plus: Double = 0) -> Computed {
        sweep.computed(block: block, value: { Double($0) + ($1 == .weightNorm ? 100 : 0) + plus })
    }

    /// A folder in which the risks of all blocks were computed first, then the norms of the first.
    private func withMerged(_ body: (ResultsFolder, Store) throws -> Void) throws {
        try withFolder { folder in
            try Store(in: folder, for: .running).run(risks, (0..<4).map { computed(risks, $0) })
            let store = try Store(in: folder, for: .running)
            try store.run(norms, [computed(norms, 0)])
            try body(folder, store)
        }
    }

    @Test func whatWasComputedStays() throws {
        try withMerged { _, store in
            #expect(try store.stored(of: risks).cells.count == 32)
            #expect(try store.stored(of: norms).cells.count == 8)
            #expect(try store.stored(of: both).cells.count == 8)
            try store.begin(both, at: Date())
            let rows = try store.rows()
            #expect(rows.count == 8)
            #expect(rows.allSatisfy { $0.values == [Double($0.cell), Double($0.cell) + 100] })
        }
    }

    @Test func theStoreSaysWhichTaskBroughtWhat() throws {
        try withMerged { _, store in
            // With those that no limit of training has.
            let idle = Schema.idle(.linearised, .infinite)
            let (risk, norm) = (
                Schema.mask([.transferRisk]) | idle, Schema.mask([.weightNorm]) | idle
            )
            let origins = try store.lines(
                "SELECT task || ' ' || metrics || ' ' || count(*) FROM origins GROUP BY task, metrics"
            )
            #expect(
                origins == [
                    "1 \(Schema.mask([.transferRisk])) 8", "2 \(risk) 8", "3 \(risk) 8",
                    "4 \(risk) 8", "5 \(norm) 8",
                ])
            #expect(
                try store.lines(
                    "SELECT computations || ' ' || count(*) FROM cells GROUP BY computations")
                    == ["1 24", "2 8"])
            // Both anew: nothing is left of the earlier ones.
            try store.run(
                smallSweep(metrics: [.transferRisk, .weightNorm, .studentError]),
                [
                    smallSweep(metrics: [.transferRisk, .weightNorm, .studentError]).computed(
                        block: 0)
                ])
            #expect(try store.lines("SELECT count(*) FROM earlier") == ["0"])
        }
    }

    @Test func threeComputationsEachKeepTheirOwn() throws {
        try withMerged { _, store in
            let third = smallSweep(metrics: [.studentError, .weightNorm])
            try store.run(third, [third.computed(block: 0, value: { c, _ in Double(c) / 8 })])
            let masks = try store.lines(
                "SELECT DISTINCT task || ' ' || metrics FROM origins WHERE task IN (1, 5, 6) ORDER BY task"
            )
            #expect(
                masks == [
                    "1 \(Schema.mask([.transferRisk]))",
                    "6 \(Schema.mask([.studentError, .weightNorm]) | Schema.idle(.linearised, .infinite))",
                ])
        }
    }

    @Test func aRepeatChangesNothing() throws {
        try withMerged { _, store in
            #expect(try store.insert([computed(norms, 0, plus: 1)]) == 0)
            #expect(try store.lines("SELECT count(*) FROM origins WHERE task = 5") == ["8"])
            try store.begin(both, at: Date())
            #expect(try store.rows()[0].values == [0, 100])
        }
    }

    @Test func anotherStatusReplacesTheWhole() throws {
        try withFolder { folder in
            try Store(in: folder, for: .running).run(risks, [computed(risks, 0)])
            let store = try Store(in: folder, for: .running)
            let teachers = smallSweep(metrics: [.teacherError])
            try store.run(teachers, [teachers.computed(block: 0, status: .singular)])
            #expect(try store.stored(of: risks).cells.count == 0, "a singular row has no risk")
            #expect(try store.lines("SELECT count(*) FROM earlier") == ["0"])
            #expect(try store.lines("SELECT count(transfer_risk) FROM rows") == ["0"])
        }
    }
}

/// Where the store lies, and what becomes of it when it doesn't any more.
@Suite struct PlacementTests {
    private let sweep = smallSweep()

    private func withRun(_ body: (ResultsFolder, Store) throws -> Void) throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, [sweep.computed(block: 0)])
            try store.checkPlace()
            try body(folder, store)
        }
    }

    /// What the store says when it is to take the next rows.
    private func refusal(of store: Store) throws -> String {
        let error = #expect(throws: ResultsError.self) {
            try store.insert([sweep.computed(block: 1)])
        }
        return "\(try #require(error))"
    }

    @Test func whatWasStoredIsWrittenAnewWhereTheFolderWasDeleted() throws {
        try withRun { folder, store in
            try FileManager.default.removeItem(at: folder.url)
            #expect(try refusal(of: store).contains("has been written there anew"))
            let again = try Store(in: folder, for: .running)
            #expect(try again.stored(of: sweep).cells.count == 8)
            #expect(try again.rows() == sweep.computed(block: 0).rows.sorted { $0.cell < $1.cell })
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
                    .allSatisfy { !$0.contains(".partial") })
        }
    }

    @Test func aMovedStoreKeepsItsRowsAndTheyAreInItsPlaceToo() throws {
        try withRun { folder, store in
            let aside = folder.url.appendingPathExtension("aside")
            try FileManager.default.moveItem(at: folder.url, to: aside)
            defer { try? FileManager.default.removeItem(at: aside) }
            #expect(try refusal(of: store).contains("has been written there anew"))
            #expect(try Store(in: folder, for: .reading).stored(of: sweep).cells.count == 8)
        }
    }

    @Test func anotherStoreInItsPlaceIsLeftAsItIs() throws {
        try withRun { folder, store in
            try FileManager.default.removeItem(at: folder.url)
            try Store(in: folder, for: .running).run(
                sweep, [2, 3].map { sweep.computed(block: $0) })
            let before = try Data(contentsOf: folder.store)
            #expect(try refusal(of: store).contains("left as it is"))
            #expect(try Data(contentsOf: folder.store) == before)
        }
    }
}

extension Store {
    fileprivate func lines(_ sql: String) throws -> [String] {
        try access { try String.fetchAll($0, sql: sql) }
    }
}
