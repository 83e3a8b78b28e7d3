import Cluster
import Foundation
import Sweep

/// What a byte of a table costs in processor time, in seconds.
struct TableTiming: Hashable, Codable {
    /// To read it: its digest, its characters and its numbers.
    var reading: Double
    /// To send it from the coordinator to a worker, including the worker's check of the digest.
    var sending: Double

    /// Measured on a table of some megabytes, whose numbers have all their digits: the shortest of three
    /// times.
    static func measured() throws -> TableTiming {
        let data = Data(text.utf8)
        let reference = TableReference(
            file: "measurement.csv", digest: sha256(data), label: "label",
            teacherLogit: "teacher_logit", features: features)
        let bytes = Double(data.count)
        let page = pages()
        return TableTiming(
            reading: try shortest { _ = try Table(reference, data: data) } / bytes
                + pagesOfReading * page,
            sending: try shortest { try send(data, digest: reference.digest) } / bytes
                + pagesOfSending * page)
    }

    /// How much more a byte of a large table costs than one of the small table here, as a multiple of
    /// `pages()`. The small table lies in memory that was used before; for a large one the kernel has to
    /// provide the memory first, for its bytes and for its numbers, which take half as much. To copy a byte
    /// from the file, or into a socket and out of it, takes about as long as to provide one.
    private static let pagesOfReading = 2.5
    private static let pagesOfSending = 3.0

    /// Seconds in which the kernel provides a byte of memory.
    private static func pages() -> Double {
        let (size, step) = (32 << 20, 4096)
        let time = shortest {
            let memory = mmap(
                nil, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let memory, memory != MAP_FAILED else { return }
            for offset in stride(from: 0, to: size, by: step) {
                memory.storeBytes(of: 1, toByteOffset: offset, as: UInt8.self)
            }
            munmap(memory, size)
        }
        return time / Double(size)
    }

    private static func shortest(_ body: () throws -> Void) rethrows -> Double {
        let clock = ContinuousClock()
        var time = Duration.seconds(1000)
        for _ in 0..<3 { time = min(time, try clock.measure(body)) }
        return time / .seconds(1)
    }

    /// Does all of a sending but the socket: makes the messages, reads them, and puts the table together.
    private static func send(_ data: Data, digest: String) throws {
        var received = Data()
        for offset in stride(from: 0, to: data.count, by: DataChunk.size) {
            let chunk = DataChunk(
                digest: digest, offset: offset, total: data.count,
                bytes: data[offset..<min(offset + DataChunk.size, data.count)])
            guard case .data(let chunk) = try Order(encoded: Order.data(chunk).encoded()) else {
                preconditionFailure("a chunk was sent")
            }
            received.append(chunk.bytes)
        }
        precondition(sha256(received) == digest, "what was sent has come")
    }

    private static let features = (0..<64).map { "x\($0)" }

    private static var text: String {
        var lines = [(features + ["label", "teacher_logit"]).joined(separator: ",")]
        for row in 0..<2000 {
            let numbers = (0...features.count).map { "\(sin(Double(row * 100 + $0)))" }
            lines.append(
                (numbers.dropLast() + ["\(row % 2)", numbers.last!]).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
