import Foundation
import Sweep

/// How a worker computes one sweep's blocks; used on one thread. It gives a row for each wanted
/// cell, in the order of their places.
public typealias Solve = (Block) throws -> [Row]

/// Makes ready for a sweep, once a welcome: what its blocks share is read or made here.
///
/// It is given the bytes of the sweep's table, which have its digest (nil for a sweep that has none),
/// and the number of BLAS threads.
public typealias Prepare = @Sendable (Sweep, _ table: Data?, _ threads: Int) throws -> Solve

/// The worker's thread that solves.
struct Solver: Sendable {
    let exchange: Exchange
    let prepare: Prepare

    func start() {
        let thread = Thread { work() }
        thread.name = "solver"
        // BLAS keeps its buffers elsewhere; this is for the mathematics' own temporaries.
        thread.stackSize = 16 << 20
        thread.start()
    }

    private func work() {
        var current: (solve: Solve, metrics: [Metric], digest: String)?
        while let job = exchange.takeJob() {
            switch job {
            case .prepare(let sweep, let table, let threads):
                do {
                    current = (try prepare(sweep, table, threads), sweep.metrics, sweep.digest)
                } catch {
                    exchange.post(.unprepared(reason: oneLine("\(error)")))
                }
            case .solve(let block):
                guard let (solve, metrics, digest) = current else { continue }
                exchange.begin(block.number)
                do {
                    let watch = Stopwatch()
                    let rows = try solve(block)
                    exchange.post(
                        .solved(
                            try PackedRows(
                                rows, of: block, metrics: metrics, sweepDigest: digest,
                                seconds: watch.elapsed / .seconds(1))))
                } catch {
                    exchange.post(.failed(block.number, reason: oneLine("\(error)")))
                }
            }
        }
    }
}
