import ArgumentParser
import Foundation
import Seeded
import Sweep

/// A table of 20,000 rows and 400 features, with all their digits. The time to read and check it (digest,
/// characters and numbers) against 100 MB/s, and against a plain read and a SHA-256; and the peak memory of a
/// process that does it, beyond the file's bytes, against the size of the numbers.
func tableFigure() throws -> [Measurement] {
    let folder = try Scratch()
    let (rows, features) = (20_000, 400)
    let file = try writeTable(rows: rows, features: features, in: folder)
    let sweep = try folder.write(
        "table.yaml",
        """
        task: {kind: table, file: table.csv}
        oracle_samples: 1000
        test_samples: 1000
        grid: {width: infinite, sample_size: 1000, soft_ratio: 1, teacher_noise: 0, seed: 0}
        """)
    let bytes = Double(try Data(contentsOf: file).count)
    var (reading, plain) = (Duration.seconds(1000), Duration.seconds(1000))
    for _ in 0..<3 {
        reading = min(reading, try wallTime { _ = try SweepReading(file: sweep) })
        plain = min(plain, try wallTime { _ = sha256(try Data(contentsOf: file)) })
    }
    let rate = bytes / (reading / .seconds(1)) / 1e6
    let output = try Program.errand.run(["table-errand", sweep.path], in: folder).output
    guard let beyond = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
        throw Program.Failure(description: "not a number: \(output)")
    }
    let numbers = Double(8 * rows * (features + 1))
    return [
        Measurement(
            what: "a table of \(rounded(bytes / 1e6)) MB read and checked",
            ours: "\(rounded(rate)) MB/s", other: "100 MB/s", ratio: rate / 100,
            target: .atLeast(1), isAbsolute: true),
        Measurement(
            what: "the same against its bare SHA-256", ours: "\(milliseconds(reading)) ms",
            other: "\(milliseconds(plain)) ms, read and SHA-256", ratio: reading / plain,
            target: .atMost(8)),
        Measurement(
            what: "peak memory of that beyond the file's bytes",
            ours: "\(rounded(beyond / 1e6)) MB",
            other: "\(rounded(numbers / 1e6)) MB of numbers", ratio: beyond / numbers,
            target: .atMost(1.5)),
    ]
}

private func writeTable(rows: Int, features: Int, in folder: Scratch) throws -> URL {
    let file = try folder.write("table.csv", "")
    let handle = try FileHandle(forWritingTo: file)
    var generator = SeededGenerator(seed: 5)
    var text = (0..<features).map { "x\($0)," }.joined() + "label,teacher_logit\n"
    for row in 0..<rows {
        for _ in 0..<features {
            text += "\(Double.random(in: -2...2, using: &generator)),"
        }
        text += "\(row % 2),\(Double.random(in: -9...9, using: &generator))\n"
        if text.utf8.count > 1 << 20 || row == rows - 1 {
            try handle.write(contentsOf: Data(text.utf8))
            text = ""
        }
    }
    try handle.close()
    return file
}

/// Reads a sweep's table and prints, in bytes, how much the process' peak memory has grown by, less the table's
/// own bytes.
struct TableErrand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table-errand", shouldDisplay: false)

    @Argument var file: String

    func run() throws {
        let before = peakMemory()
        let reading = try SweepReading(file: URL(filePath: file))
        print(
            peakMemory() - before - Double(reading.attachments.values.reduce(0) { $0 + $1.count }))
    }
}
