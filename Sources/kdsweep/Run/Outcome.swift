import Foundation
import Results
import Sweep

/// How a run ended, for `run --json`.
struct Outcome: Encodable {
    /// Raised when a key changes its meaning or goes; new keys don't count.
    var version = 1
    var sweep: String
    /// How many cells the sweep has, and how many of them ended how.
    var cells: Int
    var ok: Int
    var singular: Int
    var diverged: Int
    var failed: Int
    /// How many of them earlier runs had stored.
    var storedBefore: Int
    /// How many singular cells there are of each sample size that has any.
    var singularSampleSizes: [SingularSize]
    /// How many networks' sharpness is above `StatusCounts.edge`.
    var atTheEdge: Int
    /// How many seeds each (width, model, depth) has got; nil unless they follow a precision.
    var families: [SeedReport.Family]?
    /// The CSVs' paths, and that of the store.
    var cellsCSV: String
    var summaryCSV: String
    /// Nil if the sweep has none.
    var bestCSV: String?
    var store: String

    struct SingularSize: Encodable {
        var sampleSize: Int
        var cells: Int
    }

    init(
        of sweep: Sweep, _ counts: StatusCounts, storedBefore: Int, seeds: SeedReport? = nil,
        in folder: ResultsFolder
    ) {
        self.sweep = sweep.name
        cells = sweep.grid.cellCount
        ok = counts.ok
        singular = counts.singular
        diverged = counts.diverged
        failed = counts.failed
        self.storedBefore = storedBefore
        singularSampleSizes = counts.singularSizes.sorted { $0.key < $1.key }
            .map { SingularSize(sampleSize: $0.key, cells: $0.value) }
        atTheEdge = counts.atTheEdge
        families = seeds?.families
        cellsCSV = folder.cells.path
        summaryCSV = folder.summary.path
        bestCSV = BestQuestion.standard(of: sweep).map { _ in folder.best.path }
        store = folder.store.path
    }

    /// `quickstart: 3072 cells, 3000 ok, 72 singular; 10 were stored already`
    var line: String {
        var counts = ["\(ok) ok"]
        if singular > 0 { counts.append("\(singular) singular") }
        if diverged > 0 { counts.append("\(diverged) diverged") }
        if failed > 0 { counts.append("\(failed) failed (the error column says why)") }
        let reused = storedBefore > 0 ? "; \(storedBefore) were stored already" : ""
        return "\(sweep): \(cells) cells, \(counts.joined(separator: ", "))\(reused)"
    }

    /// What the user may want to do about cells that aren't ok, or that can't be had again elsewhere.
    var advice: [String] { [singularLine, divergedLine, edgeLine].compactMap(\.self) }

    /// What helps against diverged cells; nil if there are none.
    var divergedLine: String? {
        guard diverged > 0 else { return nil }
        return
            "\(diverged) of \(cells) cells have diverged: at their stop the loss is above that of the student "
            + "that training began with, or something wasn't finite, so they have no results. What helps: "
            + "a lower training.learning_rate (half of it, say), or a lower training.momentum"
    }

    /// Which networks' numbers can't be had again elsewhere; nil if there are none.
    var edgeLine: String? {
        guard atTheEdge > 0 else { return nil }
        return
            "\(atTheEdge) of \(cells) cells are of networks whose sharpness is above \(StatusCounts.edge): near the edge of stability, "
            + "which is 1, training is chaotic, and another type of processor or number of threads gives other digits. What helps: "
            + "a lower training.learning_rate"
    }

    /// Where the singular cells are and what helps; nil if there are none.
    var singularLine: String? {
        guard let least = singularSampleSizes.first, let most = singularSampleSizes.last else {
            return nil
        }
        let sizes = singularSampleSizes.map { String($0.sampleSize) }
        let places =
            sizes.count > 4
            ? "sizes from \(least.sampleSize) to \(most.sampleSize)"
            : sizes.count == 1 ? "size \(sizes[0])" : "sizes \(sizes.joined(separator: ", "))"
        return
            "\(singular) of \(cells) cells are singular, at sample \(places): their kernel can't be "
            + "inverted, and they have no results. What helps: a ridge (grid.ridge: 1e-6), fewer "
            + "samples, a larger width, or a table without repeated rows"
    }
}
