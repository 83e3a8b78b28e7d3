import ArgumentParser
import Foundation

/// Prints the manual page, for whoever installs it.
struct ManualCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "manual", abstract: "Prints the manual page.", shouldDisplay: false)

    func run() throws { try Output.print(Manual().text, terminator: "") }
}
