import Foundation

/// A sweep as its file gives it, and the files that it was checked against.
public struct SweepReading: Sendable {
    public let sweep: Sweep
    /// The files that the sweep reads: the bytes that were checked, as a file that is opened again may hold
    /// others.
    public let attachments: Attachments
    /// How many rows of the table have the same features as a row before them; 0 without a table.
    public let repeatedRows: Int

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
        repeatedRows = reader.table.rows?.repeatedRowCount ?? 0
    }
}

extension Sweep {
    /// Reads and checks a sweep file, and the table that it may name, as `SweepReading` does.
    ///
    /// - Throws: An error with every fault that can be found.
    public init(file: URL) throws(SweepFileError) {
        self = try SweepReading(file: file).sweep
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
