/// The tasks that no worker has, and which of them is the next for a worker with that much memory.
///
/// Each task has a rank, its position in the order longest first, and a turn, its position in the order round
/// by round and longest first within a round.
struct WaitingTasks: Sendable {
    /// The memory classes of those that wait, by rank and by turn.
    private var byRank: MinimumTree
    private var byTurn: MinimumTree
    /// Each rank's turn, and each turn's rank.
    private let turns: [Int32]
    private let ranks: [Int32]
    /// How many wait, by memory class.
    private(set) var counts: [Int]
    private(set) var count: Int

    /// All of them wait. O(n log n).
    ///
    /// - Parameters:
    ///   - classes: each rank's memory class, below `classCount`.
    ///   - rounds: each rank's round.
    init(classes: [Int], classCount: Int, rounds: [Int]) {
        let ranks = classes.indices.sorted { (rounds[$0], $0) < (rounds[$1], $1) }
        var turns = [Int32](repeating: 0, count: ranks.count)
        for (turn, rank) in ranks.enumerated() { turns[rank] = Int32(turn) }
        self.turns = turns
        self.ranks = ranks.map(Int32.init)
        byRank = MinimumTree(classes)
        byTurn = MinimumTree(ranks.map { classes[$0] })
        counts = [Int](repeating: 0, count: classCount)
        for memoryClass in classes { counts[memoryClass] += 1 }
        count = classes.count
    }

    var isEmpty: Bool { count == 0 }

    func contains(_ rank: Int) -> Bool { byRank[rank] != nil }

    /// Whether a task waits whose memory class is below this.
    func contains(below limit: Int) -> Bool { byRank.minimum < limit }

    mutating func insert(_ rank: Int, memoryClass: Int) {
        guard !contains(rank) else { return }
        count += 1
        counts[memoryClass] += 1
        byRank[rank] = memoryClass
        byTurn[Int(turns[rank])] = memoryClass
    }

    mutating func remove(_ rank: Int) {
        guard let memoryClass = byRank[rank] else { return }
        count -= 1
        counts[memoryClass] -= 1
        byRank[rank] = nil
        byTurn[Int(turns[rank])] = nil
    }

    /// The longest task that waits, from the rank `start` on, with a memory class below `limit`. O(log n).
    func longest(from start: Int, below limit: Int) -> Int? {
        byRank.first(from: start, below: limit)
    }

    /// The rank of the task whose turn it is: of those that wait with a memory class below `limit` the first
    /// by round, and the longest of that round. O(log n).
    func next(below limit: Int) -> Int? {
        byTurn.first(from: 0, below: limit).map { Int(ranks[$0]) }
    }
}
