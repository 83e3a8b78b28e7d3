import ArgumentParser
import Cluster
import Foundation
import Results

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Writes the CSVs anew from a results folder's store, complete or not.",
        discussion: """
            A cell that has no result yet has no row. Works beside a run.

            Examples:
              kdsweep export results/quickstart
              kdsweep export /scratch/results/large
            """)

    @OptionGroup var results: ResultsArgument

    func run() throws {
        let folder = results.found
        let store = try Refusal.unless { try Store(in: folder, for: .reading) }
        let tally = try Refusal.unless {
            try store.export(to: folder, processors: Cores.current.count)
        }
        Console.shared.line(
            "\(tally.ok) ok, \(tally.singular) singular, \(tally.diverged) diverged, "
                + "\(tally.failed) failed, "
                + "\(tally.missing) without a result")
        for table in store.sweep.map(folder.tables) ?? [] {
            try Output.print(table.relativePath)
        }
    }
}
