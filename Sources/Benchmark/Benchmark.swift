import ArgumentParser

/// Measures what kdsweep promises of its speed. Started by `cluster/bench`, from a release build.
@main
struct Benchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench",
        abstract: "Measures kdsweep against what it could be, and prints a line for each figure.")

    @Option(help: "One figure only: \(Figure.allCases.map(\.rawValue).joined(separator: ", ")).")
    var only: Figure?

    func run() throws {
        print(Measurement.header)
        var missed: [Measurement] = []
        for figure in Figure.allCases where only == nil || only == figure {
            let measurement = try figure.measure()
            print(measurement.line)
            if !measurement.isMet { missed.append(measurement) }
        }
        guard missed.isEmpty else { throw ExitCode.failure }
    }
}

enum Figure: String, CaseIterable, ExpressibleByArgument {
    /// A block of a student of infinite width, and of width 1024.
    case infinite, finite
    /// What an event costs the scheduler, in a large run against a small one.
    case scheduler

    func measure() throws -> Measurement {
        switch self {
        case .infinite: try blockOverhead(width: .infinite)
        case .finite: try blockOverhead(width: .finite(1024))
        case .scheduler: schedulerGrowth(workers: 10_000, tasks: 100_000)
        }
    }
}

/// One line of the table: two timings of one run, and their ratio.
struct Measurement {
    var what: String
    var ours: String
    /// The limit or the rival.
    var other: String
    var ratio: Double
    /// The ratio is to be this at most.
    var target: Double

    var isMet: Bool { ratio <= target }

    static let header = row(["figure", "ours", "compared with", "ratio", "target"])

    var line: String {
        Self.row([
            what, ours, other, "\((ratio * 100).rounded() / 100)",
            "<= \((target * 100).rounded() / 100)" + (isMet ? "" : " MISSED"),
        ])
    }

    private static func row(_ fields: [String]) -> String {
        zip(fields, [52, 34, 34, 7, 0]).map { field, width in
            field + String(repeating: " ", count: max(0, width - field.count))
        }.joined(separator: " ")
    }
}
