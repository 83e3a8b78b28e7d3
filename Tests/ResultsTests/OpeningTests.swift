import Foundation
import Host
import Sweep
import Testing

import class GRDB.DatabaseQueue

@testable import Results

@Suite struct OpeningTests {
    @Test func refusesASecondRunAndAllowsAReader() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            var store: Store? = try Store(in: folder, for: .running)
            try store?.run(sweep, sweep.everything)
            let holder = "process \(getpid()) on \(hostName)"
            #expect(throws: ResultsError.inUse(folder: folder.url.path, holder: holder)) {
                try Store(in: folder, for: .running)
            }
            #expect(try Store(in: folder, for: .reading).rows().count == sweep.grid.count)
            store = nil
            _ = try Store(in: folder, for: .running)
        }
    }

    @Test func theHoldEndsWithAKilledProcess() throws {
        try withFolder { folder in
            try folder.create()
            let holder = Process()
            holder.executableURL = URL(filePath: "/usr/bin/flock")
            holder.arguments = [
                "--no-fork", folder.url.appending(path: ".lock").path, "sleep", "60",
            ]
            try holder.run()
            defer { holder.terminate() }
            while (try? Store(in: folder, for: .running)) != nil { usleep(10_000) }
            kill(holder.processIdentifier, SIGKILL)
            holder.waitUntilExit()
            _ = try Store(in: folder, for: .running)
        }
    }

    @Test func keepsWhatAKilledProcessCommitted() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            // What lies on the disk at this moment is what a killed process would leave.
            try withFolder { killed in
                try FileManager.default.copyItem(at: folder.url, to: killed.url)
                #expect(try Store(in: killed, for: .reading).rows() == store.rows())
                #expect(try Store(in: killed, for: .running).rows() == store.rows())
            }
        }
    }

    @Test func remembersTheSweepAsRun() throws {
        try withFolder { folder in
            try Store(in: folder, for: .running).run(smallSweep(seed: [1]), [])
            try Store(in: folder, for: .running).run(smallSweep(seed: [2]), [])
            #expect(try Store(in: folder, for: .reading).sweep == smallSweep(seed: [2]))
        }
    }

    @Test func exportsWhatAnEarlierBuildWithOtherNumericsStored() throws {
        try withFolder { folder in
            let sweep = smallSweep()
            let store = try Store(in: folder, for: .running)
            try store.run(sweep, sweep.everything)
            try store.access { try $0.execute(sql: "UPDATE contexts SET digest = 'older'") }
            #expect(try store.stored(of: sweep).cells.count == 0)
            #expect(try Store(in: folder, for: .reading).rows().count == sweep.grid.count)
            try store.run(sweep, [sweep.computed(block: 0) { _, _ in 99 }])
            #expect(try store.rows().map(\.values) == Array(repeating: [99, 99], count: 8))
        }
    }

    @Test func refusesAFolderWithoutAStore() throws {
        try withFolder { folder in
            #expect(throws: ResultsError.missing(path: folder.store.path)) {
                try Store(in: folder, for: .reading)
            }
            let store = try Store(in: folder, for: .running)
            #expect(throws: ResultsError.empty(path: folder.store.path)) { try store.rows() }
        }
    }

    @Test func refusesWhatIsNotAStoreAndLeavesIt() throws {
        try withFolder { folder in
            try folder.create()
            for foreign in ["width,sample_size\n", String(repeating: "x", count: 4096)] {
                try foreign.write(to: folder.store, atomically: true, encoding: .utf8)
                #expect(throws: ResultsError.foreign(path: folder.store.path)) {
                    try Store(in: folder, for: .running)
                }
                #expect(try text(folder.store) == foreign)
            }
            try FileManager.default.removeItem(at: folder.store)
            let database = try DatabaseQueue(path: folder.store.path)
            try database.write { try $0.execute(sql: "CREATE TABLE rows (x)") }
            #expect(throws: ResultsError.foreign(path: folder.store.path)) {
                try Store(in: folder, for: .running)
            }
        }
    }

    @Test func refusesANewerStore() throws {
        try withFolder { folder in
            _ = try Store(in: folder, for: .running)
            let database = try DatabaseQueue(path: folder.store.path)
            try database.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA user_version = 7")
            }
            try database.close()
            #expect(
                throws: ResultsError.newer(
                    path: folder.store.path, version: 7, supported: Int(Schema.version))
            ) { try Store(in: folder, for: .running) }
        }
    }

    @Test func refusesAFolderThatIsAFile() throws {
        try withFolder { folder in
            try "".write(to: folder.url, atomically: true, encoding: .utf8)
            #expect(throws: ResultsError.self) { try Store(in: folder, for: .running) }
        }
    }

    @Test func aStoreThatIsAFolderIsRefused() throws {
        try withFolder { folder in
            try FileManager.default.createDirectory(
                at: folder.store, withIntermediateDirectories: true)
            #expect(throws: ResultsError.self) { try Store(in: folder, for: .running) }
        }
    }

    /// The metrics are columns and their order is in the stored bits: a change of either needs
    /// another `Schema.version`.
    @Test func thisVersionHasTheseMetrics() {
        #expect(Schema.version == 6)
        #expect(
            Metric.allCases.map(\.rawValue).joined(separator: " ") == """
                transfer_risk student_error teacher_error corrected spoiled train_corrected \
                weight_norm weight_norm_next weight_norm_lower weight_norm_upper oracle_risk \
                oracle_transfer_risk oracle_angle risk_bound risk_bound_refined risk_bound_tight \
                train_residual kernel_condition excess_loss limit_risk sharpness \
                linearisation_gap linearisation_risk weight_change kernel_change
                """)
    }
}
