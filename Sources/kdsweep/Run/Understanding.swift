import Foundation
import Sweep

/// What a sweep file was understood to ask for, in words that `plan` and `run` share.
struct Understanding {
    let sweep: Sweep
    /// How many rows of the table have the same features as a row before them.
    let repeatedRows: Int

    init(_ sweep: Sweep, repeatedRows: Int) {
        self.sweep = sweep
        self.repeatedRows = repeatedRows
    }

    /// The values of each axis: `sample_size    16, 32, 64, ... 1024 (7 values)`.
    var axes: [String] {
        let width = Axis.allCases.map(\.key.count).max() ?? 0
        return Axis.allCases.map { axis in
            let name = axis.key.padding(toLength: width, withPad: " ", startingAt: 0)
            let values =
                (axis == .seed ? precision : nil)
                ?? some(sweep.grid[axis].all.map(\.description), of: "values")
            return "\(name)  \(values)"
        }
    }

    /// How many seeds there are where these follow a precision: `8 to 256 from 0 on, as many as it takes: standard
    /// errors of student_error at most 0.001`; nil elsewhere.
    var precision: String? {
        guard let precision = sweep.precision else { return nil }
        let targets = precision.targets.map { "\($0.metric.rawValue) at most \($0.error)" }
        let seeds = sweep.grid.seed
        return
            "\(precision.atLeast) to \(seeds.count) from \(seeds[0]) on, as many as it takes: standard errors of "
            + targets.joined(separator: ", ")
    }

    /// Which of a table's columns are features: `pixel_0, pixel_1, pixel_2, ... pixel_63 (64 columns)`; nil
    /// without a table.
    var features: String? {
        sweep.table.map { some($0.features.map(oneLine), of: "columns") }
    }

    /// What makes results worth less than they look, and what would help.
    var warnings: [String] {
        var warnings: [String] = []
        if sweep.grid.seed.count == 1 {
            warnings.append(
                "one seed only, so the means have no standard errors; grid.seed: {count: 8} asks for eight"
            )
        }
        if repeatedRows > 0 {
            let rows = repeatedRows == 1 ? "1 row" : "\(repeatedRows) rows"
            warnings.append(
                "\(rows) of the table have the same features as a row before them; where a student "
                    + "sees both, its kernel is singular, unless grid.ridge is above 0")
        }
        return warnings
    }

    /// A list, shortened in its middle.
    private func some(_ items: [String], of noun: String) -> String {
        guard items.count > 4 else { return items.joined(separator: ", ") }
        let last = items.last ?? ""
        return "\(items.prefix(3).joined(separator: ", ")), ... \(last) (\(items.count) \(noun))"
    }
}
