import Foundation
import Synchronization
import Testing

/// Whatever is killed, stopped, started or asked to go, and when: the same bytes, each cell once.
///
/// A failing seed can be run alone; as far as processes and clocks allow it takes the same course.
struct ChaosTests {
    private static let seeds = 1...20
    /// Rounds that run at the same time, most of them waiting for something.
    private static let places = Places(6)
    private static let rounds = Mutex<[Round]>([])

    private struct Round {
        /// Those that came amid the work.
        var hits: [Trouble]
        var silences: Int
    }

    @Test("A troubled run writes an undisturbed one's bytes", arguments: seeds)
    func round(seed: Int) async throws {
        // Made before the clock runs.
        for sweep in TroubledSweep.allCases { _ = try sweep.reference() }
        await Self.places.take()
        defer { Self.places.leave() }
        let run = try await Self.onThreadOfItsOwn {
            try TroubledRun.through(Misfortune(seed: seed))
        }
        try Self.check(run, run.sweep.reference(isEdited: run.isEdited))
        print(
            "chaos \(seed): \(run.hits.count) troubles hit, \(run.silences) silences; "
                + run.story.last!)
        let round = Round(hits: run.hits, silences: run.silences)
        Self.checkSeverity(
            Self.rounds.withLock { rounds in
                rounds.append(round)
                return rounds
            })
    }

    private static func check(_ run: TroubledRun, _ reference: [String]) throws {
        let story = Comment(rawValue: run.story.joined(separator: "\n"))
        let stored = try StoredTasks(run.results)
        #expect(stored.rows == stored.cells, story)
        switch run.change {
        case .nothing, .sweep:
            #expect(try run.workspace.csvs("results/sweep") == reference, story)
        // Their last digits differ.
        case .threads:
            var (cells, expected) = (
                CSVTable(try run.workspace.read("results/sweep/cells.csv")), CSVTable(reference[0])
            )
            #expect(cells.rows.count == expected.rows.count)
            // A limit without a ridge has a small width's kernel, so near to singular that all digits are last ones.
            let isTold = { (row: [String: String]) in row["ridge"] != "0.0" || row["steps"] != "inf"
            }
            cells.rows = cells.rows.filter(isTold)
            expected.rows = expected.rows.filter(isTold)
            #expect(!expected.rows.isEmpty)
            let faults = cells.faults(against: expected, testSamples: 600)
            #expect(faults.isEmpty, "\(faults.prefix(10))")
        }
        if run.change != .sweep {
            let count = run.sweep.taskCount
            #expect(stored.rows == run.sweep.cellCount && stored.tasks.count == count, story)
            #expect(Set(stored.tasks.map(\.block)).count == count, story)
        }
        #expect(run.faults.isEmpty, story)
        // Of five.
        #expect(run.hits.count >= 3, story)
        // Nothing is left of keys and temporary files.
        let names = try FileManager.default.contentsOfDirectory(atPath: run.results.path)
        #expect(!names.contains(".coordinator.json"), "\(names)")
        #expect(!names.contains { $0.hasSuffix(".partial") }, "\(names)")
        let access = run.workspace.folder.appendingPathComponent("home/access").path
        #expect(try FileManager.default.contentsOfDirectory(atPath: access).isEmpty, story)
    }

    /// The tests' shared threads may all be waiting for something, while troubles have their time.
    private static func onThreadOfItsOwn<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            Thread { continuation.resume(with: Result { try body() }) }.start()
        }
    }

    /// After the last round: that the troubles were what they are meant to be.
    private static func checkSeverity(_ rounds: [Round]) {
        guard rounds.count == seeds.count else { return }
        func count(_ isMeant: (Trouble) -> Bool) -> Int {
            rounds.count { $0.hits.contains(where: isMeant) }
        }
        let workers = count { $0 == .workerKilled }
        let coordinators = count {
            if case .coordinatorKilled = $0 { true } else { false }
        }
        let silent = rounds.count { $0.silences > 0 }
        let hits = rounds.reduce(0) { $0 + $1.hits.count }
        print(
            """
            chaos: of \(rounds.count) rounds \(workers) had a worker and \(coordinators) a \
            coordinator killed amid the work, \(silent) were silent too long; \(hits) troubles in all
            """)
        #expect(workers >= rounds.count * 2 / 3 && coordinators >= rounds.count * 2 / 3)
        #expect(silent >= 1)
        #expect(hits >= 4 * rounds.count)
    }
}

/// A limited number of places; who finds none waits without keeping a thread.
private final class Places: Sendable {
    private struct State {
        var free: Int
        var queue: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    init(_ count: Int) { state = Mutex(State(free: count)) }

    func take() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                state.queue.append(continuation)
                return false
            }
            if isFree { continuation.resume() }
        }
    }

    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.queue.isEmpty {
                state.free += 1
                return nil
            }
            return state.queue.removeFirst()
        }
        next?.resume()
    }
}
