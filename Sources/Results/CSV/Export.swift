import Foundation
import Host
import Sweep

extension Store {
    /// Writes `cells.csv`, `summary.csv` and `best.csv` of the sweep as run, complete or not. All are written
    /// whole under temporary names before one takes its name, so a failure leaves the old ones. An older `best.csv` of
    /// a sweep that has none goes.
    ///
    /// - Parameters:
    ///   - processors: how many processors make text; this process may not have all of the machine's.
    ///   - isCancelled: whether to break off; asked some ten times a second.
    /// - Throws: `ResultsError.empty` if no sweep was ever begun, `.unusable`, `.cancelled`;
    ///   `SystemError` if a file can't be written. Cost: about 2 us of processor time a row with all metrics, spread over the processors. While one
    ///   slab (see `forEachRow`) is read, the text of the one before is made, and that of the one before
    ///   that is written.
    public func export(
        to folder: ResultsFolder,
        processors: Int = ProcessInfo.processInfo.activeProcessorCount,
        isCancelled: () -> Bool = { false }
    ) throws -> StatusCounts {
        precondition(processors >= 1, "at least one processor makes the text")
        guard let sweep else { throw ResultsError.empty(path: path) }
        let writer = try CSVWriter(of: sweep, to: folder, processors: processors)
        let relay = Relay()
        do {
            try forEachSlab { slab in
                if isCancelled() { throw ResultsError.cancelled }
                try relay.handOver { try writer.add(slab) }
            }
            try relay.finish()
            if isCancelled() { throw ResultsError.cancelled }
            return try writer.commit()
        } catch {
            // Waits for the jobs: the temporary files are removed after the last of them, and the process
            // may end as soon as this has thrown.
            try? relay.finish()
            writer.finish()
            throw error
        }
    }
}

/// Writes the CSVs side by side from slabs in grid order. Sendable, since only one thread at a time
/// calls it, and only the jobs of `output` use the files until `output` is finished.
private final class CSVWriter: @unchecked Sendable {
    private let sweep: Sweep
    private let axes: AxisFields
    private let cellsFile: AtomicFile
    private let summaryFile: AtomicFile
    /// Nil if the sweep can't say which soft ratio is best.
    private let bestFile: BestFile?
    private let folder: ResultsFolder
    private let processors: Int
    private let output = Relay()
    private var tally = StatusCounts()

    init(of sweep: Sweep, to folder: ResultsFolder, processors: Int) throws {
        let cellsFile = try AtomicFile(replacing: folder.cells)
        let summaryFile = try AtomicFile(replacing: folder.summary)
        var cells = CSVText()
        for name in Axis.allCases.map(\.key) + ["status"] { cells.append(name) }
        for metric in sweep.metrics { cells.append(metric.rawValue) }
        cells.append("error")
        cells.endLine()
        var summary = CSVText()
        for axis in Axis.allCases.dropLast() { summary.append(axis.key) }
        for name in Summary.columns(of: sweep.metrics) { summary.append(name) }
        summary.endLine()
        try cellsFile.write(cells.bytes)
        try summaryFile.write(summary.bytes)
        self.sweep = sweep
        self.processors = processors
        self.cellsFile = cellsFile
        self.summaryFile = summaryFile
        self.folder = folder
        bestFile = try BestQuestion.standard(of: sweep).map {
            try BestFile($0, of: sweep, to: folder.best, processors: processors)
        }
        axes = AxisFields(sweep.grid)
    }

    /// Makes a slab's text on several processors, and has it written.
    func add(_ slab: Slab) throws {
        // Each part has whole grid points, since a line of the summary needs all seeds of its point.
        let seeds = sweep.grid.seed.count
        let lines = inParts(processors, of: slab.cellCount / seeds) { points in
            var lines = Lines(of: sweep, axes)
            slab.forEachRow(in: points.lowerBound * seeds..<points.upperBound * seeds) {
                lines.add($0)
            }
            lines.endPoint()
            return lines
        }
        for part in lines { tally.add(part.tally) }
        try bestFile?.add(slab)
        try output.handOver {
            for part in lines {
                try self.cellsFile.write(part.cells.bytes)
                try self.summaryFile.write(part.summary.bytes)
            }
        }
    }

    /// Waits for what was handed over to be written, or to fail.
    func finish() { try? output.finish() }

    func commit() throws -> StatusCounts {
        try output.finish()
        try cellsFile.synchronize()
        try summaryFile.synchronize()
        try bestFile?.end()
        tally.missing = sweep.grid.cellCount - tally.ended
        try cellsFile.commit()
        try summaryFile.commit()
        try bestFile?.commit()
        if bestFile == nil, FileManager.default.fileExists(atPath: folder.best.path) {
            try FileManager.default.removeItem(at: folder.best)
        }
        return tally
    }
}

/// The lines of some consecutive grid points in both files.
private struct Lines: Sendable {
    private let sweep: Sweep
    private let axes: AxisFields
    /// Where a row's values have it.
    private let sharpness: Int?
    private(set) var cells = CSVText()
    private(set) var summary = CSVText()
    private(set) var tally = StatusCounts()
    /// The grid point whose rows are being added. Its number is that of a cell divided by the number of seeds.
    private var point: Int?
    private var seeds: Summary

    init(of sweep: Sweep, _ axes: AxisFields) {
        self.sweep = sweep
        self.axes = axes
        sharpness = sweep.metrics.firstIndex(of: .sharpness)
        seeds = Summary(of: sweep.metrics)
    }

    /// Rows come in grid order.
    mutating func add(_ row: Row) {
        tally.count(row, of: sweep.grid, sharpness: sharpness.map { row.values[$0] })
        axes.append(cell: row.cell, Axis.allCases, to: &cells)
        cells.append(row.status.name)
        for value in row.values { cells.append(value) }
        // A reason may hold any text: in one line it has no control characters, which could disturb a terminal.
        cells.append(oneLine(row.error))
        cells.endLine()
        if point != row.cell / sweep.grid.seed.count {
            endPoint()
            point = row.cell / sweep.grid.seed.count
        }
        seeds.add(row, seed: row.cell % sweep.grid.seed.count)
    }

    /// Called after the last row too.
    mutating func endPoint() {
        guard let point else { return }
        let cell = point * sweep.grid.seed.count
        axes.append(cell: cell, Axis.allCases.dropLast(), to: &summary)
        seeds.append(sampleSize: sweep.grid[cell].sampleSize, to: &summary)
        summary.endLine()
        seeds.removeAll()
    }
}
