import Cluster
import Foundation
import Results
import Seeded
import Sweep

/// 1,000,000 rows with all metrics, read from workers' messages and stored, against SQLite inserting the same
/// values.
func rowsFigure() throws -> Measurement {
    let folder = try Scratch()
    let results = try ManyResults(seeds: 100)
    let storing = try wallTime { _ = try results.stored(in: folder) }
    let inserting = try PlainDatabase(in: folder).time(of: results)
    return Measurement(
        what: "1,000,000 rows received and stored", ours: "\(milliseconds(storing)) ms",
        other: "\(milliseconds(inserting)) ms, SQLite alone", ratio: inserting / storing,
        target: .atLeast(1.0 / 3))
}

/// The same rows exported, against writing the same files.
///
/// Where the processors' time goes: reading a row through SQLite takes some 0.9 us, and the shortest texts of
/// its seven numbers that aren't shares 0.4 us; copying its 250 bytes takes 0.1 us.
func exportFigure() throws -> Measurement {
    let folder = try Scratch()
    let results = try ManyResults(seeds: 100)
    let store = try results.stored(in: folder)
    let files = ResultsFolder(at: folder.url)
    var (exporting, writing) = (Duration.seconds(1000), Duration.seconds(1000))
    for _ in 0..<3 {
        let time = try wallTime {
            let tally = try store.export(to: files)
            precondition(tally.ok == results.sweep.grid.count, "every row is there")
        }
        exporting = min(exporting, time)
        let contents = try [files.cells, files.summary].map { [UInt8](try Data(contentsOf: $0)) }
        let copies = try contents.map { _ in try folder.newFile() }
        writing = min(
            writing,
            try wallTime {
                for (content, copy) in zip(contents, copies) { try write(content, to: copy) }
            })
        for copy in copies { try FileManager.default.removeItem(at: copy) }
    }
    return Measurement(
        what: "1,000,000 rows exported", ours: "\(milliseconds(exporting)) ms",
        other: "\(milliseconds(writing)) ms, the files written", ratio: writing / exporting,
        target: .atLeast(1.0 / 3))
}

/// Writes a file as the export does: in pieces of the same size, and synchronised with the disk.
private func write(_ content: [UInt8], to file: URL) throws {
    let handle = try FileHandle(forWritingTo: file)
    for first in stride(from: 0, to: content.count, by: 1 << 20) {
        try handle.write(contentsOf: content[first..<min(first + 1 << 20, content.count)])
    }
    try handle.synchronize()
    try handle.close()
}

/// A sweep of 10,000 cells for each seed, and workers' messages with its results.
struct ManyResults {
    let sweep: Sweep
    private let tasks: TaskList
    private let messages: [[UInt8]]

    init(seeds: Int) throws {
        var sweep = largeBlock(width: .infinite, softRatios: 50)
        sweep.grid.sampleSize = (1...25).map { 160 * $0 }
        sweep.grid.teacherNoise = (0..<8).map { Double($0) / 8 }
        sweep.grid.seed = Array(0..<seeds)
        let digest = sweep.digest
        let tasks = sweep.tasks
        var generator = SeededGenerator(seed: 4)
        var messages: [[UInt8]] = []
        for number in 0..<tasks.count {
            let task = tasks[number]
            let rows = task.wanted.joined().map { place in
                Row(
                    cell: task.cellNumber(at: place), status: .ok,
                    values: sweep.metrics.map { value(of: $0, &generator) })
            }
            let packed = try PackedRows(
                rows, of: task, metrics: sweep.metrics, sweepDigest: digest, seconds: 1,
                threads: 1)
            messages.append(Report.result(packed).encoded())
        }
        (self.sweep, self.tasks, self.messages) = (sweep, tasks, messages)
    }

    /// A store with the messages' rows: each message is read and stored as the coordinator does it, in a
    /// transaction of its own.
    func stored(in folder: Scratch) throws -> Store {
        let store = try Store(in: ResultsFolder(at: folder.url), for: .running)
        try store.begin(sweep, at: Date())
        for number in messages.indices {
            let computed = Computed(
                task: number, rows: try rows(number), host: "bench", pid: 1,
                finishedAt: Date(), seconds: 1)
            try store.insert([computed])
        }
        return store
    }

    /// Calls `body` with the rows of each message.
    func forEachTask(_ body: ([Row]) throws -> Void) throws {
        for number in messages.indices { try body(try rows(number)) }
    }

    private func rows(_ number: Int) throws -> [Row] {
        guard case .result(let packed) = try Report(encoded: messages[number]) else {
            preconditionFailure("every message is a result")
        }
        return try packed.rows(of: tasks[number], metrics: sweep.metrics)
    }
}

/// A random value. A share is one of 1000 test points, as real ones are; other metrics have all their digits.
private func value(of metric: Metric, _ generator: inout SeededGenerator) -> Double {
    metric.isShare
        ? Double(Int.random(in: 0...1000, using: &generator)) / 1000
        : .random(in: 0...10, using: &generator)
}
