import Sweep
import Testing

@Suite struct BlockTests {
    /// Axes of different lengths, so that no two can be mistaken for each other.
    static let sweep = Sweep(
        name: "blocks",
        settings: Settings(
            learningTask: .gaussianMixture(
                GaussianMixture(dimension: 3, components: 2, spread: 1, separation: 1)),
            student: Student(activation: .relu, weightScale: 1.5, biasScale: 0.1),
            teacherNoise: .gaussian, hardLabelSmoothing: 0.001, oracleSamples: 100,
            testSamples: 50),
        grid: Grid(
            width: [.finite(8), .infinite], sampleSize: [10, 20, 100],
            softRatio: [0, 0.25, 0.5, 1], teacherNoise: [0, 0.5, 1, 2, 4],
            temperature: [1, 2], depth: [1, 2, 3], ridge: [0, 0.1], seed: [7, 3, 5, 11]),
        metrics: Metric.allCases)

    @Test func everyCellIsInOneBlock() {
        let sweep = Self.sweep
        var blocksOfCell = [Int](repeating: 0, count: sweep.grid.count)
        for number in 0..<sweep.blockCount {
            let block = sweep.block(number)
            #expect(block.number == number)
            #expect(block.wanted == [0..<block.places.count])
            for place in 0..<block.places.count { blocksOfCell[block.cellNumber(at: place)] += 1 }
        }
        #expect(sweep.blockCount == 2 * 3 * 4)
        #expect(blocksOfCell.allSatisfy { $0 == 1 })
    }

    @Test func aPlaceIsTheCellOfItsRidgeSizeAndColumn() {
        let sweep = Self.sweep
        for number in [0, 5, 17, 23] {
            let block = sweep.block(number)
            for (r, ridge) in sweep.grid.ridge.enumerated() {
                for (n, size) in block.sampleSizes.enumerated() {
                    for column in 0..<block.rightHandSideCount {
                        let place = block.places.number(solver: r, size: n, column: column)
                        let side = block.rightHandSide(column)
                        let cell = sweep.grid[block.cellNumber(at: place)]
                        #expect(
                            cell
                                == Grid(
                                    width: [block.width], sampleSize: [size],
                                    softRatio: [side.softRatio], teacherNoise: [side.teacherNoise],
                                    temperature: [side.temperature], depth: [block.depth],
                                    ridge: [ridge], seed: [block.seed])[0])
                    }
                }
            }
        }
    }

    @Test func widthVariesSlowestAndSeedFastest() {
        let sweep = Self.sweep
        let blocks = (0..<sweep.blockCount).map(sweep.block)
        #expect(blocks.prefix(4).map(\.seed) == [7, 3, 5, 11])
        #expect(
            blocks.map(\.depth) == [
                1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
            ])
        #expect(blocks[11].width == .finite(8))
        #expect(blocks[12].width == .infinite)
    }

    @Test func cellsAreNumberedInGridOrder() {
        let grid = Self.sweep.grid
        #expect(grid.count == grid.shape.reduce(1, *))
        #expect(grid[0].seed == 7 && grid[1].seed == 3 && grid[4].ridge == 0.1)
        #expect(grid[grid.count / 2 - 1].width == .finite(8))
        #expect(grid[grid.count / 2].width == .infinite)
        #expect(Set((0..<grid.count).map { grid[$0] }).count == grid.count)
    }

    @Test func narrowedKeepsTheWantedCellsAsRuns() throws {
        let block = Self.sweep.block(6)
        let places: Set<Int> = [0, 1, 2, 5, 40, 41, block.places.count - 1]
        let wanted = Set(places.map(block.cellNumber))
        let narrowed = try #require(block.narrowed(to: wanted.contains))
        #expect(
            narrowed.wanted == [0..<3, 5..<6, 40..<42, block.places.count - 1..<block.places.count])
        #expect(narrowed.wantedCount == 7)
        #expect(narrowed.places.count == block.places.count)
        #expect(narrowed != block)
        let again = try #require(narrowed.narrowed { $0 != block.cellNumber(at: 1) })
        #expect(again.wanted.prefix(3) == [0..<1, 2..<3, 5..<6])
        #expect(block.narrowed { _ in true } == block)
        #expect(block.narrowed { _ in false } == nil)
    }
}
