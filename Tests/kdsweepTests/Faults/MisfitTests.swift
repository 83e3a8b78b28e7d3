import Foundation
import Testing

struct MisfitTests {
    @Test("Cells that need more memory than a worker has fail with the reason, the others are done")
    func tooLarge() throws {
        let workspace = try Workspace()
        // A billion units: some 4 TB. No machine that runs tests has them.
        try workspace.write(
            "wide.yaml",
            """
            task: {kind: gaussian-mixture, dimension: 3, components: 4, spread: 0.5, separation: 2}
            oracle_samples: 64
            test_samples: 50
            grid: {width: [1000000000, 200], sample_size: [10, 40], soft_ratio: [0, 1], teacher_noise: 0, depth: 2, seed: [0, 1]}
            """)
        let run = try workspace.run("run", "wide.yaml", "--workers", "2")
        #expect(run.status == 1, "\(run.errors)")
        let rows = try Self.rows(of: workspace)
        #expect(rows.count == 16)
        for row in rows {
            if row.hasPrefix("1000000000,") {
                #expect(row.contains(",failed,,"), "\(row)")
                #expect(row.contains("\"needs 3648.2 GB, the largest worker has "), "\(row)")
            } else {
                #expect(row.contains(",ok,") && row.hasSuffix(","), "\(row)")
            }
        }
        #expect(run.errors.contains("the largest worker has"), "\(run.errors)")
        // With one worker there is twice as much for it.
        let shared = Self.memory(rows[0])
        #expect(try workspace.run("run", "wide.yaml", "--workers", "1").status == 1)
        let alone = Self.memory(try Self.rows(of: workspace)[0])
        #expect(abs(alone / shared - 2) < 0.1, "\(alone) and \(shared) GB")
    }

    private static func rows(of workspace: Workspace) throws -> [Substring] {
        Array(try workspace.read("results/wide/cells.csv").split(separator: "\n").dropFirst())
    }

    /// Gigabytes of the largest worker, by the row's error.
    private static func memory(_ row: Substring) -> Double {
        Double(row.split(separator: " ").dropLast().last ?? "") ?? .nan
    }
}
