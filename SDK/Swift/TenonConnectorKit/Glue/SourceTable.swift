internal import CTenon

/// What stands behind a `tenon_reader_t`.
final class ReaderBox {
    let reader: any RecordReader
    init(_ reader: any RecordReader) { self.reader = reader }
}

enum SourceTable {
    static let shared = StaticTable(
        tenon_source_v1_t(
            discover: { instance, call, items in
                serve(call) { call throws(ConnectorError) in
                    let source = try InstanceBox.of(instance).offered((any SourceConnector).self)
                    try add(source.discover(call).map(\.json), to: items)
                    return TENON_OK
                }
            },
            plan: { instance, call, request, items in
                serve(call) { call throws(ConnectorError) in
                    let source = try InstanceBox.of(instance).offered((any SourceConnector).self)
                    let request = ReadRequest(try parse(request, "request"), checkpoint: [])
                    try add(source.plan(request, call), to: items)
                    return TENON_OK
                }
            },
            open_reader: { instance, call, request, checkpoint, honoured, out in
                serve(call) { call throws(ConnectorError) in
                    let source = try InstanceBox.of(instance).offered((any SourceConnector).self)
                    let request = ReadRequest(
                        try parse(request, "request"),
                        checkpoint: Array(UnsafeRawBufferPointer(tenon: checkpoint)))
                    let reader = try source.openReader(request, call)
                    do throws(ConnectorError) {
                        try write(reader.honoured.json, to: honoured)
                    } catch {
                        reader.close()
                        throw error
                    }
                    out?.pointee = OpaquePointer(Unmanaged.passRetained(ReaderBox(reader)).toOpaque())
                    return TENON_OK
                }
            },
            next: { reader, call, records in
                serve(call) { call throws(ConnectorError) in
                    let box: ReaderBox = try object(reader)
                    guard let records else { throw ConnectorError(.internal, "The host takes no records.") }
                    switch try box.reader.next(call, Records(records)) {
                    case .more: return TENON_OK
                    case .end: return TENON_END
                    case .schemaChanged:
                        throw ConnectorError(
                            .schemaChanged, "The stream's columns are no longer those announced.",
                            effect: .notApplied)
                    }
                }
            },
            close_reader: { reader in consume(reader, as: ReaderBox.self)?.reader.close() }))
}
