/// The ranks of the tasks that no worker has, and a search for the first that fits a worker's memory.
///
/// A tree over the ranks holds the smallest memory class below each node, so that a search skips
/// subtrees without a fitting task: insertion, removal and search cost O(log n).
struct WaitingTasks: Sendable {
    /// The leaf of a rank that doesn't wait.
    private static let nothing = Int32.max

    /// Node 1 is the root, the children of i are 2 i and 2 i + 1, the leaves are the ranks.
    private var least: [Int32]
    private let leaves: Int
    /// How many wait, by memory class.
    private(set) var counts: [Int]
    private(set) var count: Int

    /// All of them wait. O(n).
    ///
    /// - Parameters:
    ///   - classes: each rank's memory class, below `classCount`.
    init(classes: [Int], classCount: Int) {
        var leaves = 1
        while leaves < classes.count { leaves *= 2 }
        self.leaves = leaves
        least = [Int32](repeating: Self.nothing, count: 2 * leaves)
        counts = [Int](repeating: 0, count: classCount)
        count = classes.count
        for (rank, need) in classes.enumerated() {
            least[leaves + rank] = Int32(need)
            counts[need] += 1
        }
        for node in (1..<leaves).reversed() {
            least[node] = min(least[2 * node], least[2 * node + 1])
        }
    }

    var isEmpty: Bool { count == 0 }

    func contains(_ rank: Int) -> Bool { least[leaves + rank] != Self.nothing }

    /// Whether a task waits whose memory class is below this.
    func contains(below limit: Int) -> Bool { Int(least[1]) < limit }

    mutating func insert(_ rank: Int, memoryClass: Int) {
        guard !contains(rank) else { return }
        count += 1
        counts[memoryClass] += 1
        set(rank, Int32(memoryClass))
    }

    mutating func remove(_ rank: Int) {
        guard contains(rank) else { return }
        count -= 1
        counts[Int(least[leaves + rank])] -= 1
        set(rank, Self.nothing)
    }

    /// The smallest rank that waits, from `start` on, with a memory class below `limit`.
    func first(from start: Int, below limit: Int) -> Int? {
        guard start < leaves else { return nil }
        var node = leaves + start
        while Int(least[node]) >= limit {
            // Goes on with the subtree to the right of those that were searched.
            while !node.isMultiple(of: 2) { node /= 2 }
            guard node > 0 else { return nil }
            node += 1
        }
        while node < leaves {
            node *= 2
            if Int(least[node]) >= limit { node += 1 }
        }
        return node - leaves
    }

    private mutating func set(_ rank: Int, _ value: Int32) {
        var node = leaves + rank
        least[node] = value
        while node > 1 {
            node /= 2
            let smaller = min(least[2 * node], least[2 * node + 1])
            guard smaller != least[node] else { return }
            least[node] = smaller
        }
    }
}
