import Foundation
import Seeded
import Testing

@testable import Sweep

@Suite struct SeedCourseTests {
    private static func sweep(
        width: [Width] = [.finite(8)], model: [Model] = [.linearised], steps: [Steps] = [.infinite],
        softRatio: [Double] = [0, 1], atLeast: Int = 4, atMost: Int = 40,
        targets: [Precision.Target]
    ) -> Sweep {
        Sweep(
            name: "course",
            settings: Settings(
                learningTask: .gaussianMixture(
                    GaussianMixture(dimension: 2, components: 2, spread: 0.5, separation: 1)),
                student: .standard, teacherNoise: .gaussian, hardLabelSmoothing: 0.001,
                oracleSamples: 64, testSamples: 100),
            grid: Grid(
                width: width, model: model, steps: steps, sampleSize: [8], softRatio: softRatio,
                teacherNoise: [0], temperature: [1], depth: [1, 2], ridge: [0],
                seed: Array(100..<100 + atMost)),
            metrics: [.studentError, .weightNorm],
            precision: Precision(atLeast: atLeast, targets: targets))
    }

    /// The rule as the theory states it, over the values of one family: by grid point and target, of each seed, nil
    /// where there is none.
    private static func independent(
        _ values: [[[Double?]]], precision: [Double], atLeast: Int, atMost: Int
    ) -> [Int] {
        var ks = [atLeast]
        while true {
            let k = ks.last!
            var w = 0.0
            for point in values {
                for (target, seeds) in point.enumerated() {
                    let known = seeds.prefix(k).compactMap(\.self)
                    guard known.count >= 2 else { continue }
                    let mean = known.reduce(0, +) / Double(known.count)
                    let squares = known.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
                    let sem = (squares / Double((known.count - 1) * known.count)).squareRoot()
                    w = max(w, sem / precision[target])
                }
            }
            guard w > 1, k < atMost else { return ks }
            ks.append(min(atMost, max(k + 1, Int((Double(k) * min(w * w, 4)).rounded(.up)))))
        }
    }

    /// Feeds the rows that the course asks for, in a random order, until it asks for no more.
    ///
    /// - Returns: for each family the numbers of seeds that it had.
    private static func run(
        _ course: inout SeedCourse, of sweep: Sweep, _ generator: inout SeededGenerator,
        row: (Int) -> Row
    ) -> [[Int]] {
        var ks = course.counts.map { [$0] }
        var wanted = (0..<sweep.grid.count).filter(sweep.grid.exists)
        while !wanted.isEmpty {
            wanted.shuffle(using: &generator)
            var next: [Int] = []
            for cell in wanted {
                course.note(row(cell))
                for (family, seeds) in course.advance() {
                    ks[family].append(course.counts[family])
                    next += (0..<sweep.grid.count).filter { cell in
                        let place = sweep.grid.familyAndSeed(ofCell: cell)
                        return place.family == family && seeds.contains(place.seed)
                            && sweep.grid.numbering.exists(cell)
                    }
                }
            }
            wanted = next
        }
        return ks
    }

    @Test(
        "As an independent calculation has it, in whatever order rows come; undefined ones don't count",
        arguments: 0..<60)
    func independent(seed: Int) {
        var generator = SeededGenerator(seed: seed)
        let targets = [
            Precision.Target(
                metric: .studentError, error: .random(in: 0.02...0.2, using: &generator)),
            Precision.Target(
                metric: .weightNorm, error: .random(in: 0.02...0.5, using: &generator)),
        ]
        let sweep = Self.sweep(
            width: [.finite(8), .infinite], atLeast: .random(in: 2...6, using: &generator),
            targets: targets)
        let spread = (0..<4).map { _ in Double.random(in: 0.1...0.5, using: &generator) }
        var rows: [Int: Row] = [:]
        for cell in 0..<sweep.grid.count {
            let family = sweep.grid.familyAndSeed(ofCell: cell).family
            let status =
                generator.chance(0.1)
                ? [Status.singular, .failed, .diverged].randomElement(using: &generator)! : .ok
            let values = [
                Double.random(in: -spread[family]...spread[family], using: &generator),
                generator.chance(0.2) ? .nan : Double.random(in: 0...1, using: &generator),
            ]
            rows[cell] = Row(
                cell: cell, status: status,
                values: status == .ok ? values : [.nan, .nan])
        }
        var course = SeedCourse(of: sweep)!
        let ks = Self.run(&course, of: sweep, &generator) { rows[$0]! }
        for family in 0..<sweep.grid.familyCount {
            let points = (0..<sweep.grid.count).filter {
                sweep.grid.familyAndSeed(ofCell: $0) == (family, 0)
            }
            let values = points.map { first in
                (0..<2).map { target in
                    (0..<sweep.grid.seed.count).map { seed -> Double? in
                        let value = rows[first + seed]!.values[target]
                        return value.isNaN ? nil : value
                    }
                }
            }
            let expected = Self.independent(
                values, precision: targets.map(\.error), atLeast: sweep.precision!.atLeast,
                atMost: sweep.grid.seed.count)
            #expect(ks[family] == expected, "family \(family)")
        }
        #expect(course.isSettled && course.expectedCounts == course.counts)
        // All rows at once, more than are asked for, lead to the same.
        var whole = SeedCourse(of: sweep)!
        for row in rows.values { whole.note(row) }
        _ = whole.advance()
        #expect(whole.counts == course.counts)
    }

    private static func course(
        atLeast: Int = 4, atMost: Int = 40, error: Double = 0.1
    ) -> (sweep: Sweep, course: SeedCourse) {
        let sweep = sweep(
            softRatio: [0], atLeast: atLeast, atMost: atMost,
            targets: [.init(metric: .studentError, error: error)])
        return (sweep, SeedCourse(of: sweep)!)
    }

    /// Rows of all seeds of a family, of these errors.
    private static func note(
        _ errors: [Double], of sweep: Sweep, in course: inout SeedCourse, family: Int = 0,
        status: Status = .ok
    ) {
        for (seed, error) in errors.enumerated() {
            course.note(
                Row(
                    cell: sweep.grid.firstCell(ofFamily: family) + seed, status: status,
                    values: [error, .nan]))
        }
    }

    @Test(
        "The number grows by w^2, fourfold at most and by one at least, up to the most there may be"
    )
    func steps() {
        // Of 0 and 1 in turn the standard error of k is 0.5 / sqrt(k - 1).
        func turns(_ count: Int) -> [Double] { (0..<count).map { Double($0 % 2) } }
        func first(_ error: Double, atMost: Int = 40) -> SeedCourse {
            var (sweep, course) = Self.course(atMost: atMost, error: error)
            Self.note(turns(4), of: sweep, in: &course)
            _ = course.advance()
            return course
        }
        let sem = 0.5 / 3.0.squareRoot()
        #expect(first(sem / 1.5).counts[0] == 9)
        #expect(first(sem / 1.5).expectedCounts?[0] == 9)
        #expect(first(sem / 3).counts[0] == 16)
        #expect(first(sem / 3).expectedCounts?[0] == 36, "as if nothing held the growth back")
        #expect(first(sem / 1.0001).counts[0] == 5)
        #expect(first(sem / 3, atMost: 11).counts[0] == 11)
        #expect(first(sem * 1.0001).counts[0] == 4 && first(sem * 1.0001).families[0].isSettled)
        #expect(first(sem / 3).families[0].worst!.ratio.rounded() == 3)
        // Of the second family nothing is known, so it is taken to need as many.
        #expect(first(sem / 3).counts[1] == 4 && first(sem / 3).expectedCounts?[1] == 36)
        let (sweep, fresh) = Self.course()
        #expect(fresh.expectedCounts == nil && fresh.counts == [4, 4])
        #expect(sweep.grid.cellCount == 8)
    }

    @Test("All seeds, and not known well enough: it ends there, and is told")
    func unreached() {
        var (sweep, course) = Self.course(atMost: 6, error: 0.001)
        for family in 0..<2 {
            Self.note(
                (0..<6).map { $0 % 2 == 0 ? 0 : Double(family) }, of: sweep, in: &course,
                family: family)
        }
        _ = course.advance()
        #expect(course.isSettled && course.counts == [4, 6])
        #expect(course.unreached.count == 1)
        #expect(course.unreached[0].worst!.cell == sweep.grid.firstCell(ofFamily: 1))
    }

    @Test("A family without any standard error gets no more seeds")
    func nothingKnown() {
        var (sweep, course) = Self.course()
        Self.note([1, 2, 3, 4], of: sweep, in: &course, status: .singular)
        _ = course.advance()
        #expect(course.families[0].isSettled && course.families[0].worst == nil)
        #expect(course.counts[0] == 4 && course.unreached.isEmpty)
    }

    @Test("Networks of infinite width don't exist, and don't hold a course up")
    func empty() {
        let sweep = Self.sweep(
            width: [.finite(8), .infinite], model: [.linearised, .network],
            steps: [.finite(10), .infinite], softRatio: [0],
            targets: [.init(metric: .studentError, error: 10)])
        var course = SeedCourse(of: sweep)!
        var generator = SeededGenerator(seed: 1)
        let ks = Self.run(&course, of: sweep, &generator) {
            Row(cell: $0, status: .ok, values: [Double($0), 0])
        }
        #expect(course.isSettled && ks.allSatisfy { $0[0] == 4 })
        // Depth is the next axis after the rows', so families come in the order of width, model and depth.
        #expect(sweep.grid.cellCount(ofSeedIn: 6) == 0 && sweep.grid.cellCount(ofSeedIn: 0) == 2)
        #expect(sweep.grid.cellCount == 4 * 2 * (2 + 1 + 2))
    }

    @Test("A grid with numbers of seeds has the cells of these only")
    func cells() {
        var (sweep, _) = Self.course(atMost: 5)
        #expect(sweep.grid.cellCount(seeds: [5, 5]) == 10)
        sweep.grid.seedCounts = [2, 5]
        #expect(sweep.grid.cellCount == 7)
        let cells = (0..<sweep.grid.count).filter(sweep.grid.exists)
        #expect(cells == [0, 1, 5, 6, 7, 8, 9])
        #expect(sweep.grid.seedCount(ofPoint: 0) == 2 && sweep.grid.seedCount(ofPoint: 1) == 5)
        #expect((0..<10).filter(sweep.grid.hasBlock) == cells)
        // The list of tasks is that of all seeds, so that a task's number stays while a run goes on.
        #expect(sweep.tasks.count == 10)
    }

    @Test("A precision is encoded, and neither the digest nor the settings' depends on it")
    func encoding() throws {
        let sweep = Self.sweep(targets: [.init(metric: .studentError, error: 0.1)])
        #expect(try Sweep(encoded: sweep.encoded()) == sweep)
        let sharper = Self.sweep(
            atLeast: 6, targets: [.init(metric: .weightNorm, error: 0.001)])
        #expect(sharper.digest == sweep.digest && sharper != sweep)
        let plain = Sweep(
            name: "x", settings: sweep.settings, grid: sweep.grid, metrics: sweep.metrics)
        #expect(plain.digest == sweep.digest)
    }
}
