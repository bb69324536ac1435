internal import TenonConnectorKit

/// Some bytes of a file that begin where a record begins.
struct Block {
    /// Bytes before and behind may be read, `ReadBuffer.spareBytes` of them; behind the last one stands LF.
    let bytes: UnsafePointer<UInt8>
    let count: Int
    /// Only records that begin before it are taken.
    var border: Int
    /// Nothing follows in the file.
    let isEnd: Bool
}

/// Turns bytes into rows; one for each thread and file, because it keeps its memory from block to block.
protocol BlockParser: AnyObject {
    /// Appends the records of `block` to `result`, as many as lie in it as a whole and not more than
    /// `maxRows` that are kept. Answers the bytes that they take: 0 where the first one does not end in the
    /// block.
    func parse(_ block: Block, into result: ChunkResult, maxRows: Int) -> Int

    /// Where a record probably begins, looking from `offset` on, the first byte behind a line's end included.
    func presumedStart(_ block: Block, from offset: Int) -> Int?

    /// Skips a record that is too long: answers the bytes that belong to it and whether it ends there.
    func skip(_ block: Block, isFirst: Bool) -> (byteCount: Int, isWhole: Bool)
}
