import Dispatch
import Synchronization
import Testing

@testable import LinearAlgebra

struct MemoryTests {
    @Test("What is given back is what the next one of its size gets, uncleared")
    func reuse() {
        // Another test may take a piece in between, and have this one given up for it.
        let isReused = (0..<20).contains { _ in
            let old = Memory.take(bytes: 5_000_008)
            old.start.storeBytes(of: 7, as: Int.self)
            old.giveBack()
            let new = Memory.take(bytes: 5_000_008)
            defer { new.giveBack() }
            return new.start == old.start && new.start.load(as: Int.self) == 7
        }
        #expect(isReused)
    }

    @Test("However many sizes come, little more is held than was in use at once")
    func bound() {
        for size in 0..<200 {
            Memory.take(bytes: 5_000_000 + 8 * size).giveBack()
            let totals = Memory.totals
            #expect(totals.held <= totals.mostUsed + Memory.slack)
        }
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
