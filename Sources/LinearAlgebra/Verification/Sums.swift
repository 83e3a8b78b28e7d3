import CElementwise

/// Sums of a matrix's elements times weights w, and of their absolute values times others, s, that are no smaller.
struct Sums: ~Copyable {
    private let memory: Matrix
    let count: Int

    var dots: UnsafeMutablePointer<Double> { memory.view.column(0) }
    var sizes: UnsafeMutablePointer<Double> { memory.view.column(1) }

    init(count: Int) {
        self.count = count
        memory = .zeros(rows: count, columns: 2)
    }

    /// What a pass over a matrix reads and writes. Sendable, as each thread has sums of its own.
    private struct Pass: @unchecked Sendable {
        let w, s: UnsafePointer<Double>
        let dots, sizes: UnsafeMutablePointer<Double>
    }

    private func pass(_ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) -> Pass {
        Pass(w: w, s: s, dots: dots, sizes: sizes)
    }

    /// w^T A, a sum for each column.
    ///
    /// - Parameter copy: where A is copied to in the same pass.
    init(
        ofColumns a: View, copiedTo copy: View? = nil, _ w: UnsafePointer<Double>,
        _ s: UnsafePointer<Double>
    ) {
        precondition(
            copy.map { $0.rows == a.rows && $0.columns == a.columns } ?? true, "shapes differ")
        self.init(count: a.columns)
        let pass = pass(w, s)
        Self.forEachPiece(of: a.columns, elements: a.rows * a.columns) { piece in
            let (first, count) = (piece.lowerBound, piece.count)
            if let copy {
                verify_copied_columns(
                    a.column(first), a.stride, a.rows, count, pass.w, pass.s, pass.dots + first,
                    pass.sizes + first, copy.column(first), copy.stride)
            } else {
                verify_columns(
                    a.column(first), a.stride, a.rows, count, pass.w, pass.s, pass.dots + first,
                    pass.sizes + first)
            }
        }
    }

    /// A w, a sum for each row.
    init(ofRows a: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) {
        self.init(count: a.rows)
        let pass = pass(w, s)
        Self.forEachPiece(of: a.rows, elements: a.rows * a.columns) { piece in
            let first = piece.lowerBound
            verify_rows(
                a.start + first, a.stride, piece.count, a.columns, pass.w, pass.s,
                pass.dots + first, pass.sizes + first)
        }
    }

    /// A w of a symmetric A whose upper triangle is read.
    ///
    /// - Parameters:
    ///   - diagonal: A's, each element `step` after the one before.
    init(
        ofSymmetric a: View, diagonal: UnsafePointer<Double>, step: Int,
        _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>
    ) {
        self.init(count: a.rows)
        nonisolated(unsafe) let diagonal = diagonal
        forEachSquare(of: a, pass(w, s)) { rows, block, all, own in
            verify_symmetric(
                block.start, a.stride, rows.count, diagonal + rows.lowerBound * step, step, own.w,
                own.s, own.dots, own.sizes)
            // Right of the square, and above it, where the elements' mirror images are.
            let right = a[rows, rows.upperBound..<a.columns]
            verify_rows(
                right.start, a.stride, rows.count, right.columns, all.w + rows.upperBound,
                all.s + rows.upperBound, own.dots, own.sizes)
            verify_columns(
                a.column(rows.lowerBound), a.stride, rows.lowerBound, rows.count, all.w, all.s,
                own.dots, own.sizes)
        }
    }

    /// C^T w of a lower triangle.
    init(ofLowerColumns c: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) {
        self.init(count: c.rows)
        forEachSquare(of: c, pass(w, s)) { rows, block, all, own in
            verify_lower_columns(
                block.start, c.stride, rows.count, own.w, own.s, own.dots, own.sizes)
            let below = c[rows.upperBound..<c.rows, rows]
            verify_columns(
                below.start, c.stride, below.rows, rows.count, all.w + rows.upperBound,
                all.s + rows.upperBound, own.dots, own.sizes)
        }
    }

    /// C w of a lower triangle.
    init(ofLowerRows c: View, _ w: UnsafePointer<Double>, _ s: UnsafePointer<Double>) {
        self.init(count: c.rows)
        forEachSquare(of: c, pass(w, s)) { rows, block, all, own in
            verify_lower_rows(
                block.start, c.stride, rows.count, own.w, own.s, own.dots, own.sizes)
            verify_rows(
                c.start + rows.lowerBound, c.stride, rows.count, rows.lowerBound, all.w, all.s,
                own.dots, own.sizes)
        }
    }

    /// Calls `body` for squares that cover the diagonal, each with its rows, its block of the matrix, and what a pass
    /// over the whole matrix, and one over the square, read and write. A square's rows have all their sums from it.
    private func forEachSquare(
        of a: View, _ all: Pass,
        _ body: @Sendable (_ rows: Range<Int>, _ block: View, _ all: Pass, _ own: Pass) -> Void
    ) {
        // Eight times as many pieces as threads: they are of unlike sizes.
        Self.forEachPiece(of: a.rows, elements: a.rows * a.rows / 2, pieces: 8) { rows in
            let first = rows.lowerBound
            body(
                rows, a[rows, rows], all,
                Pass(
                    w: all.w + first, s: all.s + first, dots: all.dots + first,
                    sizes: all.sizes + first))
        }
    }

    /// Elements of a pass that is worth a second thread.
    private static let shared = 1 << 17

    /// Shares out the indices below `count` of a pass over so many elements.
    ///
    /// - Parameter pieces: of each thread.
    private static func forEachPiece(
        of count: Int, elements: Int, pieces: Int = 1, _ body: @Sendable (Range<Int>) -> Void
    ) {
        let threads = Threads(elements >= shared ? blasThreads : 1)
        guard threads.count > 1 else { return body(0..<count) }
        let length = (count / (threads.count * pieces) + 8) & ~7
        threads.forEach(below: (count + length - 1) / length) { index in
            body(index * length..<min(count, (index + 1) * length))
        }
    }
}
