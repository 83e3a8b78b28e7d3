import Testing

@testable import Scheduling

let (a, b, c) = (worker(0xa), worker(0xb), worker(0xc))

func worker(_ number: UInt64) -> WorkerID { WorkerID(high: number << 32, low: 0) }

/// A scheduler that is told events at given seconds, each with all the actions that must come.
struct Transcript {
    private(set) var scheduler: Scheduler
    private var now = 0.0

    /// Tasks 0, 1, ... of these costs.
    init(_ costs: Double..., settings: Scheduler.Settings = .init()) {
        self.init(
            Dictionary(uniqueKeysWithValues: costs.enumerated().map { ($0, $1) }),
            settings: settings)
    }

    /// Tasks 0, 1, ... of this work and memory, in GB.
    init(
        needs first: (work: Double, gigabytes: Double),
        _ more: (work: Double, gigabytes: Double)...,
        settings: Scheduler.Settings = .init()
    ) {
        let needs = ([first] + more).map { Need(work: $0.work, memory: $0.gigabytes * 1e9) }
        scheduler = Scheduler(
            needs: Dictionary(uniqueKeysWithValues: needs.enumerated().map { ($0, $1) }),
            settings: settings, now: .zero)
    }

    init(
        _ costs: [TaskID: Double], unwanted: Set<TaskID> = [],
        settings: Scheduler.Settings = .init()
    ) {
        scheduler = Scheduler(
            needs: costs.mapValues { Need(work: $0) }, unwanted: unwanted, settings: settings,
            now: .zero)
    }

    mutating func at(
        _ seconds: Double, _ event: Event, _ actions: Action...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        now = seconds
        #expect(
            scheduler.handle(event, at: .seconds(seconds)) == actions,
            sourceLocation: sourceLocation)
        if case .finished(let task, _) = event {
            #expect(!scheduler.isOpen(task), sourceLocation: sourceLocation)
        }
    }

    /// Each second until then, time passes and these workers are heard; nothing is to be done.
    mutating func wait(
        until seconds: Double, hearing workers: WorkerID...,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        while now + 1 <= seconds {
            now += 1
            for event in workers.map({ .heard($0) }) + [Event.ticked] {
                #expect(
                    scheduler.handle(event, at: .seconds(now)) == [],
                    sourceLocation: sourceLocation)
            }
        }
    }
}

extension Scheduler {
    /// A scheduler of tasks that any worker has memory for, of this expected work each.
    init(costs: [TaskID: Double], settings: Settings = Settings(), now: Duration) {
        self.init(needs: costs.mapValues { Need(work: $0) }, settings: settings, now: now)
    }
}
