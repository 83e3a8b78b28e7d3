import ArgumentParser
import Cluster
import Distillation
import Foundation
import LinearAlgebra

/// Measures and prints this process' speed. `plan` starts as many of these at once as workers would be
/// busy.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure", abstract: "Measures one process, for a plan.",
        shouldDisplay: false)

    @Option var threads = 1

    func run() throws {
        BLASPatience.bound()
        let speed = try MachineSpeed.measured(threads: threads)
        try Output.print(String(decoding: try JSONEncoder().encode(speed), as: UTF8.self))
    }
}
