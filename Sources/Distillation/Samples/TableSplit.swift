import Sweep

/// Which rows of a table are training and test rows for a seed. All rows are put in a random order, which the
/// seed fixes: the first ones are training rows, the last ones test rows.
struct TableSplit {
    /// All rows but the test rows. Features are standardised by their statistics.
    let known: ArraySlice<Int>
    /// The training rows, then the test rows.
    let chosen: [Int]

    init(settings: Settings, rows: Int, seed: Int) {
        let stream = Stream(seed: seed, .split)
        let order = (0..<rows).map { (stream.word($0), $0) }.sorted { $0 < $1 }.map(\.1)
        let test = settings.testSamples
        known = order[..<(order.count - test)]
        chosen = Array(order[..<settings.oracleSamples]) + Array(order[(order.count - test)...])
    }
}
