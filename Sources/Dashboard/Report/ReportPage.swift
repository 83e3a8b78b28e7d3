import Figures

/// A sweep's results as one page, to be sent to somebody: what was asked, what came out, and how.
public struct ReportPage: Sendable {
    public enum State: Sendable {
        /// Every cell has a result.
        case complete
        /// Some cells have no result yet.
        case unfinished
        /// Some cells have failed, and the others have results.
        case failed
    }

    /// A term, and what is said of it.
    public struct Fact: Hashable, Sendable {
        public var term: String
        public var text: String

        public init(_ term: String, _ text: String) {
            self.term = term
            self.text = text
        }
    }

    public struct Column: Hashable, Sendable {
        public var title: String
        /// Aligned at the right.
        public var isNumber: Bool

        public init(_ title: String, isNumber: Bool = true) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    public struct Table: Hashable, Sendable {
        public var caption: String
        public var columns: [Column]
        /// Each has a text for each column; the first heads the row.
        public var rows: [[String]]

        public init(_ caption: String, columns: [Column], rows: [[String]]) {
            self.caption = caption
            self.columns = columns
            self.rows = rows
        }
    }

    /// A question with its answer.
    public struct Answer: Hashable, Sendable {
        public var words: [String]
        /// Nil where there is no answer.
        public var table: Table?
        /// What the table's columns are.
        public var notes: [Fact]

        public init(words: [String], table: Table? = nil, notes: [Fact] = []) {
            self.words = words
            self.table = table
            self.notes = notes
        }
    }

    /// The sweep's name.
    public var sweep: String
    public var state: State
    /// The state in a sentence.
    public var standing: String
    /// The sweep in words.
    public var question: [Fact]
    public var grid: Table
    public var answer: Answer
    public var figures: [Figure]
    /// What went wrong, in sentences; and the cells that failed.
    public var troubles: [String]
    public var failures: Table?
    /// How it was computed.
    public var origin: [Fact]
    public var processors: Table
    /// The sweep as its file.
    public var file: String
    /// Who wrote the report, and when.
    public var colophon: String

    public init(
        sweep: String, state: State, standing: String, question: [Fact], grid: Table,
        answer: Answer, figures: [Figure], troubles: [String], failures: Table?, origin: [Fact],
        processors: Table, file: String, colophon: String
    ) {
        self.sweep = sweep
        self.state = state
        self.standing = standing
        self.question = question
        self.grid = grid
        self.answer = answer
        self.figures = figures
        self.troubles = troubles
        self.failures = failures
        self.origin = origin
        self.processors = processors
        self.file = file
        self.colophon = colophon
    }

    /// The page: one file that needs no other, nor a network. Its texts are there without JavaScript, which only draws
    /// the figures.
    public var html: String {
        let notes = answer.notes.isEmpty ? [] : [Markup.facts(answer.notes)]
        let before = [
            Markup.section(
                "question", "The question", [Markup.facts(question), Markup.table(grid)]),
            Markup.section(
                "answer", "The answer",
                answer.words.map(Markup.paragraph)
                    + (answer.table.map { [Markup.table($0)] } ?? []) + notes),
        ]
        let after = [
            Markup.section(
                "troubles", "What went wrong",
                troubles.map(Markup.paragraph) + (failures.map { [Markup.table($0)] } ?? [])),
            Markup.section(
                "origin", "How it was computed", [Markup.facts(origin), Markup.table(processors)]),
            Markup.section(
                "file", "The sweep as its file", ["<pre>\(Markup.escaped(file))</pre>"]),
        ]
        let page = Page(
            title: sweep, state: standing, stateKind: state.kind, figures: "Figures",
            waiting: "",
            before: before.joined(separator: "\n"), after: after.joined(separator: "\n"),
            footer: """
                <footer><p>\(Markup.escaped(colophon))</p></footer>
                \(Markup.data("drawn", Drawn { figures }.encoded))
                """,
            script: PackageResources.report_js)
        return page.html(nonce: Token().description, saysPolicy: true)
    }
}

extension ReportPage.State {
    /// As the style names it, which has the states of runs.
    fileprivate var kind: String {
        switch self {
        case .complete: "finished"
        case .unfinished: "interrupted"
        case .failed: "failed"
        }
    }
}
