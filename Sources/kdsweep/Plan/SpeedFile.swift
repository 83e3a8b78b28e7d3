import Cluster
import Foundation
import LinearAlgebra

/// The file in which this user's plans keep measured speeds: `$KDSWEEP_HOME/speed.json`, by default
/// `~/.kdsweep/speed.json`. Each of several machines that share the folder has its own entries.
struct SpeedFile {
    /// What a speed was measured of. The build is a part of it, since another may be faster.
    struct Key: Hashable, Codable {
        var processorType: String
        var blas: String
        var cores: Int
        /// How many processes were measured at once, and the BLAS threads of each.
        var processes: Int
        var threads: Int
        var build: String

        /// The key for this machine and a run with this many workers.
        init(processes: Int, threads: Int) {
            let machine = Machine.current
            processorType = machine.processorType
            blas = blasName()
            cores = machine.cores
            self.processes = processes
            self.threads = threads
            build = Build.current
        }
    }

    struct Entry: Hashable, Codable {
        var key: Key
        var measuredAt: Date
        var speed: RunSpeed
    }

    let url: URL

    /// How many entries are kept. Older ones are mostly of builds that are gone.
    private static let mostEntries = 32

    init(folder: URL = AccessFolder().url.deletingLastPathComponent()) {
        url = folder.appending(path: "speed.json")
    }

    /// The kept entries; none where there is no file, or where this build can't read it.
    private var entries: [Entry] {
        guard let data = try? Data(contentsOf: url) else { return [] }
        return (try? JSONDecoder().decode([Entry].self, from: data)) ?? []
    }

    func entry(for key: Key) -> Entry? { entries.last { $0.key == key } }

    /// Keeps the entry, in place of an older one with its key, and the newest of the others.
    ///
    /// - Throws: if the file can't be written; it is then as it was.
    func keep(_ entry: Entry) throws {
        let others = entries.filter { $0.key != entry.key }.suffix(Self.mostEntries - 1)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700])
        try encoder.encode(others + [entry]).write(to: url, options: .atomic)
    }
}
