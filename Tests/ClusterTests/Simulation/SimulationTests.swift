import Scheduling
import Seeded
import Testing

@testable import Cluster

/// The whole protocol, in the bytes that travel. Seeds replay exactly: narrow the arguments to the
/// one that fails and read its trace.
@Suite struct SimulationTests {
    @Test(arguments: 0..<600)
    func everyTaskEndsOnceWhateverHappens(seed: Int) {
        var simulation = Simulation(troubled: seed)
        simulation.run()
        #expect(simulation.complaints.isEmpty, "\(simulation.trace)")
    }

    @Test(arguments: 0..<300)
    func everyTaskEndsOnceUnderTheSweepThatTheLastCoordinatorHas(seed: Int) {
        var simulation = Simulation(edited: seed)
        simulation.run()
        #expect(simulation.complaints.isEmpty, "\(simulation.trace)")
    }

    @Test(arguments: 0..<300)
    func everyTaskEndsOnceWhereResultsAskForMore(seed: Int) {
        var simulation = Simulation(growing: seed)
        simulation.run()
        #expect(simulation.complaints.isEmpty, "\(simulation.trace)")
        #expect(simulation.growths > 0)
    }

    @Test(arguments: 0..<100)
    func poisonKillsAsOftenAsIsAllowedAndHarmsNobodyElse(seed: Int) {
        var simulation = Simulation(poisoned: seed)
        simulation.run()
        #expect(simulation.complaints.isEmpty, "\(simulation.trace)")
        // One more where the news of a death overtook the word that the task had been started.
        #expect(simulation.victims.values.allSatisfy { 3...4 ~= $0 }, "\(simulation.victims)")
        #expect(!simulation.victims.isEmpty)
    }

    @Test(arguments: 0..<200)
    func everyTaskEndsOnceAtAWorkerThatCanDoIt(seed: Int) {
        var simulation = Simulation(limited: seed)
        simulation.run()
        #expect(simulation.complaints.isEmpty, "\(simulation.trace)")
    }

    @Test func manyOfThoseRunsHaveTasksThatFitNobodyForAWhile() {
        let said = (0..<30).count { seed in
            var simulation = Simulation(limited: seed)
            simulation.run()
            return simulation.misfitsSaid > 0
        }
        #expect(said > 10, "\(said) of 30")
    }

    @Test func thoseRunsHaveResultsThatCountInPartAndSolvesOfAnotherSweep() {
        var (parts, lateSolves) = (0, 0)
        for seed in 0..<200 {
            var simulation = Simulation(edited: seed)
            simulation.run()
            parts += simulation.parts
            lateSolves += simulation.lateSolves
        }
        #expect(parts > 10 && lateSolves > 100, "\(parts) parts, \(lateSolves) late solves")
    }

    @Test(arguments: 0..<60)
    func whereNoLargerWorkerCanComeWhatIsTooLargeFailsAndAllElseEnds(seed: Int) {
        var simulation = Simulation(equal: seed)
        simulation.run()
        #expect(simulation.complaints.isEmpty, "\(simulation.trace)")
    }

    @Test(arguments: 0..<20)
    func aSeedReplaysExactly(seed: Int) {
        var (first, second) = (Simulation(troubled: seed), Simulation(troubled: seed))
        first.run()
        second.run()
        #expect(first.trace == second.trace)
    }
}

extension Simulation {
    /// Some of everything: up to nine troubles in the first half minute, fewer than the crash limit,
    /// so that only a poisonous task may reach that.
    init(troubled seed: Int) { self.init(seed: seed, stock: .unlimited) }

    /// As troubled, and workers with limits; from the 40th second on new ones have enough of all.
    init(limited seed: Int) { self.init(seed: seed, stock: .limited(until: .seconds(40))) }

    /// As troubled, and some tasks need more than the 4 GB that every worker has.
    init(equal seed: Int) { self.init(seed: seed, stock: .equal(4e9)) }

    private init(seed: Int, stock: Stock) {
        var generator = SeededGenerator(seed: seed)
        var tasks = Self.tasks(
            count: .random(in: 0...30, using: &generator), poisonous: 0.06, &generator)
        if case .unlimited = stock {
        } else {
            for id in tasks.keys.sorted() {
                tasks[id]!.memory = [0, 1e9, 1.5e9, 4e9, 8e9].randomElement(using: &generator)!
            }
        }
        var troubles: [(Duration, Trouble)] = []
        for _ in 0..<Int.random(in: 0...9, using: &generator) {
            let trouble = Trouble.allCases.randomElement(using: &generator)!
            troubles.append((generator.seconds(0...30), trouble))
        }
        self.init(
            tasks: tasks, workers: .random(in: 1...6, using: &generator), troubles: troubles,
            crashLimit: 10, stock: stock, generator: generator)
    }

    /// As edited, but a few tasks at a time: the next are wanted once those before are stored. A later coordinator may
    /// find that they aren't, and that workers hold tasks which nobody wants yet.
    init(growing seed: Int) { self.init(edited: seed, rounds: 2...5) }

    /// Mostly coordinators that are killed, and followed by others that have another sweep, other threads
    /// or another store.
    init(edited seed: Int) { self.init(edited: seed, rounds: 1...1) }

    private init(edited seed: Int, rounds: ClosedRange<Int>) {
        var generator = SeededGenerator(seed: seed)
        let tasks = Self.tasks(
            count: .random(in: 5...30, using: &generator), poisonous: 0.03, &generator)
        let others: [Trouble] = [
            .restartWithThreads, .restartWithSeed, .restartMended, .restartElsewhere,
            .restartElsewhere, .slowReports, .slowOrders, .cut, .kill,
        ]
        let troubles = (0..<Int.random(in: 2...8, using: &generator)).map { _ in
            (generator.seconds(0...20), others.randomElement(using: &generator)!)
        }
        self.init(
            tasks: tasks, workers: .random(in: 1...6, using: &generator), troubles: troubles,
            crashLimit: 10, stock: .unlimited,
            roundSize: rounds == 1...1
                ? .max
                : max(1, tasks.count / Int.random(in: rounds, using: &generator)),
            generator: generator)
    }

    /// No other trouble than poisonous tasks.
    init(poisoned seed: Int) {
        var generator = SeededGenerator(seed: seed)
        var tasks = Self.tasks(count: 20, poisonous: 0.1, &generator)
        tasks[90] = Task(nature: .poisonous, cost: 5, duration: .zero)
        self.init(
            tasks: tasks, workers: .random(in: 1...6, using: &generator), troubles: [],
            crashLimit: 3, generator: generator)
    }

    private static func tasks(
        count: Int, poisonous: Double, _ generator: inout SeededGenerator
    ) -> [TaskID: Task] {
        var tasks: [TaskID: Task] = [:]
        for index in 0..<count {
            let duration = generator.seconds(generator.chance(0.5) ? 0...0.05 : 0...6)
            let error = Double.random(in: 0.5...2, using: &generator)
            let nature: Nature =
                generator.chance(poisonous)
                ? .poisonous : generator.chance(0.1) ? .singular : .healthy
            tasks[3 * index] = Task(
                nature: nature, cost: duration / .seconds(1) * error, duration: duration)
        }
        return tasks
    }
}
