import Foundation
import Sweep

import class GRDB.Database

/// Who computed the results of the sweep as run, with what, when, and how long it took: from the tasks that its rows
/// name. A task of an earlier run counts whole, whatever part of it is still used.
public struct Provenance: Hashable, Sendable {
    /// Tasks of one type of processor, library and number of threads.
    public struct Part: Hashable, Sendable {
        /// Nil where it isn't known.
        public var processorType: ProcessorType?
        /// BLAS threads; 0 where it isn't known.
        public var threads: Int
        public var hosts: Set<String> = []
        public var tasks = 0
        /// How many rows they brought.
        public var cells = 0
        /// Wall time of their solves, in all.
        public var seconds = 0.0
    }

    /// The part with the most tasks first.
    public var parts: [Part] = []
    /// How many runs the tasks are from, and the kdsweeps of these, in the order of the first runs.
    public var runs = 0
    public var builds: [String] = []
    /// When the first of these runs began, and the last task ended; nil if there is none.
    public var begunAt: Date?
    public var finishedAt: Date?
}

extension Store {
    /// Throws and costs what `forEachRow` does, and a pass over the tasks.
    public func provenance() throws -> Provenance {
        guard let run else { throw ResultsError.empty(path: path) }
        return try access { database in
            var tasks: Set<Int> = []
            try Self.forEachOrigin(of: run, with: [], in: database) { task, _ in tasks.insert(task)
            }
            var provenance = Provenance()
            var parts: [Key: Provenance.Part] = [:]
            var runs: Set<Int> = []
            let rows = try Prepared(Self.selectTasks(in: database), in: database)
            while try rows.step() {
                guard tasks.contains(rows.int(0)) else { continue }
                let key = Key(
                    name: rows.text(4) ?? "", blas: rows.text(5) ?? "", threads: rows.int(6))
                parts[key, default: key.part].add(
                    host: rows.text(1) ?? "", cells: rows.int(2), seconds: rows.double(3))
                let (begun, ended) = (rows.double(9), rows.double(7))
                provenance.begunAt = min(
                    provenance.begunAt ?? .distantFuture, Date(timeIntervalSince1970: begun))
                provenance.finishedAt = max(
                    provenance.finishedAt ?? .distantPast, Date(timeIntervalSince1970: ended))
                let build = rows.text(10) ?? ""
                if runs.insert(rows.int(8)).inserted, !build.isEmpty,
                    !provenance.builds.contains(build)
                {
                    provenance.builds.append(build)
                }
            }
            provenance.runs = runs.count
            provenance.parts = parts.sorted {
                ($1.value.tasks, $0.key.name, $0.key.blas, $0.key.threads)
                    < ($0.value.tasks, $1.key.name, $1.key.blas, $1.key.threads)
            }.map(\.value)
            return provenance
        }
    }

    private struct Key: Hashable {
        var name: String
        var blas: String
        var threads: Int

        var part: Provenance.Part {
            .init(processorType: ProcessorType(name: name, blas: blas), threads: threads)
        }
    }

    /// Columns: id, host, cells, seconds, processor, blas, threads, the end; run, its begin and its build.
    private static func selectTasks(in database: Database) throws -> String {
        func column(_ name: String, of table: String, absent: String) throws -> String {
            try hasColumn(name, of: table, in: database) ? "\(table).\(name)" : absent
        }
        return try """
        SELECT tasks.id, host, cells, seconds, \(column("processor", of: "tasks", absent: "''")),
            \(column("blas", of: "tasks", absent: "''")), \(column("threads", of: "tasks", absent: "0")),
            finished_at, run, begun_at, \(column("build", of: "runs", absent: "''"))
        FROM tasks JOIN runs ON runs.id = run ORDER BY tasks.id
        """
    }
}

extension Provenance.Part {
    fileprivate mutating func add(host: String, cells: Int, seconds: Double) {
        hosts.insert(host)
        tasks += 1
        self.cells += cells
        self.seconds += seconds
    }
}
