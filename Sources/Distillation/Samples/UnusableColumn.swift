import Foundation
import Sweep

/// A column that can't be standardised for one of the sweep's seeds (see `Standardisation`), what is wrong
/// with it and what would be right; nil if there is none.
///
/// Cost: a pass over the table, and for each seed passes over the columns that have extremely large or small
/// values.
public func unusableColumn(
    of table: Table, in sweep: Sweep
) -> (column: String, problem: String, remedy: String)? {
    guard let reference = sweep.table else { return nil }
    let suspects = suspects(table)
    guard !suspects.isEmpty else { return nil }
    for seed in sweep.grid.seed {
        let split = TableSplit(settings: sweep.settings, rows: table.rowCount, seed: seed)
        for feature in suspects {
            let values = split.known.map { table.features[$0 * table.dimension + feature] }
            let standardised = values.withUnsafeBufferPointer { Standardisation(of: $0) }
            let isUsable = split.chosen.allSatisfy {
                Standardisation.isUsable(
                    standardised(table.features[$0 * table.dimension + feature]))
            }
            guard isUsable else {
                return (
                    reference.features[feature], "\(Standardisation.problem) (seed \(seed))",
                    "mend or remove the row, or leave the column out of task.features"
                )
            }
        }
    }
    return nil
}

/// The features that some split might fail to standardise: those with a value, other than 0, below 10^-60 or
/// above 10^60 in size. Without one x stays below 10^140 in a table of any length, since two unequal values
/// differ by at least 2^-53 of the smaller one.
private func suspects(_ table: Table) -> [Int] {
    var isSuspect = [Bool](repeating: false, count: table.dimension)
    var feature = 0
    for value in table.features {
        let size = abs(value)
        if size != 0, size < 1e-60 || size > 1e60 { isSuspect[feature] = true }
        feature += 1
        if feature == table.dimension { feature = 0 }
    }
    return isSuspect.indices.filter { isSuspect[$0] }
}
