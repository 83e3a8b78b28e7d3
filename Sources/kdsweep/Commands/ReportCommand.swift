import ArgumentParser
import Foundation
import Host
import Results

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes a page of the results to send to somebody.",
        discussion: """
            One HTML file that needs no other and no network: the sweep in words and as its file, the best soft \
            ratios, the figures, what went wrong, and how it was computed. It is for a screen of any size and for \
            paper. Works beside a run.

            Examples:
              kdsweep report results/quickstart
              kdsweep report results/quickstart --output quickstart.html
            """)

    @OptionGroup var results: ResultsArgument

    @Option(
        help: "The file (default: report.html in the results folder).",
        completion: .file(extensions: ["html"]))
    var output: String?

    func run() throws {
        let folder = results.found
        let target = output.map { URL(filePath: $0) } ?? folder.report
        let report = try Refusal.unless { try ReportContents(of: folder).report(at: Date()) }
        try Refusal.unless {
            let file = try AtomicFile(replacing: target)
            try file.write(Array(report.html.utf8))
            try file.commit()
        }
        try Output.print(target.relativePath)
    }
}
