internal import CTenon

/// What stands behind a `tenon_instance_t`.
final class InstanceBox {
    let host: Host
    let name: String
    /// nil until the host has configured the instance.
    var connector: (any Connector)?

    init(host: Host, name: String) {
        self.host = host
        self.name = name
    }

    static func of(_ handle: OpaquePointer?) throws(ConnectorError) -> InstanceBox {
        try object(handle)
    }

    func configured() throws(ConnectorError) -> any Connector {
        guard let connector else {
            throw ConnectorError(.invalidState, "The instance is not configured.", effect: .notApplied)
        }
        return connector
    }

    /// The connector as what the capability needs.
    func offered<Offer>(_: Offer.Type) throws(ConnectorError) -> Offer {
        guard let connector = try configured() as? Offer else {
            throw ConnectorError(.notImplemented, "The connector cannot do that.", effect: .notApplied)
        }
        return connector
    }
}

/// The object that stands behind a handle of the kit's, which is kept alive until it is closed or destroyed.
func object<Object: AnyObject>(_ handle: OpaquePointer?) throws(ConnectorError) -> Object {
    guard let handle else { throw ConnectorError(.internal, "The host gave no handle.") }
    return Unmanaged<Object>.fromOpaque(UnsafeRawPointer(handle)).takeUnretainedValue()
}

/// Ends the life of a handle.
func consume<Object: AnyObject>(_ handle: OpaquePointer?, as _: Object.Type) -> Object? {
    handle.map { Unmanaged<Object>.fromOpaque(UnsafeRawPointer($0)).takeRetainedValue() }
}

/// A table of functions that lives as long as the process.
struct StaticTable<Table>: @unchecked Sendable {
    // Unchecked: written once, before anybody has the pointer.
    let pointer: UnsafePointer<Table>

    init(_ table: Table) {
        let made = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        made.initialize(to: table)
        pointer = UnsafePointer(made)
    }
}

/// Runs the Swift part of a function of the ABI: an error becomes its status, described to the host.
func serve(
    _ call: UnsafePointer<tenon_call_t>?, _ body: (Call) throws(ConnectorError) -> tenon_status_t
) -> tenon_status_t {
    guard let call else { return TENON_INTERNAL }
    do throws(ConnectorError) {
        return try body(Call(call))
    } catch {
        return fail(call, error)
    }
}

private func fail(_ call: UnsafePointer<tenon_call_t>, _ error: ConnectorError) -> tenon_status_t {
    let status = error.status.rawValue < 0 ? error.status.rawValue : TENON_INTERNAL
    // What the host refused it knows itself.
    if error.message.isEmpty { return status }
    let details = error.details?.text ?? ""
    return withStr(error.message) { message in
        withStr(error.fieldPath) { fieldPath in
            withStr(details) { details in
                var described = tenon_error_t(
                    struct_size: UInt32(MemoryLayout<tenon_error_t>.size),
                    error_class: error.errorClass.rawValue, effect: error.effect.rawValue,
                    vendor_code: error.vendorCode, retry_after_ms: error.retryAfterMilliseconds,
                    message: message, field_path: fieldPath, details_json: details)
                return call.pointee.fail(call, status, &described)
            }
        }
    }
}

/// The document that the host gave.
func parse(_ text: tenon_str_t, _ what: String) throws(ConnectorError) -> JSONValue {
    do throws(JSONProblem) {
        return try JSONValue(parsing: UnsafeRawBufferPointer(tenon: text))
    } catch {
        throw ConnectorError(
            .invalidArgument, "The \(what) is no JSON: \(error.problem) at byte \(error.offset).",
            effect: .notApplied)
    }
}

/// Adds documents to the host's list.
func add(_ items: [JSONValue], to list: UnsafePointer<tenon_items_t>?) throws(ConnectorError) {
    guard let list else { throw ConnectorError(.internal, "The host gave no list.") }
    for item in items {
        let status = withStr(item) { list.pointee.add(list, $0) }
        guard status >= 0 else { throw ConnectorError(host: status) }
    }
}

/// Writes one document to where the host wants it.
func write(_ document: JSONValue, to output: UnsafePointer<tenon_output_t>?) throws(ConnectorError) {
    guard let output else { throw ConnectorError(.internal, "The host gave no output.") }
    let status = withBytes(document.bytes) { output.pointee.write(output, $0) }
    guard status >= 0 else { throw ConnectorError(host: status) }
}

enum InstanceTable {
    static let shared = StaticTable(
        tenon_instance_v1_t(
            configure: { instance, call, text in
                serve(call) { call throws(ConnectorError) in
                    let box = try InstanceBox.of(instance)
                    let configuration = try parse(text, "configuration")
                    guard let factory = ConnectorFactory.current else {
                        throw ConnectorError(.internal, "The connector has no entry.")
                    }
                    box.connector = try factory.make(box.host, box.name, configuration)
                    return TENON_OK
                }
            },
            open: { instance, call in
                serve(call) { call throws(ConnectorError) in
                    try InstanceBox.of(instance).configured().open(call)
                    return TENON_OK
                }
            },
            check: { instance, call, items in
                serve(call) { call throws(ConnectorError) in
                    let found = try InstanceBox.of(instance).configured().check(call)
                    try add(found.map(\.json), to: items)
                    return TENON_OK
                }
            },
            close: { instance, call in
                serve(call) { call throws(ConnectorError) in
                    try InstanceBox.of(instance).connector?.close()
                    return TENON_OK
                }
            },
            destroy: { instance in _ = consume(instance, as: InstanceBox.self) }))
}

extension CheckItem {
    var json: JSONValue { ["name": .string(name), "ok": .bool(isOK), "detail": .string(detail)] }
}
