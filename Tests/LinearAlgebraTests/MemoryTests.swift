import Dispatch
import Synchronization
import Testing

@testable import LinearAlgebra

struct MemoryTests {
    /// Whether memory of the second size is that which was given back of the first, uncleared. Another
    /// test's matrix may come in between and have everything given back, so one time in twenty will do.
    private func isReused(_ first: Int, for second: Int) -> Bool {
        (0..<20).contains { _ in
            let old = Memory.take(bytes: first)
            old.start.storeBytes(of: 7, as: Int.self)
            old.giveBack()
            let new = Memory.take(bytes: second)
            defer { new.giveBack() }
            return new.start == old.start && new.start.load(as: Int.self) == 7
        }
    }

    @Test("What is given back is what the next one gets whom it fits")
    func reuse() {
        #expect(isReused(5_000_008, for: 5_000_008))
        #expect(isReused(19_000_000, for: 5_000_000))
    }

    @Test("A piece fits who asks for as much, or for a quarter")
    func fit() {
        let piece = Memory.take(bytes: 20_000_000)
        defer { piece.giveBack() }
        #expect(piece.fits(20_000_000) && piece.fits(5_000_000))
        #expect(!piece.fits(20_000_001) && !piece.fits(4_999_999))
    }

    @Test("Nobody gets what another has, whatever sizes come and go on several threads")
    func separation() {
        let intrusions = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for round in 0..<100 {
                let matrix = Matrix(rows: 600_000 + 1000 * (round % 3), columns: 1)
                let ends = [0, matrix.rows - 1]
                for end in ends { matrix[end, 0] = Double(thread) }
                let other = Matrix(rows: 600_000, columns: 1)
                for end in ends where end < other.rows { other[end, 0] = -1 }
                if ends.contains(where: { matrix[$0, 0] != Double(thread) }) {
                    intrusions.add(1, ordering: .relaxed)
                }
            }
        }
        #expect(intrusions.load(ordering: .relaxed) == 0)
    }
}
