import TenonConnectorKit

/// A host in small, over the C tables: it keeps what the connector says.
final class FakeHost {
    struct Failure: Equatable {
        var status: tenon_status_t
        var message: String
        var effect: tenon_effect_t
        var fieldPath: String
    }

    var failure: Failure?
    var documents: [String] = []
    var checkpoints: [String] = []
    var rowCounts: [Int] = []
    var skipped: [Int] = []
    var rejected: [String] = []
    var isCancelled = false
    /// The size that the records of an older host have.
    var recordsSize = MemoryLayout<tenon_records_t>.size

    static func of(_ context: UnsafeMutableRawPointer?) -> FakeHost {
        Unmanaged<FakeHost>.fromOpaque(context!).takeUnretainedValue()
    }

    private var context: UnsafeMutableRawPointer { Unmanaged.passUnretained(self).toOpaque() }

    static func text(_ text: tenon_str_t) -> String {
        String(decoding: UnsafeRawBufferPointer(start: text.data, count: Int(text.size)), as: UTF8.self)
    }

    func withCall<Answer>(_ body: (UnsafePointer<tenon_call_t>) -> Answer) -> Answer {
        let none = tenon_str_t(data: nil, size: 0)
        var call = tenon_call_t(
            struct_size: UInt32(MemoryLayout<tenon_call_t>.size), attempt: 1, context: context, call_id: 7,
            deadline_ns: 0, idempotency_key: none, traceparent: none,
            is_cancelled: { FakeHost.of($0!.pointee.context).isCancelled ? 1 : 0 },
            on_cancel: { call, wake, context in
                if FakeHost.of(call!.pointee.context).isCancelled { wake?(context) }
            },
            fail: { call, status, error in
                let error = error!.pointee
                FakeHost.of(call!.pointee.context).failure = Failure(
                    status: status, message: FakeHost.text(error.message), effect: error.effect,
                    fieldPath: FakeHost.text(error.field_path))
                return status
            }, progress: { _, _, _, _ in })
        return body(&call)
    }

    func withHost<Answer>(_ body: (UnsafePointer<tenon_host_t>) -> Answer) -> Answer {
        let none = tenon_str_t(data: nil, size: 0)
        var host = tenon_host_t(
            struct_size: UInt32(MemoryLayout<tenon_host_t>.size), abi_major: 1, abi_minor: 0, reserved: 0,
            context: context, name: none, version: none, service: { _, _ in nil })
        return body(&host)
    }

    func withOutput<Answer>(_ body: (UnsafePointer<tenon_output_t>) -> Answer) -> Answer {
        var output = tenon_output_t(
            struct_size: UInt32(MemoryLayout<tenon_output_t>.size), reserved: 0, context: context,
            write: { output, bytes in
                let text = String(
                    decoding: UnsafeRawBufferPointer(start: bytes.data, count: Int(bytes.size)), as: UTF8.self
                )
                FakeHost.of(output!.pointee.context).documents.append(text)
                return TENON_OK
            })
        return body(&output)
    }

    func withItems<Answer>(_ body: (UnsafePointer<tenon_items_t>) -> Answer) -> Answer {
        var items = tenon_items_t(
            struct_size: UInt32(MemoryLayout<tenon_items_t>.size), reserved: 0, context: context,
            add: { items, json in
                FakeHost.of(items!.pointee.context).documents.append(FakeHost.text(json))
                return TENON_OK
            })
        return body(&items)
    }

    func withRecords<Answer>(_ body: (UnsafePointer<tenon_records_t>) -> Answer) -> Answer {
        var records = tenon_records_t()
        records.struct_size = UInt32(recordsSize)
        records.context = context
        records.schema = { _, schema in
            schema!.pointee.release(schema)
            return TENON_OK
        }
        records.arrow = { records, array in
            FakeHost.of(records!.pointee.context).rowCounts.append(Int(array!.pointee.length))
            array!.pointee.release(array)
            return TENON_OK
        }
        records.checkpoint = { records, position in
            let text = String(
                decoding: UnsafeRawBufferPointer(start: position.data, count: Int(position.size)),
                as: UTF8.self)
            FakeHost.of(records!.pointee.context).checkpoints.append(text)
            return TENON_OK
        }
        records.skipped = { records, count in
            FakeHost.of(records!.pointee.context).skipped.append(Int(count))
            return TENON_OK
        }
        records.reject = { records, status, reason, record in
            FakeHost.of(records!.pointee.context).rejected.append(
                "\(status) \(FakeHost.text(reason)) \(FakeHost.text(record))")
            return TENON_OK
        }
        return body(&records)
    }
}

/// Lends a text as the ABI wants it.
func lent<Answer>(_ text: String, _ body: (tenon_str_t) -> Answer) -> Answer {
    var text = text
    return text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
            body(tenon_str_t(data: $0.baseAddress, size: UInt64($0.count)))
        }
    }
}
