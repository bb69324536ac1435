internal import TenonColumns
internal import TenonModel
internal import TenonTransport

/// A writer in a cell: each batch goes through the ring and waits for the target's answer.
final class CellWriter: BatchWriter, @unchecked Sendable {
    // Unchecked: one call at a time but for `cancel`, which touches the lane's atomics only.
    let committedSequence: UInt64
    private let lane: StreamLane
    private let streamID = CallNumbers.next()
    private let schema: Schema
    private var isClosed = false

    init(_ request: WriteRequest, lane: StreamLane) throws(CallFailure) {
        self.lane = lane
        schema = request.schema
        lane.take(for: streamID)
        var call = OutgoingCall(.openWriter)
        call.first = request.requestJSON
        call.third = Array(request.schema.jsonText.utf8)
        let answer = try lane.request(call)
        committedSequence = try lane.obeying { () throws(ProtocolViolation) in
            try answer.readBody { reader throws(ProtocolViolation) in
                let sequence = try reader.integer(UInt64.self)
                // The next one must be a number too, and one that a database stores.
                guard sequence < UInt64(Int64.max) else { throw .frameBody }
                return sequence
            }
        }
    }

    func write(_ batch: Batch) throws(CallFailure) -> [RejectedRecord] { try write(batch, firstRow: 0) }

    private func write(_ batch: Batch, firstRow: Int) throws(CallFailure) -> [RejectedRecord] {
        guard batch.schema == schema else {
            throw CallFailure(
                .invalidArgument, "The batch has other columns than the writer.", effect: .notApplied)
        }
        let byteCount = (BatchWire.encodedByteCount(batch) + 7) & ~7
        if byteCount > Limits.cellBatchBytes { return try writeHalves(batch, firstRow, byteCount) }
        guard let place = lane.toCell.room(for: byteCount) else {
            throw CallFailure(.internal, "The ring to the cell is full though nothing is on its way.")
        }
        let target = UnsafeMutableRawBufferPointer(rebasing: lane.memory.toCell[place.range])
        var call = OutgoingCall(.write)
        call.number = place.position
        call.secondNumber = UInt64(byteCount)
        call.thirdNumber = UInt64(BatchWire.encode(batch, into: target))
        lane.toCell.commit(position: place.position, byteCount: byteCount)
        let end = place.position + UInt64(byteCount)
        let answer: [UInt8]
        do throws(CallFailure) { answer = try lane.request(call) } catch {
            // `try?`: the position was given out just now. The writer may go on after some failures.
            try? lane.toCell.free(upTo: end)
            throw error
        }
        return try lane.obeying { () throws(ProtocolViolation) in
            try lane.toCell.free(upTo: end)
            let rejected = try Self.rejected(answer)
            guard rejected.count <= batch.rowCount else { throw .itemCount }
            for index in rejected.indices where rejected[index].row >= Int64(batch.rowCount) {
                throw .rejectedRow
            }
            return rejected.map { record in
                var record = record
                record.row += Int64(firstRow)
                return record
            }
        }
    }

    private func writeHalves(
        _ batch: Batch, _ firstRow: Int, _ byteCount: Int
    ) throws(CallFailure) -> [RejectedRecord] {
        guard batch.rowCount > 1 else {
            throw CallFailure(
                .resourceExhausted,
                "A row has \(byteCount) bytes; at most \(Limits.cellBatchBytes) go through.",
                errorClass: .data, effect: .notApplied)
        }
        let middle = batch.rowCount / 2
        let first = try write(batch.slice(0..<middle), firstRow: firstRow)
        do throws(CallFailure) {
            return first + (try write(batch.slice(middle..<batch.rowCount), firstRow: firstRow + middle))
        } catch {
            // The first half was taken: the batch as a whole may not be written again.
            var partial = error
            partial.effect = .unknown
            throw partial
        }
    }

    private static func rejected(_ answer: [UInt8]) throws(ProtocolViolation) -> [RejectedRecord] {
        try answer.readBody { reader throws(ProtocolViolation) in try reader.rejectedRecords() }
    }

    func commit(_ sequence: UInt64) throws(CallFailure) {
        var call = OutgoingCall(.commit)
        call.number = sequence
        _ = try lane.request(call)
    }

    func abort() throws(CallFailure) { _ = try lane.request(OutgoingCall(.abort)) }

    func cancel() { lane.cancel(for: streamID) }

    func close() {
        guard !isClosed else { return }
        isClosed = true
        do throws(CallFailure) {
            _ = try lane.request(OutgoingCall(.closeStream))
            lane.leave()
            lane.process.giveBack(lane)
        } catch {
            lane.process.giveUp(lane)
        }
    }

    deinit { close() }
}
