import Testing

@testable import Sweep

@Suite struct GridTests {
    private let grid = BlockTests.sweep.grid

    @Test("A cell's number and its positions say the same, in both directions")
    func numbering() {
        for (index, axis) in Axis.allCases.enumerated() {
            #expect(grid.numbering.strides[index] == grid.shape[(index + 1)...].reduce(1, *))
            #expect(grid[0][axis] == grid[axis][0])
            #expect(grid[grid.count - 1][axis] == grid[axis][grid[axis].count - 1])
        }
        let numbering = grid.numbering
        let parts = [numbering.kernels, numbering.solvers, numbering.sizes, numbering.sides]
        #expect(parts.reduce(1) { $0 * $1.count } == grid.count)
        for cell in 0..<grid.count {
            #expect(parts.reduce(0) { $0 + $1.offset(of: $1.number(ofCell: cell)) } == cell)
        }
        for part in parts {
            for first in 0..<part.count {
                var offsets: [Int] = []
                part.forEachOffset(from: first, count: part.count - first) { index, offset in
                    #expect(index == offsets.count)
                    offsets.append(offset)
                }
                #expect(offsets == (first..<part.count).map(part.offset(of:)))
            }
        }
    }

    @Test("An axis has one key, and one role in a block")
    func axes() {
        #expect(Set(Axis.allCases.map(\.key)).count == Axis.allCases.count)
        #expect(Set(Axis.allCases.map(\.symbol)).count == Axis.allCases.count)
        for axis in Axis.allCases { #expect(Axis(key: axis.key) == axis) }
        #expect(Axis(key: "widht") == nil)
        // The seeds of a grid point lie together, and so do those of a width and depth.
        #expect(Axis.allCases.last == .seed && Axis.all(of: .kernel).last == .seed)
        #expect(Axis.sampleSize.words == "sample size")
    }

    @Test("A cell is what its values are, in whichever grid")
    func cells() {
        var other = grid
        other.softRatio = [0.5]
        other.seed = [5, 3]
        let common = (0..<other.count).map { other[$0] }
        let all = Set((0..<grid.count).map { grid[$0] })
        #expect(common.allSatisfy(all.contains))
        #expect(Set(common).count == other.count)
        #expect(other[0] != other[1])
    }

    // MARK: - Cells that don't exist

    /// Two that overlap: no ridge at width 8, and no depth of 2 or 3 with a ridge or without at width 8.
    private var incomplete: Grid {
        var grid = grid
        grid.impossible = [
            Combination(
                [.width: .among([.integer(8)]), .ridge: .above(0)], because: "width 8 has no ridge"),
            Combination(
                [.width: .among([.integer(8)]), .depth: .among([.integer(2), .integer(3)])],
                because: "width 8 needs depth 1"),
        ]
        return grid
    }

    private func exists(_ cell: Cell) -> Bool {
        cell.width != .finite(8) || (cell.ridge == 0 && cell.depth == 1)
    }

    @Test("How many cells exist is how many are found one by one")
    func count() {
        #expect(grid.cellCount == grid.count)
        let incomplete = incomplete
        for cell in 0..<grid.count {
            #expect(incomplete.exists(cell) == exists(grid[cell]))
        }
        #expect(incomplete.cellCount == (0..<grid.count).count(where: incomplete.exists))
        #expect(incomplete.cellCount < grid.count && incomplete.count == grid.count)
        #expect(incomplete != grid)
    }

    @Test("Tasks and blocks have the cells that exist, each once, and none without cells is a task")
    func tasks() {
        var sweep = BlockTests.sweep
        sweep.grid = incomplete
        var tasksOfCell = [Int](repeating: 0, count: sweep.grid.count)
        let tasks = sweep.tasks
        for number in 0..<tasks.count {
            let task = tasks[number]
            #expect(task.number == number && task.wantedCount > 0)
            task.forEachWanted { place, cell in
                #expect(task.cellNumber(at: place) == cell)
                tasksOfCell[cell] += 1
            }
        }
        for cell in 0..<sweep.grid.count {
            #expect(tasksOfCell[cell] == (sweep.grid.exists(cell) ? 1 : 0))
        }
        let empty = (0..<sweep.blockCount).count { sweep.block($0).wanted.isEmpty }
        #expect(empty == 2 * sweep.grid.seed.count)
    }
}
