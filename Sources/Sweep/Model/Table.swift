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
