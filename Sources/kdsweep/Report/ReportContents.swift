import Cluster
import Dashboard
import Figures
import Foundation
import Results
import Sweep

/// A report from a results folder, complete or not.
struct ReportContents {
    private let sweep: Sweep
    private let folder: ResultsFolder
    private let statuses: StatusCounts
    private let failures: [FailureCount]
    private let bests: [BestPoint]
    private let figures: [Figure]
    private let provenance: Provenance
    private let seeds: SeedReport?

    /// - Throws: `ResultsError`, `.empty` if no sweep was ever begun.
    init(of folder: ResultsFolder) throws {
        let store = try Store(in: folder, for: .reading)
        guard let sweep = store.sweep else { throw ResultsError.empty(path: folder.store.path) }
        self.sweep = sweep
        self.folder = folder
        (statuses, failures) = try store.counts()
        bests =
            try BestQuestion.standard(of: sweep).map {
                try store.bestPoints($0, processors: Cores.current.count)
            } ?? []
        figures = try store.figures(Sketch.standard(of: sweep))
        provenance = try store.provenance()
        seeds = SeedReport(of: sweep, store.seedCourse)
    }

    /// - Parameter date: when it is written.
    func report(at date: Date) -> ReportPage {
        let question = Question(sweep: sweep)
        return ReportPage(
            sweep: sweep.name, state: state, standing: standing, question: question.facts,
            grid: question.table, answer: answer, figures: figures, troubles: troubles,
            failures: failureTable, origin: origin, processors: processors,
            file: sweep.resolvedYAML(),
            colophon: "Written by kdsweep \(Build.current) on \(Self.words(date)) from "
                + "\(folder.url.lastPathComponent). With the sweep's file anyone can compute the same."
        )
    }

    // MARK: State

    private var state: ReportPage.State {
        statuses.missing > 0 || !(seeds?.isSettled ?? true)
            ? .unfinished : statuses.failed > 0 ? .failed : .complete
    }

    private var total: Int { sweep.grid.cellCount }

    private var standing: String {
        switch state {
        case .complete: "Complete: all \(counted(total, "cell")) have a result"
        case .unfinished:
            "Unfinished: \(grouped(total - statuses.missing)) of \(counted(total, "cell")) "
                + "\(seeds == nil ? "" : "that are certain so far ")have a result"
        case .failed: "\(grouped(statuses.failed)) of \(counted(total, "cell")) have failed"
        }
    }

    // MARK: The answer

    private var answer: ReportPage.Answer {
        guard let question = BestQuestion.standard(of: sweep) else {
            return .init(words: [
                "This sweep has no soft ratios to choose from, or no student errors; the figures show what it found."
            ])
        }
        guard !bests.isEmpty else { return .init(words: ["No student has a result yet."]) }
        let report = BestReport(question, bests, of: sweep)
        // Names break at spaces, so that a table is narrow.
        func title(_ name: String) -> String { name.replacing("_", with: " ") }
        return .init(
            words: [title(report.question), title(report.example)]
                + report.fixed.map { "All lines are \(title($0))." }
                + (seeds?.lines.map(\.capitalisedFirst) ?? []),
            table: .init(
                "The best soft ratio, how sure that is, and what it gains",
                columns: report.header.map { .init(title($0)) }, rows: report.rows),
            notes: report.explanations.map { .init(title($0[0]), title($0[1])) })
    }

    // MARK: What went wrong

    private var troubles: [String] {
        let counts: [(Int, String)] = [
            (statuses.ok, "ok"), (statuses.singular, "singular"), (statuses.diverged, "diverged"),
            (statuses.failed, "failed"), (statuses.missing, "without a result"),
        ]
        let ends = counts.filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        guard statuses.ok < total else { return ["Nothing: every cell is ok."] }
        let outcome = Outcome(of: sweep, statuses, storedBefore: 0, in: folder)
        return ["Of \(counted(total, "cell")) \(ends.joined(separator: ", "))."]
            + outcome.advice
    }

    private var failureTable: ReportPage.Table? {
        guard !failures.isEmpty else { return nil }
        let axes = Axis.allCases.filter { sweep.grid[$0].count > 1 }
        return .init(
            "Cells that failed; a new run tries them again",
            columns: [
                .init("Why", isNumber: false), .init("Cells"), .init("The first", isNumber: false),
            ],
            rows: failures.map { failure in
                let cell = sweep.grid[failure.first]
                return [
                    oneLine(failure.reason), grouped(failure.cells),
                    axes.map { "\($0.words) \(cell[$0])" }.joined(separator: ", "),
                ]
            })
    }

    // MARK: How it was computed

    private var origin: [ReportPage.Fact] {
        let builds =
            provenance.builds.isEmpty
            ? "not known" : provenance.builds.map { "kdsweep \($0)" }.joined(separator: ", ")
        let seconds = provenance.parts.reduce(0) { $0 + $1.seconds }
        let hosts = provenance.parts.reduce(into: Set<String>()) { $0.formUnion($1.hosts) }
        return [
            .init("Build", builds),
            .init("Begun", provenance.begunAt.map(Self.words) ?? "not yet"),
            .init("Last result", provenance.finishedAt.map(Self.words) ?? "none yet"),
            .init("Runs", "\(provenance.runs)"),
            .init(
                "Work",
                "\(duration(seconds)) in all, on \(counted(hosts.count, "machine"))"),
        ]
    }

    private var processors: ReportPage.Table {
        .init(
            "What computed the results",
            columns: [
                .init("Processor", isNumber: false), .init("BLAS", isNumber: false),
                .init("Threads"),
                .init("Machines"), .init("Tasks"), .init("Cells"), .init("Work"),
            ],
            rows: provenance.parts.map { part in
                [
                    part.processorType?.name ?? "not known", part.processorType?.blas ?? "",
                    part.threads == 0 ? "" : "\(part.threads)", "\(part.hosts.count)",
                    grouped(part.tasks), grouped(part.cells), duration(part.seconds),
                ]
            })
    }

    /// `2026-11-28 03:40 UTC`
    private static func words(_ date: Date) -> String {
        let time = Date.ISO8601FormatStyle().year().month().day().dateTimeSeparator(.space)
            .time(includingFractionalSeconds: false)
        return "\(date.formatted(time).dropLast(3)) UTC"
    }
}

extension String {
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
