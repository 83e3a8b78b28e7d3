import ArgumentParser
import Cluster
import Distillation
import Foundation
import LinearAlgebra

/// What `plan` starts as often as workers would be busy at once; prints this process' speed.
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
