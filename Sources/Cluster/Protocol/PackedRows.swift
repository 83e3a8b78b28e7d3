import Foundation
import Scheduling
import Sweep

/// A task's rows as they are sent: column by column over the wanted places.
package struct PackedRows: Hashable, Sendable {
    package var task: TaskID
    package var sweepDigest: String
    /// Wall time of the solve.
    package var seconds: Double
    /// BLAS threads of the solve; >= 1
    package var threads: Int
    /// The places that were computed, as ascending runs.
    package var places: [Range<Int>]
    /// One for each place.
    package var statuses: [Status]
    /// Metric by metric, each over all places; NaN where undefined.
    package var values: [Double]
    /// The errors of failed cells, ascending by position among the places.
    package var errors: [CellError]

    package struct CellError: Hashable, Sendable {
        package var position: Int
        package var reason: String
    }

    /// Bit for bit: two undefined values are the same.
    package static func == (a: PackedRows, b: PackedRows) -> Bool {
        a.task == b.task && a.sweepDigest == b.sweepDigest && a.seconds == b.seconds
            && a.threads == b.threads && a.places == b.places && a.statuses == b.statuses
            && a.errors == b.errors
            && a.values.elementsEqual(b.values) { $0.bitPattern == $1.bitPattern }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(task) }
}

extension PackedRows {
    /// The rows that a solve of the block gave, in the order of its wanted places.
    ///
    /// - Throws: if they aren't rows of the wanted cells, with the right number of values.
    package init(
        _ rows: [Row], of block: Block, metrics: [Metric], sweepDigest: String, seconds: Double,
        threads: Int
    ) throws(Malformed) {
        let cells = block.wanted.joined().lazy.map { block.cellNumber(at: $0) }
        guard rows.lazy.map(\.cell).elementsEqual(cells) else {
            throw Malformed(description: "the solver's rows are of other cells than were wanted")
        }
        guard rows.allSatisfy({ $0.values.count == metrics.count }) else {
            throw Malformed(
                description: "the solver's rows have other than \(metrics.count) values")
        }
        try check(rows, metrics)
        task = block.number
        self.sweepDigest = sweepDigest
        self.seconds = seconds
        self.threads = threads
        places = block.wanted
        statuses = rows.map(\.status)
        values = metrics.indices.flatMap { metric in rows.lazy.map { $0.values[metric] } }
        errors = rows.enumerated().compactMap { position, row in
            switch row.status {
            case .ok, .singular, .diverged: nil
            case .failed: CellError(position: position, reason: briefReason(row.error))
            }
        }
    }

    /// All the rows. They need not be those that the block wants now: an earlier coordinator may have wanted
    /// others when it gave the task.
    ///
    /// - Throws: if these aren't rows of that block, or can't be what a solve gives.
    package func rows(of block: Block, metrics: [Metric]) throws(Malformed) -> [Row] {
        guard task == block.number,
            places.last.map({ $0.upperBound <= block.places.count }) ?? false
        else { throw Malformed(description: "a result of cells that task \(task) hasn't") }
        let count = places.reduce(0) { $0 + $1.count }
        guard statuses.count == count, values.count == count * metrics.count else {
            throw Malformed(
                description: "\(statuses.count) statuses and \(values.count) values "
                    + "of \(count) cells")
        }
        var rows = places.joined().enumerated().map { position, place in
            Row(
                cell: block.cellNumber(at: place), status: statuses[position],
                values: metrics.indices.map { values[$0 * count + position] })
        }
        var next = 0
        for error in errors {
            guard error.position >= next, error.position < count,
                rows[error.position].status == .failed
            else { throw Malformed(description: "an error of no failed cell") }
            rows[error.position].error = error.reason
            next = error.position + 1
        }
        try check(rows, metrics)
        return rows
    }
}

private func check(_ rows: [Row], _ metrics: [Metric]) throws(Malformed) {
    for row in rows {
        if let contradiction = row.contradiction(in: metrics) {
            throw Malformed(description: contradiction)
        }
    }
}

extension PackedRows {
    var wire: WireResult {
        .with {
            $0.task = UInt64(task)
            $0.sweepDigest = sweepDigest
            $0.seconds = seconds
            $0.threads = UInt32(threads)
            $0.places = packed(places)
            $0.statuses = Data(statuses.map(\.rawValue))
            $0.values = values
            $0.errors = errors.map { error in
                .with {
                    $0.position = UInt64(error.position)
                    $0.reason = error.reason
                }
            }
        }
    }

    init(_ wire: WireResult) throws(Malformed) {
        task = try taskID(wire.task)
        sweepDigest = wire.sweepDigest
        seconds = wire.seconds
        guard seconds.isFinite, seconds >= 0 else {
            throw Malformed(description: "a solve of \(seconds) s")
        }
        threads = Int(wire.threads)
        guard threads >= 1 else { throw Malformed(description: "a solve of \(threads) threads") }
        places = try unpacked(wire.places)
        statuses = wire.statuses.compactMap(Status.init(rawValue:))
        guard statuses.count == wire.statuses.count else {
            throw Malformed(description: "a status that doesn't exist")
        }
        values = wire.values
        errors = []
        for error in wire.errors {
            let position = try taskID(error.position)
            errors.append(CellError(position: position, reason: briefReason(error.reason)))
        }
    }
}
