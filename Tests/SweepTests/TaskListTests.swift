import Sweep
import Testing

@Suite struct TaskListTests {
    /// A sweep of random sizes, many of them heavy in right-hand sides.
    private static func sweep(_ generator: inout SplitMix) -> Sweep {
        func count(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }
        func axis(_ range: ClosedRange<Int>) -> [Double] {
            (0..<count(range)).map { Double($0) + 1 }
        }
        let oracle = count(1...300)
        return Sweep(
            name: "random",
            settings: Settings(
                learningTask: .gaussianMixture(
                    GaussianMixture(
                        dimension: count(1...40), components: 2, spread: 1, separation: 1)),
                student: Student(activation: .relu, weightScale: 1.5, biasScale: 0.1),
                teacherNoise: count(0...1) == 0 ? .gaussian : .smooth(lengthscale: 1),
                hardLabelSmoothing: 0.001, oracleSamples: oracle, testSamples: count(1...300)),
            grid: Grid(
                width: [.finite(count(1...64)), .infinite, .finite(count(65...900))],
                sampleSize: (0..<count(1...4)).map { min(oracle, 1 + $0 * 7) },
                softRatio: axis(1...40), teacherNoise: axis(1...12), temperature: axis(1...9),
                depth: [1, count(2...4)], ridge: axis(1...3), seed: Array(0..<count(1...3))),
            metrics: Metric.allCases)
    }

    @Test(arguments: 0..<300) func slicesPartitionTheCellsAndAddAQuarterAtMost(seed: Int) {
        var generator = SplitMix(state: UInt64(seed))
        let sweep = Self.sweep(&generator)
        let tasks = sweep.tasks
        let blocks = (0..<sweep.blockCount).map(sweep.block)
        var next = 0
        for block in blocks {
            // A block's slices follow each other, and hold its columns in their order.
            var columns = 0
            var work = 0.0
            while columns < block.rightHandSideCount {
                let task = tasks[next]
                #expect(task.number == next)
                #expect(
                    (task.width, task.depth, task.seed) == (block.width, block.depth, block.seed))
                for column in [0, task.rightHandSideCount - 1] {
                    #expect(
                        task.rightHandSide(column) == block.rightHandSide(columns + column))
                    let size = block.places.sizes - 1
                    #expect(
                        task.cellNumber(
                            at: task.places.number(solver: 0, size: size, column: column))
                            == block.cellNumber(
                                at: block.places.number(
                                    solver: 0, size: size, column: columns + column)))
                }
                #expect(task.wantedCount == task.places.count)
                #expect(sweep.cost(of: task).memory <= sweep.cost(of: block).memory)
                columns += task.rightHandSideCount
                work += sweep.cost(of: task).work
                next += 1
            }
            let whole = sweep.cost(of: block).work
            #expect(columns == block.rightHandSideCount)
            #expect(work <= 1.25 * whole, "\(work / whole)")
        }
        #expect(next == tasks.count)
    }

    @Test func manyOfThoseSweepsAreSliced() {
        let sliced = (0..<300).count { seed in
            var generator = SplitMix(state: UInt64(seed))
            let sweep = Self.sweep(&generator)
            return sweep.tasks.count > sweep.blockCount
        }
        #expect(sliced > 30, "\(sliced) of 300")
    }

    @Test func everyCellIsInOneTask() {
        var sweep = BlockTests.sweep
        sweep.grid.softRatio = (0..<700).map { Double($0) / 699 }
        let tasks = sweep.tasks
        #expect(tasks.count > sweep.blockCount)
        var tasksOfCell = [Int](repeating: 0, count: sweep.grid.count)
        for number in 0..<tasks.count {
            let task = tasks[number]
            for place in 0..<task.places.count { tasksOfCell[task.cellNumber(at: place)] += 1 }
        }
        #expect(tasksOfCell.allSatisfy { $0 == 1 })
    }

    @Test func aSliceNeedsMemoryForItsOwnColumns() {
        var sweep = BlockTests.sweep
        sweep.grid.softRatio = (0..<20_000).map { Double($0) / 19_999 }
        let (whole, slice) = (sweep.cost(of: sweep.block(0)), sweep.cost(of: sweep.tasks[0]))
        let columns = Double(sweep.tasks[0].rightHandSideCount)
        let doubles = 4.0 * 150 * (200_000 - columns)
        #expect(abs(whole.memory - slice.memory - 8 * doubles) < 1)
        #expect(slice.memory - 100e6 < 0.1 * (whole.memory - 100e6))
    }

    @Test func aBlockThatIsLightInColumnsIsOneTask() {
        let (sweep, tasks) = (BlockTests.sweep, BlockTests.sweep.tasks)
        #expect(tasks.count == sweep.blockCount)
        for number in 0..<tasks.count { #expect(tasks[number] == sweep.block(number)) }
    }

    /// What is stored, and so wanted, doesn't move a task.
    @Test func anOverlongListOfSeedsSlicesAsAShortOne() {
        var sweep = BlockTests.sweep
        sweep.grid.softRatio = (0..<700).map { Double($0) / 699 }
        let slices = sweep.tasks.count / sweep.blockCount
        sweep.grid.seed = Array(0..<1000)
        #expect(sweep.tasks.count / sweep.blockCount == slices)
    }
}
