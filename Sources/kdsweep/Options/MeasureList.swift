import ArgumentParser
import Figures

/// `student_error,teacher_error`
struct MeasureList: ExpressibleByArgument {
    let measures: [Measure]

    init?(argument: String) {
        let found = argument.split(separator: ",", omittingEmptySubsequences: false)
            .map { Measure(name: String($0)) }
        guard !found.contains(nil), Set(found).count == found.count else { return nil }
        measures = found.compactMap { $0 }
    }

    static var allValueStrings: [String] { Measure.allCases.map(\.name) }
}
