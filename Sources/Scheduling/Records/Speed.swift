/// How long work takes, by what has been finished.
struct Speed: Sendable {
    /// The share of its weight that a measurement keeps when the next one comes. So about the last
    /// twenty count: enough to smooth over results that arrive together, few enough to follow a machine
    /// that slows down because others use it too.
    private static let memory = 0.95

    private var seconds = 0.0
    private var cost = 0.0

    /// Seconds for each unit of cost; nil before the first measurement.
    var secondsPerCost: Double? { cost > 0 ? seconds / cost : nil }

    mutating func record(cost newCost: Double, took duration: Duration) {
        seconds = seconds * Self.memory + duration / .seconds(1)
        cost = cost * Self.memory + newCost
    }
}
