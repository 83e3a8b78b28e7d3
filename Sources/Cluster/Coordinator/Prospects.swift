import Sweep

/// Tasks that may come to be wanted in a run, as results show that more are needed.
public struct Prospects {
    /// With the cells that are not stored.
    public var blocks: [Block]
    /// The numbers of those that the stored results ask for, each given once. Called after each storing.
    public var wanted: () -> [Int]
    /// How many cells the run is expected to compute in all, the certain ones among them; nil before anything tells.
    public var expected: () -> Int?

    /// - Parameters: as the properties.
    public init(
        blocks: [Block], wanted: @escaping () -> [Int], expected: @escaping () -> Int?
    ) {
        self.blocks = blocks
        self.wanted = wanted
        self.expected = expected
    }

    /// None.
    public init() { self.init(blocks: [], wanted: { [] }, expected: { nil }) }
}
