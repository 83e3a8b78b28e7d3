import Foundation
import Logging
import Scheduling
import Sweep
import Synchronization
import Testing
import ZeroMQ

@testable import Cluster

/// A sweep of 6 blocks of 8 cells, of three metrics.
let sweep = Sweep(
    name: "fixture",
    settings: Settings(
        learningTask: .gaussianMixture(
            GaussianMixture(dimension: 2, components: 2, spread: 1, separation: 1)),
        student: Student(activation: .relu, weightScale: 1, biasScale: 0),
        teacherNoise: .gaussian, hardLabelSmoothing: 0.001, oracleSamples: 16, testSamples: 16),
    grid: Grid(
        width: [.finite(4), .infinite], sampleSize: [4, 8], softRatio: [0, 1], teacherNoise: [0],
        temperature: [1], depth: [1], ridge: [0, 0.1], seed: [0, 1, 2]),
    metrics: [.transferRisk, .corrected, .kernelCondition])

let blocks = (0..<sweep.blockCount).map(sweep.block)
let fixtureDigest = sweep.digest

/// What is said under the fixture's sweep.
extension Report {
    static func heartbeat(held: [TaskID], finished: [TaskID] = [], seen: UInt64 = 0) -> Report {
        .heartbeat(
            Holdings(sweepDigest: fixtureDigest, held: held, finished: finished, seen: seen))
    }
    static func started(_ task: TaskID) -> Report { .started(task, of: fixtureDigest) }
    static func failure(_ task: TaskID, reason: String) -> Report {
        .failure(task, of: fixtureDigest, reason: reason)
    }
    static func release(_ task: TaskID) -> Report { .release(task, of: fixtureDigest) }
}

extension Workbench.Event {
    static func began(_ task: TaskID) -> Self { .began(task, of: fixtureDigest) }
    static func failed(_ task: TaskID, reason: String) -> Self {
        .failed(task, of: fixtureDigest, reason: reason)
    }
}

/// What a solver would find: numbers that tell cells and metrics apart, and some undefined ones.
func rows(of block: Block) -> [Row] {
    block.wanted.joined().map { place in
        let cell = block.cellNumber(at: place)
        let isSingular = cell.isMultiple(of: 5)
        return Row(
            cell: cell, status: isSingular ? .singular : .ok,
            values: isSingular
                ? [.nan, .nan, .nan]
                : [1 / Double(cell + 1), cell.isMultiple(of: 2) ? .nan : 0.5, Double(cell)])
    }
}

func packedRows(of block: Block) throws -> PackedRows {
    try PackedRows(
        rows(of: block), of: block, metrics: sweep.metrics, sweepDigest: fixtureDigest,
        seconds: 0.25,
        threads: 1)
}

let quiet: Logger = {
    var log = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
    log.logLevel = .critical
    return log
}()

/// Keeps what is logged.
final class RecordedLog: Sendable {
    private let recorded = Mutex<[String]>([])

    var lines: [String] { recorded.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(log: self) } }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        init(log: RecordedLog) { self.log = log }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            log.recorded.withLock { $0.append("\(event.level): \(event.message)") }
        }
    }
}

/// Short enough for tests, long enough for a busy machine.
let hasty = Timing(heartbeat: .milliseconds(50), silence: .milliseconds(500))

/// A computation on a thread of its own.
final class Background<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let ended = DispatchSemaphore(value: 0)

    init(_ body: @escaping @Sendable () throws -> Value) {
        let thread = Thread {
            let result = Result { try body() }
            self.result.withLock { $0 = result }
            self.ended.signal()
        }
        thread.start()
    }

    /// Waits for it; asked once.
    func value() throws -> Value {
        try #require(ended.wait(timeout: .now() + 30) == .success, "it doesn't end")
        return try result.withLock { try $0!.get() }
    }
}

/// Solves by a closure.
struct FixtureSolver: Solving {
    var willAttach: @Sendable (Data) -> Void = { _ in }
    let body: @Sendable (Block) throws -> [Row]

    func attach(_ bytes: Data, digest: String) { willAttach(bytes) }

    func solve(_ block: Block) throws -> [Row] { try body(block) }
}

/// A worker in this process, with the fixture's solver unless told otherwise.
func startWorker(
    at endpoint: String, timing: Timing = hasty, dismissal: Doorbell? = nil,
    lifeline: CInt? = nil, solve: @escaping @Sendable (Block) throws -> [Row] = rows
) throws -> Background<Worker.Ending> {
    let dismissal = try dismissal ?? Doorbell()
    return Background {
        let worker = try Worker(
            endpoint: endpoint, dismissal: dismissal, lifeline: lifeline, log: quiet,
            timing: timing, prepare: { _, _ in FixtureSolver(body: solve) })
        return try worker.run()
    }
}

/// A worker whose every word the test chooses.
struct Puppet: ~Copyable {
    private let socket: Socket
    let id = WorkerID(high: .random(in: 0 ... .max), low: 7)

    init(at endpoint: String, security: Security = .localOnly) throws {
        let socket = try Socket(
            .dealer, in: Context(),
            settings: .init(linger: .milliseconds(100), security: security, isMonitored: true))
        try socket.connect(to: endpoint)
        self.socket = socket
    }

    func say(_ report: Report) throws { try say(raw: report.encoded()) }

    func say(raw: [UInt8]) throws {
        try #require(try socket.send([raw]) != nil)
    }

    func sayHello(
        from machine: Machine = Machine(host: "puppet", pid: 1, cores: 1, memory: 1 << 40)
    ) throws {
        try say(
            .hello(
                Hello(
                    worker: id, sweepDigest: sweep.digest, held: [], finished: [],
                    machine: machine)))
    }

    /// The next order that is no heartbeat.
    func hear() throws -> Order {
        while true {
            try #require(try poll([.socket(socket)], for: .seconds(20)) == [true], "no order")
            let order = try Order(encoded: try #require(try socket.receive())[0])
            if case .heartbeat = order { continue }
            return order
        }
    }

    /// Whether the connection is lost in time.
    func isHungUpOn() throws -> Bool {
        for _ in 0..<2000 {
            if try socket.connectionEvents().contains(.lost) { return true }
            usleep(10_000)
        }
        return false
    }

    /// Passes over other orders until this one comes.
    func hearUntil(_ order: Order) throws -> Bool {
        while try hear() != order {}
        return true
    }

    /// Waits for tasks, answering nothing else.
    func hearAssignments(_ count: Int) throws -> [Assignment] {
        var assignments: [Assignment] = []
        while assignments.count < count {
            if case .assign(let assignment) = try hear() { assignments.append(assignment) }
        }
        return assignments
    }
}

/// What a coordinator stored, and how it ended.
struct Run: Sendable {
    var outcome: Coordinator.Outcome
    var stored: [Finished]
    var progress: Standing
    var seconds: Double

    var rows: [Row] { stored.flatMap(\.rows).sorted { $0.cell < $1.cell } }
}

/// A sweep's table under the digest that the sweep names, be it right or not.
func attachments(of sweep: Sweep, _ table: Data?) -> Attachments {
    table.map { [sweep.table!.digest: $0] } ?? [:]
}

/// Runs a coordinator over the fixture's sweep on a thread of its own.
func startCoordinator(
    at endpoint: String, as identity: Identity? = nil, sweep: Sweep = sweep, table: Data? = nil,
    blocks: [Block] = blocks, timing: Timing = hasty, crashLimit: Int? = 3, log: Logger = quiet,
    interrupt: Doorbell? = nil, workers: LocalLauncherPlan? = nil,
    announce: @escaping @Sendable (String) -> Void = { _ in },
    willStore: @escaping @Sendable ([Finished]) throws -> Void = { _ in },
    progress report: @escaping @Sendable (Standing) -> Void = { _ in }
) throws -> Background<Run> {
    let interrupt = try interrupt ?? Doorbell()
    return Background {
        var stored: [Finished] = []
        var progress: Standing?
        let watch = Stopwatch()
        let coordinator = try Coordinator(
            sweep: sweep, attachments: attachments(of: sweep, table), blocks: blocks, threads: 1,
            endpoint: endpoint,
            identity: identity,
            launcher: workers.map {
                LocalLauncher(executable: $0.executable, arguments: $0.arguments, count: $0.count)
            },
            crashLimit: crashLimit, timing: timing, interrupt: interrupt, log: log,
            store: { finished in
                try willStore(finished)
                stored += finished
            },
            progress: {
                progress = $0
                report($0)
            })
        announce(coordinator.endpoint)
        let outcome = try coordinator.run()
        return Run(
            outcome: outcome, stored: stored, progress: try #require(progress),
            seconds: watch.elapsed / .seconds(1))
    }
}

struct LocalLauncherPlan: Sendable {
    var executable: String
    var arguments: [String]
    var count: Int
}

/// What every complete run must have stored.
let everyRow = blocks.flatMap(rows).sorted { $0.cell < $1.cell }

/// The blocks' rows in the order of `Run.rows`.
func sorted(_ blocks: Block...) -> [Row] {
    blocks.flatMap(rows).sorted { $0.cell < $1.cell }
}

/// Lets nobody in until so many have come.
final class Meeting: Sendable {
    private let missing: Mutex<Int>

    init(of count: Int) { missing = Mutex(count) }

    func attend() throws {
        missing.withLock { $0 -= 1 }
        for _ in 0..<30_000 {
            if missing.withLock({ $0 <= 0 }) { return }
            usleep(1000)
        }
        Issue.record("not all have come")
    }
}
