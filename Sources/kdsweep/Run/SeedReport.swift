import Foundation
import Sweep

/// How many seeds the families of a sweep have got, and whether that was enough.
struct SeedReport {
    /// A family, for `run --json`.
    struct Family: Encodable {
        var width: String
        var model: String
        var depth: Int
        var seeds: Int
        /// Whether its standard errors are within the precision; false also of a family that has all the seeds that
        /// there may be, or that isn't complete.
        var isPrecise: Bool
        /// The standard error that is farthest from its target; nil if no grid point has one.
        var metric: String?
        var error: Double?
        var precision: Double?
    }

    private let grid: Grid
    private let course: SeedCourse

    /// Nil if the sweep's seeds follow no precision.
    init?(of sweep: Sweep, _ course: SeedCourse?) {
        guard let course else { return nil }
        grid = sweep.grid
        self.course = course
    }

    /// Whether no family gets more.
    var isSettled: Bool { course.isSettled }

    /// Of those that have cells, in grid order.
    var families: [Family] {
        course.families.enumerated().compactMap { number, family in
            guard grid.cellCount(ofSeedIn: number) > 0 else { return nil }
            let cell = grid[grid.firstCell(ofFamily: number)]
            return Family(
                width: "\(cell.width)", model: cell.model.rawValue, depth: cell.depth,
                seeds: family.seeds, isPrecise: family.isSettled && family.worst?.ratio ?? 0 <= 1,
                metric: family.worst?.target.metric.rawValue, error: family.worst?.error,
                precision: family.worst?.target.error)
        }
    }

    /// `seeds: 8 to 96, by width, model and depth; every standard error is as small as asked for`
    var lines: [String] {
        let families = families
        let counts = families.map(\.seeds)
        let (least, most) = (counts.min() ?? 0, counts.max() ?? 0)
        let range = inWords(least...most) + (least == most ? "" : ", by \(Axis.familyWords)")
        guard isSettled else { return ["seeds: \(range) so far"] }
        guard let worst = course.unreached.compactMap(\.worst).max(by: { $0.ratio < $1.ratio })
        else { return ["seeds: \(range); every standard error is as small as asked for"] }
        let count = course.unreached.count
        let which = families.count == 1 ? "" : "in \(count) of \(families.count) families "
        return [
            "seeds: \(range); \(which)these are all that there may be, and not enough",
            "The standard error of \(worst.target.metric.rawValue) is \(significant(worst.error)) at "
                + "\(place(of: worst.cell)), where \(worst.target.error) was asked for. What helps: a larger "
                + "grid.seed.at_most than \(grid.seed.count)",
        ]
    }

    /// `width 64, sample_size 16`: the axes that have several values.
    private func place(of cell: Int) -> String {
        let axes = Axis.allCases.filter { $0 != .seed && grid[$0].count > 1 }
        guard !axes.isEmpty else { return "the only grid point" }
        return axes.map { "\($0.key) \(grid[cell][$0])" }.joined(separator: ", ")
    }

    private func significant(_ value: Double) -> String {
        String(format: "%.2g", value)
    }
}
