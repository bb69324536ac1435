internal import TenonColumns
internal import TenonExpression
internal import TenonJSON
internal import TenonModel

/// The fields of the result and where each comes from.
struct PlannedMap: Sendable {
    enum Source: Sendable {
        case column(Int)
        /// A value inside the JSON of a column.
        case nested(Int, [FieldPath.Part])
        case template(Template, ColumnType, name: String)
    }
    let schema: Schema
    let sources: [Source]

    private var isProjection: Bool {
        sources.allSatisfy { if case .column = $0 { true } else { false } }
    }

    /// The mapped rows. Rows whose template fails go to `failures`, or end the run by throwing there.
    func apply(
        to frame: Frame, _ failures: (TenonError) throws(TenonError) -> Void
    ) throws(TenonError) -> Frame {
        if isProjection {
            let columns = sources.compactMap { source -> Column? in
                if case .column(let column) = source { frame.batch.columns[column] } else { nil }
            }
            return Frame(
                batch: Batch(schema: schema, columns: columns, rowCount: frame.batch.rowCount),
                rows: frame.rows)
        }
        let (kept, rendered) = try render(frame, failures)
        let needsGather = kept.count < frame.batch.rowCount
        var columns: [Column] = []
        for (position, source) in sources.enumerated() {
            switch source {
            case .column(let column):
                let values = frame.batch.columns[column]
                columns.append(needsGather ? values.gathered(kept) : values)
            case .nested(let column, let rest):
                columns.append(Self.nested(frame.batch.columns[column], rest, kept))
            case .template:
                if let builder = rendered[position] { columns.append(builder.finish()) }
            }
        }
        return Frame(batch: Batch(schema: schema, columns: columns, rowCount: kept.count), rows: nil)
    }

    /// Renders all templates record by record, so that a record that fails is left out of every column.
    private func render(
        _ frame: Frame, _ failures: (TenonError) throws(TenonError) -> Void
    ) throws(TenonError) -> (kept: [Int32], [Int: ColumnBuilder]) {
        var builders: [(position: Int, template: Template, builder: ColumnBuilder, name: String)] = []
        for (position, source) in sources.enumerated() {
            guard case .template(let template, let type, let name) = source else { continue }
            builders.append((position, template, ColumnBuilder(type), name))
        }
        var kept: [Int32] = []
        kept.reserveCapacity(frame.count)
        for position in 0..<frame.count {
            let row = frame.row(position)
            let scope = RecordScope(batch: frame.batch, row: row)
            do throws(TenonError) {
                for target in builders {
                    let value = try target.template.render(scope)
                    guard target.builder.append(json: value) else {
                        throw TenonError(
                            .pipelineRecord,
                            "\"\(target.name)\" gives \(value.typeName) where it is \(target.builder.type.name) for other records"
                        )
                    }
                }
                kept.append(Int32(truncatingIfNeeded: row))
            } catch {
                for target in builders { target.builder.truncate(to: kept.count) }
                try failures(error)
            }
        }
        return (kept, Dictionary(uniqueKeysWithValues: builders.map { ($0.position, $0.builder) }))
    }

    private static func nested(_ column: Column, _ rest: [FieldPath.Part], _ rows: [Int32]) -> Column {
        let builder = ColumnBuilder(.json)
        for row in rows {
            let value = FieldPath.value(in: JSON(column.value(at: Int(row))), rest[...])
            // Always fits: a JSON column takes any value.
            _ = builder.append(json: value)
        }
        return builder.finish()
    }
}
