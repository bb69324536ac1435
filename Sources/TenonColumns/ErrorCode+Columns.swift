package import TenonModel

extension ErrorCode {
    /// A batch from a cell or a connector contradicts itself or its schema.
    package static let batchInvalid = ErrorCode("batch.invalid", 502)
    /// A column has a type that records cannot have.
    package static let batchType = ErrorCode("batch.type", 502)
    /// A description of columns cannot be read.
    package static let batchSchema = ErrorCode("batch.schema", 502)
    /// A value does not fit the type of the column it is to go into.
    package static let batchCast = ErrorCode("batch.cast", 422)
    /// More distinct values than one operation may hold.
    package static let batchLimit = ErrorCode("batch.limit", 422)
    /// A sum leaves the range of its type.
    package static let batchOverflow = ErrorCode("batch.overflow", 422)
    /// Lines of JSON do not keep to the contract.
    package static let batchLines = ErrorCode("batch.lines", 502)
}
