internal import CPlatform
package import CTenon
internal import Glibc
internal import TenonModel

/// What the functions of a call work on, in plain memory: a connector's call to `write` touches no reference
/// count.
struct CallState {
    let callPointer = UnsafeMutablePointer<tenon_call_t>.allocate(capacity: 1)
    let outputPointer = UnsafeMutablePointer<tenon_output_t>.allocate(capacity: 1)
    let itemsPointer = UnsafeMutablePointer<tenon_items_t>.allocate(capacity: 1)
    let word = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
    var bytes: UnsafeMutableRawPointer
    var byteCount = 0
    var byteCapacity: Int
    var byteLimit: Int
    var itemCount = 0
    /// The frame holds a description of a failure: kept here because a look at plain memory costs nothing.
    var isDescribed = false
    /// Valid while the frame lives, and only the frame's calls use it.
    var owner: Unmanaged<CallFrame>?

    init(outputLimit: Int) {
        byteCapacity = 4096
        bytes = .allocate(byteCount: byteCapacity, alignment: 16)
        byteLimit = outputLimit
        word.initialize(to: 0)
    }

    mutating func connect(_ address: UnsafeMutablePointer<CallState>, owner frame: CallFrame) {
        owner = Unmanaged.passUnretained(frame)
        var call = tenon_call_t()
        call.struct_size = UInt32(MemoryLayout<tenon_call_t>.size)
        call.context = UnsafeMutableRawPointer(address)
        call.is_cancelled = { call in CallState.at(call!.pointee.context).isCancelled }
        call.on_cancel = { call, function, context in
            CallState.at(call!.pointee.context).owner!._withUnsafeGuaranteedRef {
                $0.register(function, context)
            }
        }
        call.fail = { call, status, error in
            CallState.at(call!.pointee.context).owner!._withUnsafeGuaranteedRef { $0.describe(status, error) }
            return status
        }
        call.progress = { call, done, total, note in
            CallState.at(call!.pointee.context).owner!._withUnsafeGuaranteedRef {
                $0.report(done: done, total: total, note: note)
            }
        }
        callPointer.initialize(to: call)
        var output = tenon_output_t()
        output.struct_size = UInt32(MemoryLayout<tenon_output_t>.size)
        output.context = UnsafeMutableRawPointer(address)
        output.write = { output, bytes in
            let state = output!.pointee.context.assumingMemoryBound(to: CallState.self)
            return state.pointee.append(bytes.data, Int(clamping: bytes.size))
        }
        outputPointer.initialize(to: output)
        var items = tenon_items_t()
        items.struct_size = UInt32(MemoryLayout<tenon_items_t>.size)
        items.context = UnsafeMutableRawPointer(address)
        items.add = { items, json in
            let state = items!.pointee.context.assumingMemoryBound(to: CallState.self)
            return state.pointee.appendItem(json.data, Int(clamping: json.size))
        }
        itemsPointer.initialize(to: items)
    }

    func free() {
        callPointer.deallocate()
        outputPointer.deallocate()
        itemsPointer.deallocate()
        word.deallocate()
        bytes.deallocate()
    }

    @inline(__always)
    static func at(_ context: UnsafeMutableRawPointer) -> CallState {
        context.assumingMemoryBound(to: CallState.self).pointee
    }

    var isCancelled: Int32 { Int32(tp_load64(word) & 1) }

    @inline(__always)
    mutating func begin(_ facts: CallFrame.Facts) {
        callPointer.pointee.call_id = facts.callID
        callPointer.pointee.attempt = facts.attempt
        callPointer.pointee.deadline_ns = facts.deadlineNanoseconds
        callPointer.pointee.idempotency_key = facts.idempotencyKey
        callPointer.pointee.traceparent = facts.traceparent
        clear()
    }

    mutating func clear() {
        byteCount = 0
        itemCount = 0
        if byteCapacity > 1 << 20 { replaceBytes(capacity: 4096) }
    }

    mutating func append(_ data: UnsafeRawPointer?, _ count: Int) -> tenon_status_t {
        guard count > 0 else { return TENON_OK }
        guard let data else { return tenon_status_t(CallStatus.invalidArgument.rawValue) }
        guard count <= byteLimit - byteCount else { return CallStatus.resourceExhausted.rawValue }
        if count > byteCapacity - byteCount {
            replaceBytes(capacity: max(byteCapacity * 2, byteCount + count))
        }
        (bytes + byteCount).copyMemory(from: data, byteCount: count)
        byteCount += count
        return TENON_OK
    }

    /// Adds an item as the wire writes it: length, bytes, NUL.
    mutating func appendItem(_ data: UnsafeRawPointer?, _ count: Int) -> tenon_status_t {
        guard let data, count > 0, count <= Int(UInt32.max) else { return CallStatus.badData.rawValue }
        guard itemCount < Limits.itemsPerList, count + 5 <= byteLimit - byteCount else {
            return CallStatus.resourceExhausted.rawValue
        }
        guard DocumentCheck.isJSON(UnsafeRawBufferPointer(start: data, count: count)) else {
            return CallStatus.badData.rawValue
        }
        var length = UInt32(count).littleEndian
        var end: UInt8 = 0
        _ = append(&length, 4)
        _ = append(data, count)
        _ = append(&end, 1)
        itemCount += 1
        return TENON_OK
    }

    private mutating func replaceBytes(capacity: Int) {
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: bytes, byteCount: min(byteCount, capacity))
        bytes.deallocate()
        bytes = larger
        byteCapacity = capacity
    }
}

extension CallFrame {
    /// `fail` of the ABI: copies the description. Fields beyond `struct_size` are unset.
    func describe(_ status: tenon_status_t, _ error: UnsafePointer<tenon_error_t>?) {
        let known = CallStatus(code: status)
        state.pointee.isDescribed = true
        guard let error else {
            described = CallFailure(known, "The connector answered \(known.name) and did not say why.")
            return
        }
        var whole = tenon_error_t()
        let size = min(Int(error.pointee.struct_size), MemoryLayout<tenon_error_t>.size)
        memcpy(&whole, error, size)
        let message = Self.text(whole.message, limit: 64 << 10)
        var failure = CallFailure(
            known, message.isEmpty ? "The connector answered \(known.name) and did not say why." : message,
            errorClass: ErrorClass(rawValue: whole.error_class),
            effect: Effect(rawValue: whole.effect) ?? .unknown)
        failure.vendorCode = whole.vendor_code
        failure.retryAfterMilliseconds = whole.retry_after_ms
        failure.fieldPath = Self.text(whole.field_path, limit: 4096)
        failure.detailsJSON = Self.text(whole.details_json, limit: 256 << 10)
        described = failure
    }

    /// A copy of a connector's text; what is not UTF-8 is mended, what is too long is cut.
    package static func text(_ text: tenon_str_t, limit: Int) -> String {
        guard let data = text.data, text.size > 0 else { return "" }
        let bytes = UnsafeRawBufferPointer(start: data, count: min(Int(clamping: text.size), limit))
        return String(decoding: bytes, as: UTF8.self)
    }
}
