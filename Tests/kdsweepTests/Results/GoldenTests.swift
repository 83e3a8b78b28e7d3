import Foundation
import Testing

/// The sweeps that an independent program, which solves each cell by itself, computed too.
struct GoldenTests {
    @Test(
        "The whole line gives the independent program's numbers",
        arguments: [
            ("mixture", 1000), ("erf-flip", 500), ("table", 800), ("trained-relu", 400),
            ("trained-erf", 300),
        ])
    func agrees(name: String, testSamples: Int) throws {
        let workspace = try Workspace()
        let run = try workspace.run("run", fixture("\(name).yaml").path, "--workers", "2")
        #expect(run.status == 0, "\(run.errors)")
        let ours = try CSVTable(workspace.read("results/\(name)/cells.csv"))
        let theirs = try CSVTable(String(contentsOf: fixture("\(name).csv"), encoding: .utf8))
        let faults = ours.faults(against: theirs, testSamples: testSamples)
        #expect(faults.isEmpty, "\(faults.count) faults: \(faults.prefix(10))")
        print("\(name): \(theirs.rows.count) cells agree with the independent program")
    }

    @Test("The comparison finds a number that is off, a missing row and another status")
    func comparisonFails() throws {
        let text = try String(contentsOf: fixture("mixture.csv"), encoding: .utf8)
        let table = CSVTable(text)
        #expect(table.faults(against: table, testSamples: 1000).isEmpty)
        for (column, value) in [
            ("weight_norm", "22.102124"), ("oracle_angle", "1.3012"), ("student_error", "0.222"),
            ("status", "singular"), ("corrected", "0.5"), ("seed", "1"), ("train_residual", "1e-6"),
        ] {
            var changed = table
            changed.rows[0][column] = value
            #expect(changed.faults(against: table, testSamples: 1000).count == 1, "\(column)")
        }
        var short = table
        short.rows.removeLast()
        #expect(!short.faults(against: table, testSamples: 1000).isEmpty)
        var shifted = table
        for row in shifted.rows.indices {
            let value = Double(shifted.rows[row]["student_error"]!)!
            shifted.rows[row]["student_error"] = "\(value + 0.001)"
        }
        #expect(!shifted.faults(against: table, testSamples: 1000).isEmpty)
    }
}

/// A CSV without quotes, by column name.
struct CSVTable {
    let header: [String]
    var rows: [[String: String]]

    init(_ text: String) {
        let lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        let header = lines[0]
        self.header = header
        rows = lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    private static let axes = [
        "width", "steps", "sample_size", "soft_ratio", "teacher_noise", "temperature", "depth",
        "ridge",
        "seed",
    ]

    /// Where this isn't the same sweep within round-off: a sign at round-off may turn two test points of a
    /// row, a twentieth of a point on average.
    func faults(against expected: CSVTable, testSamples: Int) -> [String] {
        guard rows.count == expected.rows.count else {
            return ["\(rows.count) rows, not \(expected.rows.count)"]
        }
        var faults: [String] = []
        var slack: [String: Double] = [:]
        for (number, (wanted, got)) in zip(expected.rows, rows).enumerated() {
            let isTrained = wanted["steps"].map { $0 != "inf" } ?? false
            let interpolates = Double(wanted["ridge"]!)! == 0 && !isTrained
            for name in expected.header where wanted[name] != got[name] {
                guard let e = wanted[name].flatMap(Double.init),
                    let v = got[name].flatMap(Double.init),
                    Self.isClose(
                        name, e, v, interpolates: interpolates, isTrained, testSamples,
                        slack: &slack)
                else {
                    faults.append("row \(number) \(name): \(got[name] ?? "no column")")
                    continue
                }
            }
        }
        for (name, sum) in slack where sum / Double(rows.count) > 0.05 / Double(testSamples) {
            faults.append("\(name): off by \(sum / Double(rows.count)) on average")
        }
        return faults
    }

    private static func isClose(
        _ name: String, _ wanted: Double, _ value: Double, interpolates: Bool, _ isTrained: Bool,
        _ testSamples: Int, slack: inout [String: Double]
    ) -> Bool {
        let gap = abs(wanted - value)
        switch name {
        case _ where axes.contains(name): return gap <= 1e-12 * max(1, abs(wanted))
        case _ where name.hasPrefix("weight_norm"):
            return gap <= (isTrained ? 1e-6 : 1e-8) * abs(wanted) + 1e-12
        case "oracle_angle": return gap <= 1e-6
        case "train_residual":
            return interpolates
                ? value <= max(1e-8, 1e3 * wanted) : gap <= 1e-6 * max(1, wanted)
        case "linearisation_gap", "weight_change", "kernel_change", "sharpness", "excess_loss":
            return gap <= 1e-9 + 1e-6 * abs(wanted)
        case "kernel_condition": return wanted / 3 <= value && value <= wanted * 3
        case "corrected", "spoiled", "train_corrected": return gap <= 0.05
        default:
            slack[name, default: 0] += gap
            return gap <= 2.01 / Double(testSamples)
        }
    }
}
