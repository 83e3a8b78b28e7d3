import Foundation
import Scheduling
import Testing
import Waiting

@testable import Cluster

/// What a worker's solver begins together, and what it says of it.
@Suite(.ownThread, .timeLimit(.minutes(5))) struct SolverTests {
    private func numbers(_ work: Exchange.Batch?) -> [TaskID]? {
        switch work {
        case .solve(let blocks): blocks.map(\.number)
        case .prepare, .attach, nil: nil
        }
    }

    @Test func tasksAreTakenTogetherUnlessOneIsToBeAlone() throws {
        let exchange = try Exchange()
        exchange.add(.prepare(sweep, threads: 1))
        for number in 0..<5 { exchange.add(.solve(blocks[number], alone: number == 2)) }
        exchange.cancel(3)
        guard case .prepare = exchange.takeWork(most: 16) else {
            Issue.record("what comes first is taken first")
            return
        }
        #expect(numbers(exchange.takeWork(most: 16)) == [0, 1])
        #expect(numbers(exchange.takeWork(most: 16)) == [2])
        exchange.add(.solve(blocks[3], alone: false))
        #expect(numbers(exchange.takeWork(most: 1)) == [4])
        #expect(numbers(exchange.takeWork(most: 1)) == [3])
        exchange.close()
        #expect(exchange.takeWork(most: 1) == nil)
    }

    @Test(arguments: [
        (1, Duration.seconds(1), 1), (1, .milliseconds(1), 1), (1, .microseconds(100), 10),
        (1, .microseconds(1), 16), (1, .zero, 16), (16, .microseconds(3200), 5),
        (16, .seconds(1), 1),
    ])
    func asManyAreBegunTogetherAsTakeAMillisecond(
        count: Int, time: Duration, together: Int
    ) {
        var pace = Pace()
        #expect(pace.together == 1)
        pace.note(count, took: time)
        #expect(pace.together == together)
    }

    /// A solver at work on these tasks: what it says, in order, as "began 3" and "solved 3".
    private func transcript(of jobs: [Exchange.Job], _ solve: @escaping @Sendable () -> Void) throws
        -> [String]
    {
        let exchange = try Exchange()
        defer { exchange.close() }
        exchange.add(.prepare(sweep, threads: 1))
        for job in jobs { exchange.add(job) }
        Solver(exchange: exchange) { _, _ in
            FixtureSolver {
                solve()
                return rows(of: $0)
            }
        }.start()
        var said: [String] = []
        while said.count < 2 * jobs.count {
            let events = exchange.takeEvents()
            for event in events {
                switch event {
                case .began(let task, fixtureDigest): said.append("began \(task)")
                case .solved(let rows): said.append("solved \(rows.task)")
                default: Issue.record("\(event)")
                }
            }
            if events.contains(where: \.isBeginning) { exchange.confirmBeginning() }
            usleep(100)
        }
        return said
    }

    /// How many are begun together depends on how busy the machine is, so it may take a few tries.
    @Test func shortTasksAreBegunTogetherAfterTheFirstAndASuspectByItself() throws {
        let jobs = (0..<6).map { Exchange.Job.solve(blocks[$0], alone: $0 == 4) }
        var wereTogether = false
        for _ in 0..<50 where !wereTogether {
            let said = try transcript(of: jobs) {}
            #expect(said.prefix(2) == ["began 0", "solved 0"])
            #expect(said.filter { $0.hasPrefix("solved") } == (0..<6).map { "solved \($0)" })
            let suspect = try #require(said.firstIndex(of: "began 4"))
            #expect(said[suspect - 1] == "solved 3" && said[suspect + 1] == "solved 4")
            wereTogether =
                said[2..<8] == [
                    "began 1", "began 2", "began 3", "solved 1", "solved 2", "solved 3",
                ]
        }
        #expect(wereTogether)
    }

    @Test func longTasksAreBegunOneByOne() throws {
        let jobs = (0..<3).map { Exchange.Job.solve(blocks[$0], alone: false) }
        // How long a task takes is what is tested.
        #expect(
            try transcript(of: jobs) { usleep(5_000) } == [
                "began 0", "solved 0", "began 1", "solved 1", "began 2", "solved 2",
            ])
    }
}
