import Sweep

/// How long a run would take whose seeds follow a precision: with those that are expected, if something tells how many
/// these are, and with all that there may be. The plan itself is of those that are certain.
struct SeedForecast {
    /// How many seeds the families certainly have, from the fewest to the most.
    let certain: ClosedRange<Int>
    let expected: Size?
    let most: Size
    /// Whether more seeds than the certain ones may come.
    let isOpen: Bool

    /// A plan's size with some numbers of seeds.
    struct Size: Codable, Hashable {
        /// Of the families' numbers of seeds the least and the greatest.
        var fewestSeeds: Int
        var mostSeeds: Int
        var cells: Int
        /// From the command to the CSVs.
        var seconds: Double
    }

    /// - Parameters:
    ///   - course: of the sweep's seeds, from what is stored.
    ///   - seconds: of a run of the sweep with the families' numbers of seeds that its grid has.
    init(_ sweep: Sweep, _ course: SeedCourse, seconds: (Sweep) -> Double) {
        func size(_ counts: [Int]) -> Size {
            var sweep = sweep
            sweep.grid.seedCounts = counts
            return Size(
                fewestSeeds: counts.min()!, mostSeeds: counts.max()!,
                cells: sweep.grid.cellCount, seconds: seconds(sweep))
        }
        certain = course.counts.min()!...course.counts.max()!
        expected = course.expectedCounts.map(size)
        most = size(course.counts.map { _ in sweep.grid.seed.count })
        isOpen = !course.isSettled
    }
}
