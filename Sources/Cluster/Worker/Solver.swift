import Foundation
import Sweep

/// Computes one of a sweep's blocks; used on one thread. Returns a row for each wanted cell, in the order
/// of their places.
public typealias Solve = (Block) throws -> [Row]

/// Reads or makes what a sweep's blocks share, once for each welcome.
///
/// It is given the bytes of the sweep's table, which have its digest (nil if the sweep has no table),
/// and the number of BLAS threads.
public typealias Prepare = @Sendable (Sweep, _ table: Data?, _ threads: Int) throws -> Solve

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
            case .prepare(let sweep, let table, let threads):
                do {
                    current = Commission(
                        solve: try prepare(sweep, table, threads), metrics: sweep.metrics,
                        digest: sweep.digest, threads: threads)
                } catch {
                    current = nil
                    exchange.post(
                        [.unprepared(of: sweep.digest, reason: briefReason("\(error)"))])
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

    private struct Commission {
        let solve: Solve
        let metrics: [Metric]
        let digest: String
        let threads: Int

        func outcome(of block: Block) -> Workbench.Event {
            do {
                let watch = Stopwatch()
                let rows = try solve(block)
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
