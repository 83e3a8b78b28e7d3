/// A dense matrix of doubles that owns its memory; column major, columns one after the other.
///
/// It isn't copyable, so that no copy is made by accident: a solve's matrices take most of a machine's
/// memory.
public struct Matrix: ~Copyable {
    public let rows: Int
    public let columns: Int
    private let memory: Memory
    private let storage: UnsafeMutablePointer<Double>

    /// A matrix whose elements are not set: the caller must write each before reading it.
    public init(rows: Int, columns: Int) {
        self.rows = rows
        self.columns = columns
        let count = max(1, rows * columns)
        memory = Memory.take(bytes: count * MemoryLayout<Double>.stride)
        storage = memory.start.bindMemory(to: Double.self, capacity: count)
    }

    /// A matrix of zeros.
    public static func zeros(rows: Int, columns: Int) -> Matrix {
        let matrix = Matrix(rows: rows, columns: columns)
        matrix.view.fill(0)
        return matrix
    }

    deinit { memory.giveBack() }

    /// The whole matrix. Valid as long as the matrix lives.
    public var view: View { View(storage, rows: rows, columns: columns, stride: max(1, rows)) }

    public subscript(row: Int, column: Int) -> Double {
        get { view[row, column] }
        nonmutating set { view[row, column] = newValue }
    }
}

/// A rectangle of a matrix that lives elsewhere: a pointer with a shape, valid as long as its owner.
///
/// Sendable because its users promise that threads write to separate elements.
public struct View: @unchecked Sendable {
    public let start: UnsafeMutablePointer<Double>
    public let rows: Int
    public let columns: Int
    /// Elements from the start of one column to the next.
    public let stride: Int

    public init(_ start: UnsafeMutablePointer<Double>, rows: Int, columns: Int, stride: Int) {
        self.start = start
        self.rows = rows
        self.columns = columns
        self.stride = stride
    }

    /// The rectangle of these rows and columns.
    public subscript(rows: Range<Int>, columns: Range<Int>) -> View {
        precondition(
            0 <= rows.lowerBound && rows.upperBound <= self.rows
                && 0 <= columns.lowerBound && columns.upperBound <= self.columns,
            "rows \(rows), columns \(columns) of \(self.rows) x \(self.columns)")
        return View(
            start + columns.lowerBound * stride + rows.lowerBound,
            rows: rows.count, columns: columns.count, stride: stride)
    }

    /// These columns, whole.
    public subscript(columns columns: Range<Int>) -> View { self[0..<rows, columns] }

    /// The first `rows` rows.
    public func top(_ rows: Int) -> View { self[0..<rows, 0..<columns] }

    /// The first `order` rows and columns.
    public func leading(_ order: Int) -> View { self[0..<order, 0..<order] }

    public func column(_ column: Int) -> UnsafeMutablePointer<Double> { start + column * stride }

    public subscript(row: Int, column: Int) -> Double {
        get { start[column * stride + row] }
        nonmutating set { start[column * stride + row] = newValue }
    }

    public func fill(_ value: Double) {
        for j in 0..<columns { column(j).update(repeating: value, count: rows) }
    }

    /// Copies a view of the same shape.
    public func update(from other: View) {
        precondition(rows == other.rows && columns == other.columns, "shapes differ")
        for j in 0..<columns { column(j).update(from: other.column(j), count: rows) }
    }

    /// Writes the strict upper triangle's mirror image into the strict lower one. Square views only.
    ///
    /// Works in tiles, so that what is read and what is written both stay in cache. O(n^2).
    public func mirrorUpperToLower(_ threads: Threads) {
        precondition(rows == columns, "only a square matrix has a mirror image")
        let tile = 64
        threads.forEach(below: (columns + tile - 1) / tile) { index in
            let tileColumn = index * tile
            for tileRow in Swift.stride(from: tileColumn, to: rows, by: tile) {
                for j in tileColumn..<min(tileColumn + tile, columns) {
                    let target = column(j)
                    for i in max(tileRow, j + 1)..<max(j + 1, min(tileRow + tile, rows)) {
                        target[i] = start[i * stride + j]
                    }
                }
            }
        }
    }
}
