import Foundation

/// A sweep as its file gives it, and the files that it was checked against.
public struct SweepReading: Sendable {
    public let sweep: Sweep
    /// The files that the sweep reads: the bytes that were checked, as a file that is opened again may hold
    /// others.
    public let attachments: Attachments

    /// Checks a table's rows for a sweep. Returns a column that the sweep can't use, why not, and what would
    /// be right; nil if it can use all.
    public typealias Judgement =
        (Sweep, Table) -> (column: String, problem: String, remedy: String)?

    /// Reads and checks a sweep file, and the table that it may name. Each file is read once. While the table
    /// is checked, its bytes and its numbers are in memory.
    ///
    /// - Parameters:
    ///   - file: Messages name it by its relative path, if it has one. A table's path is relative to its
    ///     folder; or, if it is a pipe or a terminal, to the current folder.
    ///   - judge: Called if nothing else is wrong.
    /// - Throws: An error with every fault that can be found.
    public init(file: URL, judge: Judgement = { _, _ in nil }) throws(SweepFileError) {
        let faults = FaultList(file: file.relativePath)
        guard let (data, isStream) = bytes(of: file) else {
            faults.add(
                line: nil, unreadable(file, name: file.relativePath),
                "give the path of a sweep file")
            throw faults.error
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            faults.add(
                line: firstInvalidLine(of: data), "this is not UTF-8", "save the file as UTF-8")
            throw faults.error
        }
        try self.init(text: text, file: file, isStream: isStream, judge: judge)
    }

    /// - Parameter file: Where the text comes from; it is not read.
    init(
        text: String, file: URL, isStream: Bool, judge: Judgement = { _, _ in nil }
    ) throws(SweepFileError) {
        let faults = FaultList(file: file.relativePath)
        let reader = SweepReader(text, file: file, isStream: isStream, faults: faults)
        guard let reader, let sweep = reader.sweep() else {
            precondition(!faults.faults.isEmpty, "a sweep is refused for a reason")
            throw faults.error
        }
        if faults.faults.isEmpty, let table = reader.table.rows,
            let (column, problem, remedy) = judge(sweep, table)
        {
            faults.add(
                file: reader.table.name, line: nil, key: "column \(shown(column))", problem, remedy)
        }
        guard faults.faults.isEmpty else { throw faults.error }
        self.sweep = sweep
        var attachments = Attachments()
        if let table = sweep.table { attachments[table.digest] = reader.table.data }
        self.attachments = attachments
    }
}

extension Sweep {
    /// Reads and checks a sweep file, and the table that it may name, as `SweepReading` does.
    ///
    /// - Throws: An error with every fault that can be found.
    public init(file: URL) throws(SweepFileError) {
        self = try SweepReading(file: file).sweep
    }

    /// Checks a sweep file's text.
    ///
    /// - Parameter file: Where the text comes from; it is not read.
    /// - Throws: An error with every fault that can be found.
    public init(text: String, file: URL) throws(SweepFileError) {
        self = try SweepReading(text: text, file: file, isStream: false).sweep
    }
}

/// The bytes of a file, and whether it is a stream: a pipe, as of a shell's `<(...)`, or a terminal, which can
/// be read only once and has no name for the results. Nil if it can't be read.
private func bytes(of file: URL) -> (data: Data, isStream: Bool)? {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFIFO || kind == S_IFCHR || kind == S_IFSOCK else {
        return (try? Data(contentsOf: file)).map { ($0, false) }
    }
    guard let handle = FileHandle(forReadingAtPath: file.path),
        let data = try? handle.readToEnd() ?? Data()
    else { return nil }
    return (data, true)
}

/// Why a file could not be read.
func unreadable(_ file: URL, name: String) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder) else {
        return "\(name) does not exist"
    }
    return isFolder.boolValue ? "\(name) is a folder" : "\(name) can't be read"
}

/// The line, from 1, where bytes stop being UTF-8.
func firstInvalidLine(of data: Data) -> Int? {
    data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .firstIndex { String(validating: $0, as: UTF8.self) == nil }
        .map { $0 + 1 }
}

/// Reads the sections of one sweep file into a sweep.
struct SweepReader {
    let file: URL
    /// Whether the text came from a pipe or a terminal.
    let isStream: Bool
    let faults: FaultList
    let top: Section
    let table = TableFound()

    /// The table that was read.
    final class TableFound {
        /// The table's name in messages.
        var name: String?
        var data: Data?
        var rows: Table?
    }

    init?(_ text: String, file: URL, isStream: Bool, faults: FaultList) {
        guard let document = Document(text, faults: faults) else { return nil }
        let entry = Entry(key: "", line: nil, node: document.root, document: document)
        guard let top = Section(entry, keys: SweepKeys.top) else { return nil }
        self.file = file
        self.isStream = isStream
        self.faults = faults
        self.top = top
    }

    /// The sweep; nil if there are faults. Every section is read even if others are wrong, so that all faults
    /// are found at once.
    func sweep() -> Sweep? {
        let name = name()
        let samples = samples()
        let task = learningTask(samples: samples)
        let student = student()
        let noise = teacherNoise()
        let smoothing = real("hard_label_smoothing", in: .belowHalf, default: 0.001)
        let grid = grid(noise: noise, oracleSamples: samples.oracle)
        let metrics = metrics()
        guard let name, let task, let student, let noise, let smoothing,
            let oracleSamples = samples.oracle, let testSamples = samples.test, let grid,
            let metrics
        else { return nil }
        let settings = Settings(
            learningTask: task, student: student, teacherNoise: noise,
            hardLabelSmoothing: smoothing, oracleSamples: oracleSamples, testSamples: testSamples)
        return Sweep(name: name, settings: settings, grid: grid, metrics: metrics)
    }

    private func name() -> String? {
        let wanted = "a letter or digit, then letters, digits, `.`, `_` and `-`"
        guard let entry = top["name"] else {
            if isStream {
                top.refuse(
                    "name", "this sweep is read from a pipe, which has no name for the results",
                    "give a name: \(wanted)")
                return nil
            }
            let name = file.deletingPathExtension().lastPathComponent
            if isName(name) { return name }
            top.refuse(
                "name", "the file's name, \(shown(name)), can't name the results",
                "give a name: \(wanted)")
            return nil
        }
        guard let name = entry.text("a name: \(wanted)") else { return nil }
        guard isName(name) else {
            entry.refuse("\(shown(name)) can't name the results", "give \(wanted)")
            return nil
        }
        return name
    }

    private func isName(_ name: String) -> Bool {
        name.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]*/) != nil
    }

    private func samples() -> (oracle: Int?, test: Int?) {
        func read(_ key: String) -> Int? {
            top.required(key, IntegerBounds.size.wanted)?.integer(in: .size)
        }
        return (read("oracle_samples"), read("test_samples"))
    }

    private func student() -> Student? {
        let fallback = Student.standard
        guard let entry = top["student"] else { return fallback }
        guard let section = Section(entry, keys: SweepKeys.student) else { return nil }
        let activation =
            section["activation"].map { $0.choice(of: Activation.self) } ?? fallback.activation
        let weightScale =
            section["weight_scale"].map { $0.real(in: .positive) } ?? activation?.defaultWeightScale
        let biasScale =
            section["bias_scale"].map { $0.real(in: .notNegative) } ?? fallback.biasScale
        guard let activation, let weightScale, let biasScale else { return nil }
        return Student(activation: activation, weightScale: weightScale, biasScale: biasScale)
    }

    private func teacherNoise() -> NoiseModel? {
        guard let entry = top["teacher"] else { return .smooth(lengthscale: 1) }
        guard let section = Section(entry, keys: SweepKeys.teacher) else { return nil }
        let name = section["noise"].map { $0.choice(of: NoiseModel.Name.self) } ?? .smooth
        if let name, name != .smooth, let lengthscale = section["lengthscale"] {
            lengthscale.refuse(
                "\(name) noise has no lengthscale", "remove it, or choose noise: smooth")
        }
        switch name {
        case .smooth:
            let lengthscale = section["lengthscale"].map { $0.real(in: .positive) } ?? 1
            return lengthscale.map(NoiseModel.smooth)
        case .gaussian: return .gaussian
        case .flip: return .flip
        case nil: return nil
        }
    }

    private func real(_ key: String, in bounds: RealBounds, default value: Double) -> Double? {
        guard let entry = top[key] else { return value }
        return entry.real(in: bounds)
    }

    private func metrics() -> [Metric]? {
        guard let entry = top["metrics"] else { return Metric.allCases }
        let wanted = "give the word all or a list of metrics, as [student_error, transfer_risk]"
        switch entry.content {
        case .text("all"), .quoted("all"): return Metric.allCases
        case .list: break
        case .nothing, .number, .text, .quoted, .otherScalar, .mapping, .tagged:
            entry.refuse(entry.content.problem, wanted)
            return nil
        }
        guard let chosen = entry.distinct(\.metric) else { return nil }
        return Metric.allCases.filter(chosen.contains)
    }
}

extension Entry {
    fileprivate var metric: Metric? {
        guard let name = text("a metric's name") else { return nil }
        if let metric = Metric(rawValue: name) { return metric }
        let names = Metric.allCases.map(\.rawValue)
        let remedy =
            name == "all"
            ? "write metrics: all, without the list"
            : nearestName(to: name, among: names).map { "did you mean \($0)?" }
                ?? "the metrics are \(listed(names, "and"))"
        refuse("there is no metric \(shown(name))", remedy)
        return nil
    }
}
