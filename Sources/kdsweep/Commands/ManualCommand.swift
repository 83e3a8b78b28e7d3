import ArgumentParser
import Foundation

/// Prints the manual page, for `cluster/install`.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints the manual page.", shouldDisplay: false)

    func run() throws { try Output.print(Manual().text, terminator: "") }
}
