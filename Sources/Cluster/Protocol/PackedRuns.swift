/// Ascending runs as they are sent: for each run the gap after the one before, and its length.
func packed(_ runs: [Range<Int>]) -> [UInt64] {
    var packed: [UInt64] = []
    var end = 0
    for run in runs {
        packed.append(UInt64(run.lowerBound - end))
        packed.append(UInt64(run.count))
        end = run.upperBound
    }
    return packed
}

/// - Throws: if a run is empty, touches the one before, or ends beyond what an integer holds.
func unpacked(_ packed: [UInt64]) throws(Malformed) -> [Range<Int>] {
    let malformed = Malformed(description: "places that are no ascending runs")
    guard packed.count.isMultiple(of: 2) else { throw malformed }
    var runs: [Range<Int>] = []
    var end = 0
    for index in stride(from: 0, to: packed.count, by: 2) {
        guard let gap = Int(exactly: packed[index]), let length = Int(exactly: packed[index + 1]),
            length > 0, gap > 0 || runs.isEmpty
        else { throw malformed }
        let (start, startsBeyond) = end.addingReportingOverflow(gap)
        let (next, endsBeyond) = start.addingReportingOverflow(length)
        guard !startsBeyond, !endsBeyond else { throw malformed }
        runs.append(start..<next)
        end = next
    }
    return runs
}
