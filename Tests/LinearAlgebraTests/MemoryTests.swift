import Dispatch
import Synchronization
import Testing

@testable import LinearAlgebra

struct MemoryTests {
    @Test("What is given back is what the next one of its size gets, uncleared")
    func reuse() {
        // Another test's matrix may come in between and have everything given back.
        let isReused = (0..<20).contains { _ in
            let first = Memory.take(bytes: 5_000_008)
            first.storeBytes(of: 7, as: Int.self)
            Memory.give(first, bytes: 5_000_008)
            let second = Memory.take(bytes: 5_000_008)
            defer { Memory.give(second, bytes: 5_000_008) }
            return second == first && second.load(as: Int.self) == 7
        }
        #expect(isReused)
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
