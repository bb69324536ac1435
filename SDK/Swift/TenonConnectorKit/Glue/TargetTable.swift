internal import CTenon
internal import TenonBatches

/// What stands behind a `tenon_writer_t`.
final class WriterBox {
    let writer: any RecordWriter
    let schema: BatchSchema

    init(_ writer: any RecordWriter, schema: BatchSchema) {
        self.writer = writer
        self.schema = schema
    }
}

enum TargetTable {
    static let shared = StaticTable(
        tenon_target_v1_t(
            open_writer: { instance, call, request, schema, state, out in
                serve(call) { call throws(ConnectorError) in
                    let target = try InstanceBox.of(instance).offered((any TargetConnector).self)
                    let schema = try importSchema(schema)
                    let request = try WriteRequest(parse(request, "request"), schema: schema)
                    let writer = try target.openWriter(request, call)
                    do throws(ConnectorError) {
                        try write(["sequence": .int(Int64(clamping: writer.sequence))], to: state)
                    } catch {
                        writer.close()
                        throw error
                    }
                    let box = WriterBox(writer, schema: schema)
                    out?.pointee = OpaquePointer(Unmanaged.passRetained(box).toOpaque())
                    return TENON_OK
                }
            },
            write: { writer, call, batch, rejects in
                serve(call) { call throws(ConnectorError) in
                    let box: WriterBox = try object(writer)
                    guard let batch, let rejects else {
                        throw ConnectorError(.internal, "The host gave no batch.", effect: .notApplied)
                    }
                    let view = try view(batch, box.schema)
                    try box.writer.write(view, Rejects(rejects), call)
                    return TENON_OK
                }
            },
            commit: { writer, call, sequence in
                serve(call) { call throws(ConnectorError) in
                    let box: WriterBox = try object(writer)
                    try box.writer.commit(sequence, call)
                    return TENON_OK
                }
            },
            abort: { writer, call in
                serve(call) { call throws(ConnectorError) in
                    let box: WriterBox = try object(writer)
                    try box.writer.abort(call)
                    return TENON_OK
                }
            },
            close_writer: { writer in consume(writer, as: WriterBox.self)?.writer.close() }))

    private static func importSchema(
        _ schema: UnsafePointer<ArrowSchema>?
    ) throws(ConnectorError) -> BatchSchema {
        guard let schema else { throw ConnectorError(.internal, "The host gave no schema.") }
        do throws(BatchError) {
            return try BatchSchema(importing: schema)
        } catch {
            throw ConnectorError(.badData, error.problem, effect: .notApplied)
        }
    }

    private static func view(
        _ batch: UnsafePointer<ArrowArray>, _ schema: BatchSchema
    ) throws(ConnectorError) -> BatchView {
        do throws(BatchError) {
            return try BatchView(batch, schema: schema)
        } catch {
            throw ConnectorError(.badData, error.problem, effect: .notApplied)
        }
    }
}
