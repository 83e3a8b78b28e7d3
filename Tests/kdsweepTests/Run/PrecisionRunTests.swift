import Foundation
import Testing
import Waiting

/// Runs whose seeds follow a precision: as many as an independent calculation has them, whatever happens to the run.
struct PrecisionRunTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    private func sweep(_ seeds: String, tests: Int = 200) -> String {
        """
        task: {kind: gaussian-mixture, dimension: 4, components: 6, spread: 0.6, separation: 1.5, seed: 3}
        oracle_samples: 64
        test_samples: \(tests)
        grid:
          width: [16, inf]
          depth: [1, 2]
          sample_size: [16, 48]
          soft_ratio: [0, 1]
          teacher_noise: [0, 1]
          ridge: 1e-6
          seed: \(seeds)
        """
    }

    private static let coarse =
        "{at_least: 4, at_most: 60, precision: {student_error: 0.016, transfer_risk: 0.02}}"
    private static let sharp =
        "{at_least: 4, at_most: 60, precision: {student_error: 0.014, transfer_risk: 0.02}}"

    private func run(
        _ name: String, _ seeds: String, _ options: String...
    ) throws -> Command.Result {
        try workspace.write("seeds.yaml", sweep(seeds))
        return try Command(
            ["run", "seeds.yaml", "--output", name] + options, in: workspace.folder
        ).wait()
    }

    /// How many seeds each (width, model, depth) should have, by its first cells, as the theory states the rule; and
    /// whether it is known well enough.
    ///
    /// - Parameter rows: of cells.csv, all of them.
    static func independentSeeds(
        _ rows: [[String: String]], atLeast: Int, atMost: Int, precision: [String: Double]
    ) -> [String: (seeds: Int, isPrecise: Bool)] {
        let families = Dictionary(grouping: rows) { row in
            ["width", "model", "depth"].map { row[$0]! }.joined(separator: ",")
        }
        return families.mapValues { rows in
            let points = Dictionary(grouping: rows) { row in
                ["steps", "sample_size", "soft_ratio", "teacher_noise", "temperature", "ridge"]
                    .map { row[$0]! }
            }
            var k = atLeast
            while true {
                var w = 0.0
                for rows in points.values {
                    for (metric, wanted) in precision {
                        let values = rows.filter { Int($0["seed"]!)! < k && $0["status"] == "ok" }
                            .compactMap { Double($0[metric]!) }
                        guard values.count > 1 else { continue }
                        let mean = values.reduce(0, +) / Double(values.count)
                        let squares = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
                        let count = Double(values.count)
                        w = max(w, (squares / (count - 1) / count).squareRoot() / wanted)
                    }
                }
                guard w > 1, k < atMost else { return (k, w <= 1) }
                k = min(atMost, max(k + 1, Int((Double(k) * min(w * w, 4)).rounded(.up))))
            }
        }
    }

    /// How many seeds each (width, model, depth) has in cells.csv.
    static func seeds(_ rows: [[String: String]]) -> [String: Int] {
        Dictionary(grouping: rows) { row in
            ["width", "model", "depth"].map { row[$0]! }.joined(separator: ",")
        }.mapValues { Set($0.map { $0["seed"]! }).count }
    }

    private struct Finished: Decodable {
        struct Family: Decodable {
            var width: String
            var depth: Int
            var seeds: Int
            var isPrecise: Bool
            var metric: String
            var error: Double
        }

        var cells: Int
        var families: [Family]

        /// What a run with --json has printed.
        static func of(_ result: Command.Result) throws -> Finished {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Finished.self, from: Data(result.output.utf8))
        }
    }

    @Test("One, two and three workers: the seeds of an independent calculation, and the same bytes")
    func independent() throws {
        var bytes: [[String]] = []
        for workers in 1...3 {
            let result = try run("by-\(workers)", Self.coarse, "--workers", "\(workers)", "--json")
            #expect(result.status == 0, "\(result.errors)")
            #expect(result.errors.contains("every standard error is as small as asked for"))
            bytes.append(try workspace.csvs("by-\(workers)"))
            let rows = CSVTable(bytes.last![0]).rows
            let expected = Self.independentSeeds(
                rows, atLeast: 4, atMost: 60,
                precision: ["student_error": 0.016, "transfer_risk": 0.02])
            #expect(Self.seeds(rows) == expected.mapValues(\.seeds))
            #expect(!expected.values.map(\.isPrecise).contains(false))
            #expect(Set(expected.values.map(\.seeds)).count > 1, "families need different numbers")
            // A seed has all its cells: 2 sizes x 2 soft ratios x 2 noises.
            #expect(rows.count == 8 * expected.values.reduce(0) { $0 + $1.seeds })
            let finished = try Finished.of(result)
            #expect(finished.cells == rows.count)
            for family in finished.families {
                let key = "\(family.width),linearised,\(family.depth)"
                #expect(family.seeds == expected[key]?.seeds && family.isPrecise)
                #expect(family.error <= (family.metric == "student_error" ? 0.016 : 0.02))
            }
            for line in CSVTable(bytes.last![1]).rows {
                let key = "\(line["width"]!),linearised,\(line["depth"]!)"
                #expect(line["seeds"] == expected[key].map { "\($0.seeds)" })
            }
        }
        #expect(bytes[0] == bytes[1] && bytes[0] == bytes[2])
    }

    @Test(
        "A sharper precision continues from what is stored, and writes what it would have written at once"
    )
    func sharper() throws {
        #expect(try run("grown", Self.coarse).status == 0)
        let before = try workspace.csvs("grown")
        let plan = try planned("grown", Self.sharp)
        #expect(plan.contains("are certain; this plan is of these"), "\(plan)")
        #expect(plan.contains("by the results that are stored"), "\(plan)")
        #expect(plan.contains("at most 60: 1,920 cells"), "\(plan)")
        let stored = try StoredTasks(workspace.folder.appendingPathComponent("grown")).cells
        #expect(try run("grown", Self.sharp).status == 0)
        #expect(try run("once", Self.sharp).status == 0)
        #expect(try workspace.csvs("grown") == workspace.csvs("once"))
        let all = try StoredTasks(workspace.folder.appendingPathComponent("grown"))
        #expect(all.cells == all.rows && stored < all.cells, "nothing is computed twice")
        // Nothing is left to do, and the coarser precision has its own results again.
        let again = try run("grown", Self.coarse)
        #expect(again.status == 0 && again.errors.contains("0 are new"), "\(again.errors)")
        #expect(try workspace.csvs("grown") == before)
        #expect(try planned("grown", Self.coarse).contains("no more are needed"))
        let exported = try workspace.run("export", "grown")
        #expect(exported.status == 0 && !exported.errors.contains("missing"), "\(exported.errors)")
        #expect(try workspace.csvs("grown") == before)
        #expect(try planned("new", Self.coarse).contains("how many more it takes follows from"))
    }

    private func planned(_ name: String, _ seeds: String) throws -> String {
        try workspace.write("seeds.yaml", sweep(seeds))
        let plan = try workspace.run("plan", "seeds.yaml", "--output", name)
        #expect(plan.status == 0, "\(plan.errors)")
        return plan.output
    }

    @Test("All seeds that there may be, and not enough: that is said, and is no failure")
    func unreached() throws {
        let result = try run(
            "short", "{from: 7, at_least: 3, at_most: 6, precision: {student_error: 0.0001}}",
            "--json")
        #expect(result.status == 0, "\(result.errors)")
        #expect(
            result.errors.contains(
                "seeds: 6; in 4 of 4 families these are all that there may be, and not enough"),
            "\(result.errors)")
        #expect(result.errors.contains("grid.seed.at_most than 6"))
        let finished = try Finished.of(result)
        #expect(finished.families.allSatisfy { $0.seeds == 6 && !$0.isPrecise })
        let rows = CSVTable(try workspace.read("short/cells.csv")).rows
        #expect(Set(rows.map { $0["seed"]! }) == Set((7..<13).map(String.init)))
    }

    @Test(
        "Interrupted and resumed again and again, it takes the same course; status says what is expected"
    )
    func interrupted() throws {
        #expect(try run("whole", Self.sharp).status == 0)
        try workspace.write("seeds.yaml", sweep(Self.sharp))
        let folder = workspace.folder.appendingPathComponent("torn")
        var expectations = 0
        var ends = 0
        for tasks in [5, 20, 40, 60, 1_000_000] {
            let command = try Command(
                ["run", "seeds.yaml", "--output", "torn", "--workers", "2"], in: workspace.folder)
            var workers: [pid_t] = []
            try eventually {
                workers = command.workers
                return workers.count == 2 || command.status != nil
            }
            let brake = Brake(workers, centiseconds: 4)
            try eventually(within: .seconds(120)) {
                if let state = try? workspace.run("status", "torn", "--json").output,
                    state.contains("\"expected\"")
                {
                    expectations += 1
                }
                return command.status != nil || StoredTasks.count(folder) >= tasks
            }
            if command.status == nil { command.signal(ends % 2 == 0 ? SIGKILL : SIGINT) }
            brake.release()
            _ = try command.wait()
            ends += 1
            let (whole, torn) = (try workspace.csvs("whole"), try? workspace.csvs("torn"))
            if whole == torn { break }
        }
        #expect(ends > 2 && expectations > 0, "\(ends) runs, expected in \(expectations)")
        #expect(try run("torn", Self.sharp).status == 0)
        #expect(try workspace.csvs("torn") == workspace.csvs("whole"))
        let stored = try StoredTasks(folder)
        #expect(stored.cells == stored.rows, "nothing was stored twice")
    }
}
