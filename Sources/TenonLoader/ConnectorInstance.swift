package import CTenon
internal import Glibc
package import TenonColumns
package import TenonModel

/// One instance of a loaded connector, from `create` to `destroy`.
///
///     created --open--> open --close--> closed        `end` destroys from any of them
///
/// Its user sees to it that calls never overlap, readers and writers included (`@unchecked Sendable` for
/// handing it from thread to thread); each call gets a frame that was begun, and ends it here.
package final class ConnectorInstance: @unchecked Sendable {
    package let library: ConnectorLibrary
    private let instance: OpaquePointer
    private var isOpen = false
    private var isGone = false

    /// Creates, configures and opens; after an error nothing is left.
    package init(
        _ library: ConnectorLibrary, host: HostTable, name: String, configuration: tenon_str_t,
        frame: CallFrame
    ) throws(CallFailure) {
        self.library = library
        var created: OpaquePointer?
        let status = name.withCString { text in
            library.entry.pointee.create(
                host.pointer, tenon_str_t(data: text, size: UInt64(name.utf8.count)), frame.call, &created)
        }
        do throws(CallFailure) {
            try frame.check(status)
            guard let created else {
                throw CallFailure(
                    .internal, "The connector's create answered OK without an instance.", effect: .notApplied)
            }
            instance = created
        } catch {
            frame.end()
            throw error
        }
        do throws(CallFailure) {
            try frame.check(library.instance.pointee.configure(instance, frame.call, configuration))
            try frame.check(library.instance.pointee.open(instance, frame.call))
        } catch {
            frame.end()
            isGone = true
            library.instance.pointee.destroy(instance)
            throw error
        }
        frame.end()
        isOpen = true
    }

    /// Makes an instance and destroys it at once, as a look at an unknown library.
    package static func probe(
        _ library: ConnectorLibrary, host: HostTable, name: String, frame: CallFrame
    ) throws(CallFailure) {
        var created: OpaquePointer?
        let status = name.withCString { text in
            library.entry.pointee.create(
                host.pointer, tenon_str_t(data: text, size: UInt64(name.utf8.count)), frame.call, &created)
        }
        frame.end()
        try frame.check(status)
        if let created { library.instance.pointee.destroy(created) }
    }

    /// Performs an action; the result is what was written to the frame.
    @inline(__always)
    package func invoke(name: tenon_str_t, input: tenon_str_t, frame: CallFrame) throws(CallFailure) {
        guard let action = library.action else { throw missing("tenon.action/1", frame) }
        let status = action.pointee.invoke(instance, frame.call, name, input, frame.output)
        frame.end()
        try frame.check(status)
    }

    package func check(frame: CallFrame) throws(CallFailure) {
        let status = library.instance.pointee.check(instance, frame.call, frame.items)
        frame.end()
        try frame.check(status)
    }

    package func discover(frame: CallFrame) throws(CallFailure) {
        guard let source = library.source else { throw missing("tenon.source/1", frame) }
        let status = source.pointee.discover(instance, frame.call, frame.items)
        frame.end()
        try frame.check(status)
    }

    /// Opens a reader; what it honours is written to the frame.
    package func openReader(
        _ opening: ReaderOpening, sink: any RecordSink, frame: CallFrame
    ) throws(CallFailure) -> SourceReader {
        guard let source = library.source else { throw missing("tenon.source/1", frame) }
        var reader: OpaquePointer?
        let status = source.pointee.open_reader(
            instance, frame.call, opening.request, opening.checkpoint, frame.output, &reader)
        frame.end()
        try frame.check(status)
        guard let reader else {
            throw CallFailure(.internal, "The connector's open_reader answered OK without a reader.")
        }
        return SourceReader(source, reader: reader, schema: opening.schemaHint, sink: sink)
    }

    /// Opens a writer, which says which sequence was committed last.
    package func openWriter(_ opening: WriterOpening, frame: CallFrame) throws(CallFailure) -> TargetWriter {
        guard let target = library.target else { throw missing("tenon.target/1", frame) }
        var writer: OpaquePointer?
        var schema = ArrowSchema()
        (opening.asLines ? TargetWriter.lineSchema : opening.schema).export(to: &schema)
        let status = target.pointee.open_writer(
            instance, frame.call, opening.request, &schema, frame.output, &writer)
        frame.end()
        if let release = schema.release { release(&schema) }
        try frame.check(status)
        guard let writer else {
            throw CallFailure(.internal, "The connector's open_writer answered OK without a writer.")
        }
        let opened = TargetWriter(target, writer: writer, asLines: opening.asLines)
        try opened.readState(frame.written)
        return opened
    }

    private func missing(_ id: String, _ frame: CallFrame) -> CallFailure {
        frame.end()
        return CallFailure(
            .notImplemented, "This connector does not offer \(id).", effect: .notApplied)
    }

    /// Closes where it is open; errors are for the log.
    package func close(frame: CallFrame) throws(CallFailure) {
        guard isOpen else { return frame.end() }
        isOpen = false
        let status = library.instance.pointee.close(instance, frame.call)
        frame.end()
        try frame.check(status)
    }

    /// Destroys a closed instance. Nothing may be called afterwards.
    package func destroy() {
        guard !isGone, !isOpen else { return }
        isGone = true
        library.instance.pointee.destroy(instance)
    }
}

/// The inputs of `open_reader`; texts are followed by a NUL.
package struct ReaderOpening {
    package var request: tenon_str_t
    package var checkpoint: tenon_bytes_t
    package var schemaHint: Schema?
    package init(request: tenon_str_t, checkpoint: tenon_bytes_t, schemaHint: Schema?) {
        self.request = request
        self.checkpoint = checkpoint
        self.schemaHint = schemaHint
    }
}

/// The inputs of `open_writer`.
package struct WriterOpening {
    package var request: tenon_str_t
    package var schema: Schema
    /// The target takes lines of JSON in one column.
    package var asLines: Bool
    package init(request: tenon_str_t, schema: Schema, asLines: Bool) {
        self.request = request
        self.schema = schema
        self.asLines = asLines
    }
}
