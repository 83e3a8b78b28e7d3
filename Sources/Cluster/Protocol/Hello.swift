import Scheduling
import Sweep

/// What a worker says first in each session.
package struct Hello: Hashable, Sendable {
    /// Raised when a message changes its meaning. A coordinator refuses workers of another version.
    package static let version: UInt32 = 5

    package var version = Hello.version
    /// The build of the worker's kdsweep.
    package var build = Build.current
    package var worker: WorkerID
    /// The digest of the sweep to which the tasks below belong; nil before the first welcome.
    package var sweepDigest: String?
    /// Tasks that it was given and hasn't finished, the one being solved among them.
    package var held: [TaskID]
    /// Tasks whose results it keeps because they haven't been acknowledged.
    package var finished: [TaskID]
    package var machine: Machine

    package init(
        worker: WorkerID, sweepDigest: String?, held: [TaskID], finished: [TaskID],
        machine: Machine
    ) {
        self.worker = worker
        self.sweepDigest = sweepDigest
        self.held = held
        self.finished = finished
        self.machine = machine
    }
}

extension Hello {
    var wire: WireHello {
        .with {
            $0.version = version
            $0.build = build
            $0.workerHigh = worker.high
            $0.workerLow = worker.low
            $0.sweepDigest = sweepDigest ?? ""
            $0.held = held.map(UInt64.init)
            $0.finished = finished.map(UInt64.init)
            $0.host = machine.host
            $0.pid = machine.pid
            $0.cores = UInt32(clamping: machine.cores)
            $0.memory = machine.memory
            $0.processors = machine.processors
            $0.processorType = machine.processorType
            $0.blas = machine.blas
            $0.job = machine.job ?? ""
            if let timeLeft = machine.timeLeft { $0.timeLeft = timeLeft / .seconds(1) }
        }
    }

    /// A hello of another version may mean other things: only its version, build and machine are used.
    init(_ wire: WireHello) throws(Malformed) {
        let isKnown = wire.version == Hello.version
        if isKnown, wire.hasTimeLeft, !(wire.timeLeft.isFinite && wire.timeLeft >= 0) {
            throw Malformed(description: "\(wire.timeLeft) s left")
        }
        self.init(
            worker: WorkerID(high: wire.workerHigh, low: wire.workerLow),
            sweepDigest: wire.sweepDigest.isEmpty ? nil : wire.sweepDigest,
            held: isKnown ? try taskIDs(wire.held) : [],
            finished: isKnown ? try taskIDs(wire.finished) : [],
            machine: Machine(
                host: oneLine(wire.host), pid: wire.pid, cores: Int(wire.cores),
                memory: wire.memory,
                timeLeft: isKnown && wire.hasTimeLeft
                    ? .seconds(min(wire.timeLeft, Machine.longestTimeLeft)) : nil,
                processors: oneLine(wire.processors), processorType: oneLine(wire.processorType),
                blas: oneLine(wire.blas), job: wire.job.isEmpty ? nil : oneLine(wire.job)))
        version = wire.version
        build = oneLine(wire.build)
    }
}
