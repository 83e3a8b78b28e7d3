import Foundation
import Synchronization
import Testing

@testable import Results

struct RelayTests {
    private struct Failure: Error, Equatable {}

    @Test("Jobs are done in their order, all of them before it finishes")
    func order() throws {
        let relay = Relay()
        let done = Mutex<[Int]>([])
        for job in 0..<100 {
            try relay.handOver {
                // Longer than handing over takes, so that jobs wait in a line.
                usleep(100)
                done.withLock { $0.append(job) }
            }
        }
        try relay.finish()
        #expect(done.withLock { $0 } == Array(0..<100))
    }

    @Test("Who hands over the next job learns that one has failed, and nothing is done after it")
    func failure() throws {
        let relay = Relay()
        let done = Atomic(0)
        try relay.handOver { throw Failure() }
        #expect(throws: Failure()) { try relay.handOver { done.add(1, ordering: .relaxed) } }
        #expect(throws: Failure()) { try relay.finish() }
        #expect(done.load(ordering: .relaxed) == 0)
    }
}
