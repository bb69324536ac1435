internal import Glibc
internal import TenonBatches

/// One or more files read as one stream: what the configuration, a look at the files and their names say.
struct FileStream: Sendable {
    /// For people and checkpoints.
    var name: String
    /// In the order in which they are read.
    var files: [SourceFileName]
    var form: RecordForm
    /// The columns that `discover` announces.
    var columns: [ColumnDescription]
}

/// A file of a stream.
struct SourceFileName: Hashable, Sendable {
    var path: String
    /// Relative to the configured folder; for people and checkpoints.
    var name: String
    var isGzip: Bool
}

/// How records lie in the files of a stream.
enum RecordForm: Equatable, Sendable {
    case csv(CSVDialect)
    case ndjson
}

/// How a CSV file is written.
struct CSVDialect: Equatable, Sendable {
    var delimiter = UInt8(ascii: ",")
    /// nil: no field is quoted.
    var quote: UInt8? = UInt8(ascii: "\"")
    /// The first record of each file holds the names; else columns go by their place.
    var hasHeader = true
    /// An unquoted text that means null, besides the empty one.
    var nullText: [UInt8]?
    /// Spaces and tabs around unquoted fields do not count.
    var trimsSpace = false
}

/// Limits and sizes of a reader.
struct ReaderSettings: Equatable, Sendable {
    /// Threads that parse, at least 1.
    var parallelism = 1
    /// Bytes of a file that one thread parses at a time.
    var chunkBytes = 2 << 20
    /// Bytes of those that go through all stages before the next, to stay in the processor's cache.
    var blockBytes = 192 << 10
    /// A longer record is rejected.
    var maxRecordBytes = 16 << 20

    /// As many threads as there are cores, 4 at most.
    static var usualParallelism: Int { max(1, min(4, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))) }
}
