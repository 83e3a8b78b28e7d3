import Cluster
import Distillation
import Foundation
import LinearAlgebra

/// How fast this machine runs a sweep: its blocks, and the rest of a run.
struct RunSpeed: Hashable, Codable {
    /// How fast one worker solves blocks while the others work too.
    var blocks: MachineSpeed
    /// Seconds in which the coordinator stores a row, and exports one.
    var storing: Double
    var exporting: Double
    /// Seconds that a run takes which has next to nothing to do.
    var starting: Double
    /// Seconds to read a byte of a table, and to send it to a worker.
    var table: TableTiming

    /// Measures this machine, in some two seconds.
    ///
    /// - Parameter processes: how many are measured at once: as many as a run would keep busy, since they
    ///   share the memory's bandwidth.
    /// - Throws: if a process can't be started or fails, or a file can't be written.
    static func measured(processes: Int, threads: Int) throws -> RunSpeed {
        BLASPatience.boundInChildren()
        let command = [MeasureCommand.configuration.commandName!, "--threads", "\(threads)"]
        let children = try (0..<processes).map { _ in try MeasuringProcess(command) }
        let speeds = try children.map {
            try JSONDecoder().decode(MachineSpeed.self, from: try $0.printed())
        }
        let clock = ContinuousClock()
        var start = Duration.seconds(1000)
        for _ in 0..<3 {
            let before = clock.now
            _ = try MeasuringProcess(["--version"]).printed()
            start = min(start, clock.now - before)
        }
        let rows = try RowTiming.measured()
        return RunSpeed(
            blocks: .mean(of: speeds), storing: rows.storing, exporting: rows.exporting,
            starting: startsOfARun * (start / .seconds(1)), table: try .measured())
    }

    /// How many starts of an idle process a whole run takes as long as: two are the coordinator's and the
    /// workers' own, and in the rest they meet and end.
    private static let startsOfARun = 5.0
}
