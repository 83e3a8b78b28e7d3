import Foundation
import Testing

@testable import Results
@testable import Sweep

@Suite struct ProvenanceTests {
    private let sweep = smallSweep()

    private func computed(
        _ block: Int, host: String, processor: String, threads: Int = 1, at seconds: Double,
        status: Status = .ok
    ) -> Computed {
        var computed = sweep.computed(
            block: block, status: status, error: status == .failed ? "why \(block % 2)" : "")
        (computed.host, computed.processorType, computed.blas) = (host, processor, "OpenBLAS")
        computed.threads = threads
        computed.finishedAt = Date(timeIntervalSince1970: seconds)
        return computed
    }

    @Test("Which processors computed what, in which runs of which builds, when and for how long")
    func provenance() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.begin(sweep, at: Date(timeIntervalSince1970: 50), build: "0.1")
            try store.insert([
                computed(0, host: "a", processor: "fast", at: 100),
                computed(1, host: "b", processor: "fast", at: 110),
            ])
            try store.begin(sweep, at: Date(timeIntervalSince1970: 200), build: "0.2")
            try store.insert([
                computed(2, host: "a", processor: "slow", threads: 2, at: 210),
                computed(3, host: "c", processor: "slow", threads: 2, at: 220, status: .failed),
            ])
            let found = try Store(in: folder, for: .reading).provenance()
            #expect(found.runs == 2 && found.builds == ["0.1", "0.2"])
            #expect(found.begunAt == Date(timeIntervalSince1970: 50))
            #expect(
                found.finishedAt == Date(timeIntervalSince1970: 210), "what failed is no result")
            #expect(found.parts.map(\.tasks) == [2, 1] && found.parts.map(\.cells) == [16, 8])
            #expect(
                found.parts[0].processorType?.name == "fast" && found.parts[0].hosts == ["a", "b"])
            #expect(found.parts[1].threads == 2 && found.parts[1].seconds == 1.5)
            // A sweep with fewer axes' values is of fewer tasks.
            var fewer = sweep
            fewer.grid.seed = [0]
            fewer.grid.width = [.infinite]
            try store.begin(fewer, at: Date(timeIntervalSince1970: 300), build: "0.3")
            #expect(try store.provenance().parts.map(\.tasks) == [1])
            let other = smallSweep(oracleSamples: 65)
            try store.begin(other, at: Date(timeIntervalSince1970: 400))
            #expect(try store.provenance() == Provenance(), "another sweep has no result yet")
        }
    }

    @Test("How cells ended, and the reasons of those that failed, the most frequent first")
    func counts() throws {
        try withFolder { folder in
            let store = try Store(in: folder, for: .running)
            try store.begin(sweep, at: Date(timeIntervalSince1970: 0))
            try store.insert([
                computed(0, host: "a", processor: "p", at: 1, status: .failed),
                computed(1, host: "a", processor: "p", at: 1, status: .failed),
                computed(3, host: "a", processor: "p", at: 1, status: .failed),
            ])
            let (statuses, failures) = try store.counts()
            #expect(statuses == StatusCounts(failed: 24, missing: 8))
            #expect(failures.map(\.reason) == ["why 1", "why 0"])
            #expect(failures.map(\.cells) == [16, 8])
            #expect(failures[1].first == 0)
            #expect(try store.export(to: folder) == statuses)
        }
    }
}
