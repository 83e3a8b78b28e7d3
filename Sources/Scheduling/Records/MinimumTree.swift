/// Positions in a fixed order, and a search for the first of them whose value is below a limit.
///
/// Each node has the smallest value below it, so that a search skips subtrees without a fitting leaf: insertion,
/// removal and search cost O(log n).
struct MinimumTree: Sendable {
    /// The leaf of a position that isn't there.
    private static let nothing = Int32.max

    /// Node 1 is the root, the children of i are 2 i and 2 i + 1, the leaves are the positions.
    private var least: [Int32]
    private let leaves: Int

    /// - Parameter values: of all positions, each below 2^31 - 1. O(n).
    init(_ values: [Int]) {
        var leaves = 1
        while leaves < values.count { leaves *= 2 }
        self.leaves = leaves
        least = [Int32](repeating: Self.nothing, count: 2 * leaves)
        for (position, value) in values.enumerated() { least[leaves + position] = Int32(value) }
        for node in (1..<leaves).reversed() {
            least[node] = min(least[2 * node], least[2 * node + 1])
        }
    }

    /// The smallest value; larger than any other number if there is none.
    var minimum: Int { Int(least[1]) }

    /// The position's value; nil if it isn't there.
    subscript(position: Int) -> Int? {
        get {
            let value = least[leaves + position]
            return value == Self.nothing ? nil : Int(value)
        }
        set { set(position, newValue.map(Int32.init) ?? Self.nothing) }
    }

    /// The smallest position, from `start` on, with a value below `limit`.
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

    private mutating func set(_ position: Int, _ value: Int32) {
        var node = leaves + position
        least[node] = value
        while node > 1 {
            node /= 2
            let smaller = min(least[2 * node], least[2 * node + 1])
            guard smaller != least[node] else { return }
            least[node] = smaller
        }
    }
}
