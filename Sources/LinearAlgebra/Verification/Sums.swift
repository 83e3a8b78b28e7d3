import CElementwise

/// Sums of a matrix's elements times weights, and of their absolute values times others that are no smaller.
struct Sums: ~Copyable {
    private let memory: Matrix
    let count: Int

    var dots: UnsafeMutablePointer<Double> { memory.view.column(0) }
    var sizes: UnsafeMutablePointer<Double> { memory.view.column(1) }

    init(count: Int) {
        self.count = count
        memory = .zeros(rows: count, columns: 2)
    }

    /// Elements of a pass that is worth a second thread.
    private static let shared = 1 << 17

    private static func threads(for elements: Int) -> Threads {
        Threads(elements >= shared ? blasThreads : 1)
    }

    /// w^T A, a sum for each column.
    init(
        ofColumns a: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>
    ) {
        self.init(count: a.columns)
        let (dots, sizes) = (SendablePointer(dots), SendablePointer(sizes))
        let (w, s) = (SendablePointer(mutating: w), SendablePointer(mutating: s))
        Self.forEachPiece(of: a.columns, Self.threads(for: a.rows * a.columns)) { piece in
            verify_columns(
                a.start + piece.lowerBound * a.stride, a.stride, a.rows, piece.count, w.pointer,
                s.pointer, dots.pointer + piece.lowerBound, sizes.pointer + piece.lowerBound)
        }
    }

    /// w^T A of what is copied, in the same pass.
    init(
        ofColumns a: View, copiedTo copy: View, _ w: UnsafePointer<Double>,
        _ s: UnsafePointer<Double>
    ) {
        precondition(a.rows == copy.rows && a.columns == copy.columns, "shapes differ")
        self.init(count: a.columns)
        let (dots, sizes) = (SendablePointer(dots), SendablePointer(sizes))
        let (w, s) = (SendablePointer(mutating: w), SendablePointer(mutating: s))
        Self.forEachPiece(of: a.columns, Self.threads(for: a.rows * a.columns)) { piece in
            verify_copied_columns(
                a.start + piece.lowerBound * a.stride, a.stride, a.rows, piece.count, w.pointer,
                s.pointer, dots.pointer + piece.lowerBound, sizes.pointer + piece.lowerBound,
                copy.start + piece.lowerBound * copy.stride, copy.stride)
        }
    }

    /// A w, a sum for each row.
    init(ofRows a: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) {
        self.init(count: a.rows)
        let (dots, sizes) = (SendablePointer(dots), SendablePointer(sizes))
        let (w, s) = (SendablePointer(mutating: w), SendablePointer(mutating: s))
        Self.forEachPiece(of: a.rows, Self.threads(for: a.rows * a.columns)) { piece in
            verify_rows(
                a.start + piece.lowerBound, a.stride, piece.count, a.columns, w.pointer, s.pointer,
                dots.pointer + piece.lowerBound, sizes.pointer + piece.lowerBound)
        }
    }

    /// A w of a symmetric A whose upper triangle is read.
    init(
        ofSymmetric a: View, diagonal: UnsafePointer<Double>, step: Int,
        _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>
    ) {
        self.init(count: a.rows)
        forEachSquare(of: a, w, s, diagonal) { square in
            let (rows, w, s) = (square.rows, square.w, square.s)
            verify_symmetric(
                square.block.start, a.stride, rows.count, square.diagonal + rows.lowerBound * step,
                step, w + rows.lowerBound, s + rows.lowerBound, square.dots, square.sizes)
            // Right of the square, and above it, where the elements' mirror images are.
            let right = a[rows, rows.upperBound..<a.columns]
            verify_rows(
                right.start, a.stride, rows.count, right.columns, w + rows.upperBound,
                s + rows.upperBound, square.dots, square.sizes)
            let above = a[0..<rows.lowerBound, rows]
            verify_columns(
                above.start, a.stride, above.rows, rows.count, w, s, square.dots, square.sizes)
        }
    }

    /// C^T w of a lower triangle.
    init(ofLowerColumns c: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) {
        self.init(count: c.rows)
        forEachSquare(of: c, w, s) { square in
            let (rows, w, s) = (square.rows, square.w, square.s)
            verify_lower_columns(
                square.block.start, c.stride, rows.count, w + rows.lowerBound,
                s + rows.lowerBound, square.dots, square.sizes)
            let below = c[rows.upperBound..<c.rows, rows]
            verify_columns(
                below.start, c.stride, below.rows, rows.count, w + rows.upperBound,
                s + rows.upperBound, square.dots, square.sizes)
        }
    }

    /// C w of a lower triangle.
    init(ofLowerRows c: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) {
        self.init(count: c.rows)
        forEachSquare(of: c, w, s) { square in
            let (rows, w, s) = (square.rows, square.w, square.s)
            verify_lower_rows(
                square.block.start, c.stride, rows.count, w + rows.lowerBound,
                s + rows.lowerBound, square.dots, square.sizes)
            let left = c[rows, 0..<rows.lowerBound]
            verify_rows(
                left.start, c.stride, rows.count, left.columns, w, s, square.dots, square.sizes)
        }
    }

    /// A square on the diagonal, and what its rows' sums need: all of it is one thread's.
    private struct Square: @unchecked Sendable {
        let rows: Range<Int>
        let block: View
        let w, s, diagonal: UnsafePointer<Double>
        /// Of its rows.
        let dots, sizes: UnsafeMutablePointer<Double>
    }

    private func forEachSquare(
        of a: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>,
        _ diagonal: UnsafePointer<Double>? = nil, _ body: @Sendable (Square) -> Void
    ) {
        let whole = Square(
            rows: 0..<a.rows, block: a, w: w, s: s, diagonal: diagonal ?? w, dots: dots,
            sizes: sizes)
        // Eight times as many pieces as threads: they are of unlike sizes.
        Self.forEachPiece(of: a.rows, Self.threads(for: a.rows * a.rows / 2), pieces: 8) { rows in
            body(
                Square(
                    rows: rows, block: a[rows, rows], w: whole.w, s: whole.s,
                    diagonal: whole.diagonal, dots: whole.dots + rows.lowerBound,
                    sizes: whole.sizes + rows.lowerBound))
        }
    }

    /// - Parameter pieces: of each thread.
    private static func forEachPiece(
        of count: Int, _ threads: Threads, pieces: Int = 1, _ body: @Sendable (Range<Int>) -> Void
    ) {
        guard threads.count > 1 else { return body(0..<count) }
        let length = (count / (threads.count * pieces) + 8) & ~7
        threads.forEach(below: (count + length - 1) / length) { index in
            body(index * length..<min(count, (index + 1) * length))
        }
    }
}

/// A pointer to elements of which each thread writes its own.
private struct SendablePointer: @unchecked Sendable {
    let pointer: UnsafeMutablePointer<Double>

    init(_ pointer: UnsafeMutablePointer<Double>) { self.pointer = pointer }
    init(mutating pointer: UnsafePointer<Double>) {
        self.pointer = UnsafeMutablePointer(mutating: pointer)
    }
}
