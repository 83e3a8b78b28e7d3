import Seeded
import Testing

@testable import Scheduling

/// Tasks are given out round by round, a round for each seed of a sweep.
@Suite struct RoundTests {
    /// A run with workers that all come at once and whose messages take no time.
    private struct Run {
        /// When the last task was finished, in seconds.
        var end = 0.0
        /// For each length of a task: how many rounds were finished when half of the work was.
        var halfway: [Int] = []
    }

    /// What a sweep of kernels that take so long asks for.
    private struct Load: CustomStringConvertible {
        /// Seconds of each kind of kernel, and how many blocks of each there are for a seed.
        var lengths: [Double]
        var seeds: Int
        var workers: Int
        var description: String { "\(lengths.count) kinds, \(seeds) seeds, \(workers) workers" }

        init(_ generator: inout SeededGenerator) {
            // Widths grow by powers of two, and so does the time; an infinite width is in between.
            let longest = Double.random(in: 0.5...200, using: &generator)
            let ratio = Double.random(in: 1.1...8, using: &generator)
            lengths = (0..<Int.random(in: 1...8, using: &generator)).map { kind in
                longest / (0..<kind).reduce(1.0) { product, _ in product * ratio }
            }
            seeds = [4, 8, 16, 32, 64].randomElement(using: &generator)!
            workers = [1, 2, 4, 8, 16, 50].randomElement(using: &generator)!
        }
    }

    /// - Parameter byRounds: whether each seed is a round; else all are one, and the longest task is first.
    private func run(_ load: Load, byRounds: Bool, seed: Int) -> Run {
        var generator = SeededGenerator(seed: seed)
        var needs: [TaskID: Need] = [:]
        var seconds: [Double] = []
        let kinds = load.lengths.count
        for (kind, length) in load.lengths.enumerated() {
            for round in 0..<load.seeds {
                needs[kind * load.seeds + round] = Need(work: length, round: byRounds ? round : 0)
                // An estimate is wrong by up to a fifth.
                seconds.append(length * .random(in: 0.8...1.2, using: &generator))
            }
        }
        // No worker is ever silent here, so they needn't be heard often.
        var scheduler = Scheduler(
            needs: needs, settings: .init(silence: .seconds(10_000), expectedWorkers: load.workers),
            now: .zero)
        let workers = (1...load.workers).map { WorkerID(high: UInt64($0), low: 0) }
        var queues: [WorkerID: [TaskID]] = [:]
        var ends: [WorkerID: Double] = [:]
        var now = 0.0
        var result = Run()
        var finished = [Int](repeating: 0, count: kinds)
        var workDone = 0.0
        let work = load.lengths.reduce(0, +) * Double(load.seeds)
        func beginFirst(_ worker: WorkerID) {
            ends[worker] = queues[worker]?.first.map { now + seconds[$0] }
            if let task = queues[worker]?.first { handle(.started(task, by: worker)) }
        }
        func handle(_ event: Event) {
            for action in scheduler.handle(event, at: .seconds(now)) {
                switch action {
                case .assign(let task, let worker):
                    queues[worker, default: []].append(task)
                    if queues[worker]!.count == 1 { beginFirst(worker) }
                case .discard(let task, let worker):
                    let wasRunning = queues[worker]?.first == task
                    queues[worker]?.removeAll { $0 == task }
                    if wasRunning { beginFirst(worker) }
                default: break
                }
            }
        }
        for worker in workers { handle(.joined(worker, held: [], limits: Limits())) }
        var tick = 2000.0
        while !scheduler.isFinished {
            guard let (worker, end) = ends.min(by: { $0.value < $1.value }), end <= tick else {
                now = tick
                for worker in workers { handle(.heard(worker)) }
                handle(.ticked)
                tick += 2000
                continue
            }
            now = end
            let task = queues[worker]!.removeFirst()
            if scheduler.isOpen(task) {
                finished[task / load.seeds] += 1
                workDone += load.lengths[task / load.seeds]
                if workDone >= work / 2, result.halfway.isEmpty { result.halfway = finished }
                result.end = now
            }
            handle(.finished(task, by: worker))
            // An answer to the result may have begun the next task already.
            if ends[worker] == end { beginFirst(worker) }
        }
        return result
    }

    @Test("Round by round a run ends at most 5 % later than longest first")
    func theEnd() {
        var generator = SeededGenerator(seed: 7)
        var ratios: [Double] = []
        for seed in 0..<150 {
            let load = Load(&generator)
            let byRounds = run(load, byRounds: true, seed: seed)
            let byLength = run(load, byRounds: false, seed: seed)
            let ratio = byRounds.end / byLength.end
            ratios.append(ratio)
            #expect(ratio <= 1.05, "\(load): \(byRounds.end) s against \(byLength.end) s")
        }
        ratios.sort()
        let mean = ratios.reduce(0, +) / Double(ratios.count)
        print(
            "seeds first against longest first, \(ratios.count) runs: the end at \(mean) of the "
                + "time on average, \(ratios.last!) at the most")
    }

    @Test("Half way every kind of task has some of its rounds, where there are many rounds")
    func halfway() {
        var generator = SeededGenerator(seed: 8)
        for seed in 0..<25 {
            var load = Load(&generator)
            load.seeds = 64
            load.workers = min(load.workers, 4)
            let counts = run(load, byRounds: true, seed: seed).halfway
            #expect(counts.min()! >= 20, "\(load): \(counts)")
        }
    }
}
