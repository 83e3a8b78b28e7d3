import Dashboard
import Foundation
import Host

/// A run's snapshot, as its process writes it down for `kdsweep status` and whoever else reads JSON.
struct Status: Hashable {
    /// Raised when a key changes its meaning or goes; new keys don't count.
    static let version = 1

    var run: RunState
    var process: ProcessIdentity
    var writtenAt: Date
}

extension Status: Codable {
    private enum Key: CodingKey { case version, process, writtenAt }

    /// One object: the run's keys and these.
    func encode(to encoder: any Encoder) throws {
        try run.encode(to: encoder)
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(Self.version, forKey: .version)
        try container.encode(process, forKey: .process)
        try container.encode(writtenAt, forKey: .writtenAt)
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        run = try RunState(from: decoder)
        process = try container.decode(ProcessIdentity.self, forKey: .process)
        writtenAt = try container.decode(Date.self, forKey: .writtenAt)
    }
}

extension Status {
    /// JSON with its keys in snake case and in order.
    func encoded() throws -> Data {
        try JSONEncoder.ofCommands.encode(self) + Data("\n".utf8)
    }

    /// - Throws: `Unreadable`.
    init(encoded data: Data) throws {
        let decoder = JSONDecoder.ofCommands
        let format: Int
        do { format = try decoder.decode(Format.self, from: data).version } catch {
            throw Unreadable(description: "it is not a snapshot of kdsweep")
        }
        guard format == Self.version else {
            throw Unreadable(
                description: "another kdsweep wrote it (its format is \(format), "
                    + "this build reads \(Self.version))")
        }
        do { self = try decoder.decode(Status.self, from: data) } catch {
            throw Unreadable(description: "it is damaged: \(error)")
        }
    }

    /// Why a snapshot can't be used.
    struct Unreadable: Error, Hashable, CustomStringConvertible { let description: String }

    /// The part of a snapshot that every version has.
    private struct Format: Decodable { var version: Int }
}
