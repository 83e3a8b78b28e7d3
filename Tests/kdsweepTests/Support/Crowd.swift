import Foundation
import Testing

/// Strangers who come to a coordinator's port all at once, and stay for as long as they may.
final class Crowd {
    private let process = Process()
    private let door = Pipe()
    private let voice = Pipe()

    /// Returns when they are there.
    ///
    /// - Parameters:
    ///   - host: if given, so many come that this process has `count` descriptors.
    ///   - words: what each of them says.
    init(of count: Int, at port: Int, filling host: Command? = nil, saying words: [UInt8] = [])
        throws
    {
        process.executableURL = Command.executable.deletingLastPathComponent()
            .appendingPathComponent("Crowd")
        process.arguments = ["\(port)", "\(count)"]
        if let host { process.arguments! += ["--of", "\(host.pid)"] }
        if !words.isEmpty {
            process.arguments! += ["--saying", words.map { String(format: "%02x", $0) }.joined()]
        }
        process.standardInput = door
        process.standardOutput = voice
        try process.run()
        #expect(try nextLine() == "there")
    }

    deinit { leave() }

    func leave() {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// The bytes that came back to the one who heard most, when all have been hung up on, which
    /// they must be.
    func mostHeard() throws -> Int { try #require(Int(try nextLine())) }

    private func nextLine() throws -> String {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            var waiting = pollfd(
                fd: voice.fileHandleForReading.fileDescriptor, events: Int16(POLLIN), revents: 0)
            try #require(poll(&waiting, 1, 60_000) == 1, "the crowd is silent")
            let piece = try #require(try voice.fileHandleForReading.read(upToCount: 1))
            try #require(!piece.isEmpty, "the crowd is gone")
            line += piece
        }
        return String(decoding: line.dropLast(), as: UTF8.self)
    }
}
