internal import TenonJSON

/// A schema with a URI of its own: a document's root, or a schema below it that has an `$id`.
struct SchemaResource {
    /// Absolute where anything says so, without a fragment.
    let uri: URIReference
    let place: SchemaPlace
    let root: Int
    let dialect: SchemaDialect
    var anchors: [String: Int] = [:]
    var dynamicAnchors: [String: Int] = [:]
}

/// A place in one of the documents that a schema consists of. The first document is the schema itself.
struct SchemaPlace: Hashable {
    var document: Int
    var pointer: JSONPointer

    func appending(_ key: String) -> SchemaPlace {
        SchemaPlace(document: document, pointer: pointer.appending(key))
    }
    func appending(_ index: Int) -> SchemaPlace {
        SchemaPlace(document: document, pointer: pointer.appending(index))
    }
}
