import Sweep

/// The sweep that was last run into a results folder, compared with the one that is run into it now.
struct Predecessor {
    let last: Sweep
    let sweep: Sweep

    /// Why the CSVs of the last run would differ from this one's; nil if this sweep asks for the same or more.
    var difference: String? {
        let changes = sweep.changes(from: last)
        if !changes.isEmpty { return "another sweep (\(changes.joined(separator: ", ")))" }
        let fewer = Axis.allCases.filter { axis in
            !Set(last.grid[axis].all).isSubset(of: sweep.grid[axis].all)
        }
        guard !fewer.isEmpty else { return nil }
        return "other values of \(fewer.map(\.key).joined(separator: ", "))"
    }
}
