import Cluster
import Dashboard
import Figures
import Foundation
import Host
import Results
import Sweep

/// Tells the dashboard where a run stands.
final class Broadcast {
    private let monitor: Monitor
    private let reporter: RunReporter
    private var standing: Standing

    /// Opens the page and prints its address.
    ///
    /// - Parameters:
    ///   - blocks: those of the sweep's tasks that have something wanted.
    ///   - figures: draws what is stored, on a thread of its own.
    /// - Throws: `DashboardError`.
    init(
        of sweep: Sweep, _ reporter: RunReporter, blocks: [Block], in folder: ResultsFolder,
        at address: WebAddress, figures: @escaping @Sendable () throws -> [Figure]
    ) throws {
        var first = Standing.idle
        first.cellsTotal = blocks.reduce(0) { $0 + $1.wantedCount }
        (first.tasksTotal, first.tasks.waiting) = (blocks.count, blocks.count)
        (self.reporter, standing) = (reporter, first)
        let tasks = sweep.tasks
        monitor = try Monitor(
            at: address, folder: folder.url.relativePath, taskWords: { tasks[$0].summary },
            first: { [first] in reporter.state(of: first) }, figures: figures)
        Console.shared.line("dashboard: \(monitor.url)")
        if !monitor.isLoopback {
            Console.shared.line(
                """
                warning: the dashboard isn't encrypted, and whoever sees its address on the network can \
                read it. With --dashboard \(monitor.port) it is for this machine only, and \
                `ssh -L \(monitor.port):127.0.0.1:\(monitor.port) \(hostName)` \
                shows it on another
                """)
        }
    }

    /// Costs the run only a copy: what viewers see is made on the dashboard's own thread.
    func update(_ standing: Standing) {
        self.standing = standing
        monitor.update { [reporter] in reporter.state(of: standing) }
    }

    /// The run has ended, with the standing that was the last to be given. Viewers have a second to be
    /// told.
    func end(as state: RunState.State, because reason: String? = nil) {
        monitor.end { [reporter, standing] in
            reporter.state(of: standing, state, because: reason)
        }
    }
}

extension Block {
    /// A description for a reader who knows the sweep: `task 12: width 256, depth 3, seed 4, 32
    /// right-hand sides`.
    var summary: String {
        let sides = "\(rightHandSideCount) right-hand side\(rightHandSideCount == 1 ? "" : "s")"
        return "task \(number): width \(width), depth \(depth), seed \(seed), \(sides)"
    }
}
