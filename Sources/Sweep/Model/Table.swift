/// The rows of a user's CSV, from which the samples of a `table` task are drawn.
public struct Table: Sendable {
    public var rowCount: Int
    /// d
    public var dimension: Int
    /// rowCount x d, row major, as in the file, so not standardised.
    public var features: [Double]
    /// y_g of each row.
    public var labels: [Bool]
    /// The teacher's logit of each row.
    public var teacherLogits: [Double]

    public init(dimension: Int, features: [Double], labels: [Bool], teacherLogits: [Double]) {
        precondition(features.count == labels.count * dimension, "features of another shape")
        precondition(teacherLogits.count == labels.count, "a logit for each label")
        self.rowCount = labels.count
        self.dimension = dimension
        self.features = features
        self.labels = labels
        self.teacherLogits = teacherLogits
    }
}

extension Table {
    /// The features, by position, that give the label away, and what each of them is.
    ///
    /// Cost: a look at the first rows of each feature, and at all rows of one that is such a copy.
    var giveaways: [(feature: Int, what: String)] {
        guard rowCount > 1 else { return [] }
        return (0..<dimension).compactMap { feature in
            func isCopy(of value: (Int) -> Double) -> Bool {
                (0..<rowCount).allSatisfy { features[$0 * dimension + feature] == value($0) }
            }
            if isCopy(of: { labels[$0] ? 1 : 0 }) { return (feature, "a copy of the label") }
            for first in [0, 1] where isCopy(of: { Double($0 + first) }) {
                return (feature, "the number of the row")
            }
            return nil
        }
    }

    /// How many rows have the same features as a row before them. A student that sees two such samples has a
    /// singular kernel, unless there is a ridge.
    ///
    /// Cost: some nanoseconds for each number, and 16 bytes of memory for each row.
    var repeatedRowCount: Int {
        features.withUnsafeBufferPointer { features in
            func row(_ index: Int) -> Slice<UnsafeBufferPointer<Double>> {
                features[index * dimension..<(index + 1) * dimension]
            }
            let hashes = (0..<rowCount).map { (hash: hash(row($0)), row: $0) }
                .sorted { $0.hash < $1.hash }
            var repeated = 0
            var start = 0
            while start < hashes.count {
                var end = start + 1
                while end < hashes.count, hashes[end].hash == hashes[start].hash { end += 1 }
                var distinct: [Int] = []
                for index in hashes[start..<end].map(\.row) {
                    if distinct.contains(where: { row($0).elementsEqual(row(index)) }) {
                        repeated += 1
                    } else {
                        distinct.append(index)
                    }
                }
                start = end
            }
            return repeated
        }
    }
}

/// The same for rows of equal numbers. Only the speed of `repeatedRowCount` depends on how rarely others have
/// the same too.
private func hash(_ row: Slice<UnsafeBufferPointer<Double>>) -> UInt64 {
    row.reduce(0x9E37_79B9_7F4A_7C15) { hash, value in
        // -0 + 0 is 0.
        let mixed = (hash ^ (value + 0).bitPattern) &* 0xBF58_476D_1CE4_E5B9
        return mixed ^ mixed >> 32
    }
}
