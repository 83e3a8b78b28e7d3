import Foundation
import Host
import Sweep

/// Writes `best.csv` from slabs in grid order. Its owner sees to it that only one thread at a time calls it.
final class BestFile: @unchecked Sendable {
    private let file: AtomicFile
    private var gatherer: BestGatherer
    private var lines: BestLines

    /// - Precondition: the sweep has the question's metric.
    init(_ question: BestQuestion, of sweep: Sweep, to url: URL, processors: Int) throws {
        file = try AtomicFile(replacing: url)
        gatherer = BestGatherer(question, of: sweep, processors: processors)
        lines = BestLines(question, of: sweep)
    }

    func add(_ slab: Slab) throws { try write(gatherer.add(slab)) }

    /// After the last slab.
    func end() throws {
        try write(gatherer.end())
        try file.synchronize()
    }

    private func write(_ points: [BestPoint]) throws {
        for point in points { lines.add(point) }
        try file.write(lines.take())
    }

    func commit() throws { try file.commit() }
}
