import Foundation
import Sweep

/// What computes one sweep's blocks in a worker; used on one thread.
public protocol Solving {
    /// Takes a file that blocks read, before the first of them. Called once for each file.
    ///
    /// - Parameter digest: one of the sweep's `attachmentDigests`, which the bytes have.
    mutating func attach(_ bytes: Data, digest: String) throws

    /// A row for each wanted cell, in the order of their places.
    func solve(_ block: Block) throws -> [Row]
}

/// Makes what solves a sweep's blocks with so many BLAS threads. Called for each sweep, and again where the
/// number of threads has changed.
public typealias Prepare = @Sendable (Sweep, _ threads: Int) throws -> any Solving

/// The worker's thread that solves.
struct Solver: Sendable {
    let exchange: Exchange
    let prepare: Prepare

    func start() {
        let thread = Thread { work() }
        thread.name = "solver"
        // For the temporaries of the mathematics; BLAS keeps its buffers elsewhere.
        thread.stackSize = 16 << 20
        thread.start()
    }

    private func work() {
        var current: Commission?
        var pace = Pace()
        while let work = exchange.takeWork(most: pace.together) {
            switch work {
            case .prepare(let sweep, let threads):
                current = attempt(of: sweep.digest) {
                    Commission(
                        solver: try prepare(sweep, threads), metrics: sweep.metrics,
                        digest: sweep.digest, threads: threads)
                }
            case .attach(let bytes, let digest):
                guard var commission = current else { continue }
                current = attempt(of: commission.digest) {
                    try commission.solver.attach(bytes, digest: digest)
                    return commission
                }
            case .solve(let blocks):
                guard let current else { continue }
                exchange.begin(blocks.map(\.number), of: current.digest)
                let watch = Stopwatch()
                var events: [Workbench.Event] = []
                for block in blocks {
                    events.append(current.outcome(of: block))
                    // The batch takes longer than was expected: what has ended is reported now, the rest one by one.
                    if watch.elapsed > Pace.longest {
                        exchange.post(events)
                        events = []
                    }
                }
                if !events.isEmpty { exchange.post(events) }
                pace.note(blocks.count, took: watch.elapsed)
            }
        }
    }

    /// Nil, and an event, where nothing of this sweep can be solved here.
    private func attempt(
        of digest: String, _ step: () throws -> Commission
    ) -> Commission? {
        do { return try step() } catch {
            exchange.post([.unprepared(of: digest, reason: briefReason("\(error)"))])
            return nil
        }
    }

    private struct Commission {
        var solver: any Solving
        let metrics: [Metric]
        let digest: String
        let threads: Int

        func outcome(of block: Block) -> Workbench.Event {
            do {
                let watch = Stopwatch()
                let rows = try solver.solve(block)
                return .solved(
                    try PackedRows(
                        rows, of: block, metrics: metrics, sweepDigest: digest,
                        seconds: watch.elapsed / .seconds(1), threads: threads))
            } catch {
                return .failed(block.number, of: digest, reason: briefReason("\(error)"))
            }
        }
    }
}

/// How many tasks the solver begins together. Very short tasks take no longer than their handover between
/// the threads, so several share one. The longest tasks come first, so the next take no longer than the
/// last.
struct Pace {
    private(set) var together = 1

    /// How long tasks that are begun together may take in all, judged by the last ones.
    static let longest = Duration.milliseconds(1)
    private static let most = 16

    mutating func note(_ count: Int, took time: Duration) {
        let each = max(time / count, .nanoseconds(1))
        together = min(Self.most, max(1, Int(Self.longest / each)))
    }
}
