/// One thing that is wrong with a sweep file, or with a table that it names.
public struct Fault: Hashable, Sendable, CustomStringConvertible {
    /// The file as the user gave it.
    public var file: String
    /// Counted from 1; nil if the fault concerns the whole file.
    public var line: Int?
    /// The key's path, as `grid.width[2]` (counted from 0), or a table's column; empty if neither
    /// applies.
    public var key: String
    /// What is wrong.
    public var problem: String
    /// What would be right.
    public var remedy: String

    public init(file: String, line: Int?, key: String, problem: String, remedy: String) {
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
        self.remedy = remedy
    }

    /// `sweeps/x.yaml:12: task.spread: -1 is out of range; give a number > 0`
    public var description: String {
        let place = line.map { "\(file):\($0)" } ?? file
        let subject = key.isEmpty ? "" : "\(key): "
        return "\(place): \(subject)\(problem); \(remedy)"
    }
}

/// Why a sweep file is refused: every fault that could be found, in the file's order.
public struct SweepFileError: Error, CustomStringConvertible {
    public var faults: [Fault]

    public init(faults: [Fault]) {
        self.faults = faults
    }

    /// A line for each fault.
    public var description: String {
        faults.map(\.description).joined(separator: "\n")
    }
}

/// Gathers faults while a file is read, so that the reading goes on after the first.
final class FaultList {
    /// The file's name in messages.
    let file: String
    private(set) var faults: [Fault] = []
    private var known: Set<Fault> = []

    init(file: String) {
        self.file = file
    }

    /// - Parameter file: Nil for the sweep file.
    func add(
        file: String? = nil, line: Int?, key: String = "", _ problem: String, _ remedy: String
    ) {
        let fault = Fault(
            file: file ?? self.file, line: line, key: key, problem: problem, remedy: remedy)
        // Without this check a value that several aliases refer to would be reported for each of them.
        if known.insert(fault).inserted { faults.append(fault) }
    }

    /// The faults by line, those of other files last.
    var error: SweepFileError {
        let ordered = faults.enumerated().sorted { a, b in
            func rank(_ item: (offset: Int, element: Fault)) -> (Int, Int, Int) {
                let isSweepFile = item.element.file == file
                return (
                    isSweepFile ? 0 : 1, item.element.line ?? (isSweepFile ? 0 : Int.max),
                    item.offset
                )
            }
            return rank(a) < rank(b)
        }
        return SweepFileError(faults: ordered.map(\.element))
    }
}
