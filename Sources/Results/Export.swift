import Foundation
import Sweep

/// How many cells of a sweep ended how.
public struct Tally: Hashable, Sendable {
    public var ok = 0
    public var singular = 0
    public var failed = 0
    /// Cells that have no result yet, and so no row.
    public var missing = 0

    public init(ok: Int = 0, singular: Int = 0, failed: Int = 0, missing: Int = 0) {
        self.ok = ok
        self.singular = singular
        self.failed = failed
        self.missing = missing
    }
}

extension Store {
    /// Writes `cells.csv` and `summary.csv` of the sweep as run, complete or not. Both are written
    /// whole under temporary names before either takes its name, so a failure leaves the old ones.
    ///
    /// - Throws: `ResultsError.empty` where no sweep was ever begun, `.unusable`.
    ///   Cost: about 2 us a row with all metrics; three times the memory of `forEachRow`. One thread
    ///   reads a slab, one makes the text of the slab before, and one writes the text before that.
    public func export(to folder: ResultsFolder) throws -> Tally {
        guard let sweep else { throw ResultsError.empty(path: path) }
        let writer = try CSVWriter(of: sweep, to: folder)
        let relay = Relay()
        try forEachSlab { slab in
            try relay.handOver { try slab.forEachRow { try writer.add($0) } }
        }
        try relay.finish()
        return try writer.commit()
    }
}

/// Writes the two CSVs side by side from rows in grid order. Sendable, as one thread at a time makes
/// the text, and the files belong to the jobs of `output` until it is finished.
private final class CSVWriter: @unchecked Sendable {
    private static let bufferSize = 1 << 20

    private let sweep: Sweep
    private let axes: AxisFields
    private let cellsFile: AtomicFile
    private let summaryFile: AtomicFile
    private let output = Relay()
    private var cells = CSVText()
    private var summary = CSVText()
    /// The grid point, its number that of a cell divided by the seeds, whose rows are coming in.
    private var point: Int?
    private var seeds: Summary
    private var tally = Tally()

    init(of sweep: Sweep, to folder: ResultsFolder) throws {
        let cellsFile = try AtomicFile(replacing: folder.cells)
        let summaryFile = try AtomicFile(replacing: folder.summary)
        self.sweep = sweep
        self.cellsFile = cellsFile
        self.summaryFile = summaryFile
        axes = AxisFields(sweep.grid)
        seeds = Summary(of: sweep.metrics)
        for name in AxisFields.names + ["status"] { cells.append(name) }
        for metric in sweep.metrics { cells.append(metric.rawValue) }
        cells.append("error")
        cells.endLine()
        for name in AxisFields.names.dropLast() { summary.append(name) }
        for name in Summary.columns(of: sweep.metrics) { summary.append(name) }
        summary.endLine()
    }

    func add(_ row: Row) throws {
        switch row.status {
        case .ok: tally.ok += 1
        case .singular: tally.singular += 1
        case .failed: tally.failed += 1
        }
        Self.append(row, axes, to: &cells)
        if point != row.cell / sweep.grid.seed.count {
            endPoint()
            point = row.cell / sweep.grid.seed.count
        }
        seeds.add(row)
        try writeOut(over: Self.bufferSize)
    }

    private static func append(_ row: Row, _ axes: AxisFields, to csv: inout CSVText) {
        axes.append(cell: row.cell, first: 8, to: &csv)
        csv.append(row.status.name)
        for value in row.values { csv.append(value) }
        csv.append(
            row.error.isEmpty
                ? "" : row.error.split(whereSeparator: \.isNewline).joined(separator: " "))
        csv.endLine()
    }

    func commit() throws -> Tally {
        endPoint()
        try writeOut(over: 0)
        try output.finish()
        try cellsFile.synchronize()
        try summaryFile.synchronize()
        tally.missing = sweep.grid.count - tally.ok - tally.singular - tally.failed
        try cellsFile.commit()
        try summaryFile.commit()
        return tally
    }

    private func endPoint() {
        guard let point else { return }
        let cell = point * sweep.grid.seed.count
        axes.append(cell: cell, first: 7, to: &summary)
        seeds.append(sampleSize: sweep.grid[cell].sampleSize, to: &summary)
        summary.endLine()
        seeds.removeAll()
    }

    private func writeOut(over size: Int) throws {
        if cells.bytes.count > size {
            let bytes = cells.takeBytes()
            try output.handOver { try self.cellsFile.write(bytes) }
        }
        if summary.bytes.count > size {
            let bytes = summary.takeBytes()
            try output.handOver { try self.summaryFile.write(bytes) }
        }
    }
}
