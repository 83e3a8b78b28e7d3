import Foundation
import Sweep

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
                    // The worker leaves, and hands back what has begun.
                    if case .miscalculated = events.last { break }
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
            } catch let error as Miscalculation {
                return .miscalculated(reason: error.reason)
            } catch {
                return .failed(block.number, of: digest, reason: briefReason("\(error)"))
            }
        }
    }
}
