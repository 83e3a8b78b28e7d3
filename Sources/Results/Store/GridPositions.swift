import Sweep

/// Finds cell and block numbers from axis values as the store has them.
struct GridPositions {
    let grid: Grid
    /// One for each axis of a kernel, and of a row, in the order of the store's columns.
    private let kernelAxes: [Lookup]
    private let rowAxes: [Lookup]

    /// For each value of an axis, what it contributes to a cell's number.
    private enum Lookup {
        case integers([Int: Int])
        case reals([Double: Int])

        init(_ axis: Axis, of grid: Grid) {
            let stride = grid.numbering.strides[axis.rawValue]
            let values = grid[axis].all.enumerated()
            if axis.isIntegral {
                self = .integers(
                    Dictionary(values.map { ($1.integer, $0 * stride) }) { first, _ in first })
            } else {
                self = .reals(
                    Dictionary(values.map { ($1.number, $0 * stride) }) { first, _ in first })
            }
        }

        func offset(of row: Prepared, at column: Int) -> Int? {
            switch self {
            case .integers(let offsets): offsets[row.int(column)]
            case .reals(let offsets): offsets[row.double(column)]
            }
        }
    }

    init(_ grid: Grid) {
        self.grid = grid
        kernelAxes = Schema.kernelAxes.map { Lookup($0, of: grid) }
        rowAxes = Schema.rowAxes.map { Lookup($0, of: grid) }
    }

    var blockCount: Int { grid.numbering.kernels.count }

    /// The number of the block that a cell belongs to.
    func block(ofCell cell: Int) -> Int { grid.numbering.kernels.number(ofCell: cell) }

    /// The number of a block's first cell.
    func firstCell(ofBlock block: Int) -> Int { grid.numbering.kernels.offset(of: block) }

    /// The number of the block of a kernel whose axes are in the row's columns from `column` on; nil if the
    /// grid has no such kernel.
    func block(of row: Prepared, from column: Int) -> Int? {
        Self.sum(kernelAxes, row, from: column).map(block(ofCell:))
    }

    /// How far a cell's number is from that of its block's first cell. The cell's axes are in the row's
    /// first columns. Nil if the grid has no such cell.
    func offset(of row: Prepared) -> Int? { Self.sum(rowAxes, row, from: 0) }

    private static func sum(_ axes: [Lookup], _ row: Prepared, from column: Int) -> Int? {
        var sum = 0
        for (index, axis) in axes.enumerated() {
            guard let offset = axis.offset(of: row, at: column + index) else { return nil }
            sum += offset
        }
        return sum
    }
}

extension Prepared {
    /// Binds the cell's value of an axis, in the form in which the store has it.
    func bind(_ axis: Axis, of cell: Cell, at parameter: Int) {
        let value = cell[axis]
        if axis.isIntegral {
            bind(value.integer, at: parameter)
        } else {
            bind(value.number, at: parameter)
        }
    }
}
