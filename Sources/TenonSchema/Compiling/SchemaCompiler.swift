internal import TenonJSON
internal import TenonModel

/// Turns a schema and the documents that it refers to into nodes, and collects every mistake on the way.
struct SchemaCompiler {
    private static let maxNodes = 10_000
    private static let maxDepth = 128
    private static let maxProblems = 100

    /// A reference that is looked up when its document has been read.
    struct PendingReference {
        var node: Int
        var text: String
        var resource: Int
        var place: SchemaPlace
        var isDynamic: Bool
    }

    struct Document {
        let uri: String
        let json: JSON
    }

    let options: SchemaOptions
    private let location: JSONPointer
    var documents: [Document] = []
    var rules: [SchemaRules] = []
    var nodeByPlace: [SchemaPlace: Int] = [:]
    var resources: [SchemaResource] = []
    var resourceByURI: [String: Int] = [:]
    var pending: [PendingReference] = []
    private var problems: [FieldError] = []

    init(location: JSONPointer, options: SchemaOptions) {
        self.location = location
        self.options = options
    }

    /// Throws `schema.invalid` with every mistake.
    mutating func compile(_ root: JSON) throws(TenonError) -> CompiledSchema {
        read(root, from: options.baseURI)
        resolveReferences()
        if problems.isEmpty, SchemaCycle.exists(in: rules) {
            refuse(
                SchemaPlace(document: 0, pointer: JSONPointer()),
                "refers to itself without going deeper into the value ($ref cycle)")
        }
        guard problems.isEmpty else {
            let isOne = problems.count == 1
            throw TenonError(
                .schemaInvalid,
                "The schema has \(problems.count) mistake\(isOne ? "" : "s"). "
                    + "Correct \(isOne ? "it" : "them") at the places shown.",
                fields: problems)
        }
        return CompiledSchema(
            nodes: rules.map(SchemaNode.init), dynamicAnchors: resources.map(\.dynamicAnchors),
            hasDynamicReferences: rules.contains { $0.dynamicReference != nil })
    }

    mutating func refuse(_ place: SchemaPlace, _ message: String) {
        guard problems.count < Self.maxProblems else { return }
        var pointer = location
        var message = message
        if place.document == 0 {
            pointer.tokens += place.pointer.tokens
        } else {
            message = "refers to \(documents[place.document].uri)#\(place.pointer), which \(message)"
        }
        problems.append(FieldError(pointer: pointer.description, message: message, code: .schemaInvalid))
    }

    /// Compiles a document that comes from `uri`.
    mutating func read(_ json: JSON, from uri: String) {
        let place = SchemaPlace(document: documents.count, pointer: JSONPointer())
        documents.append(Document(uri: uri, json: json))
        let root = rules.count
        rules.append(SchemaRules())
        nodeByPlace[place] = root
        let resource = openResource(json, uri: URIReference(uri), at: place, root: root, inherited: nil)
        // A document is known by where it comes from too, whatever it calls itself.
        if resourceByURI[URIReference(uri).document] == nil {
            resourceByURI[URIReference(uri).document] = resource
        }
        fill(root, with: json, at: place, resource: resource)
    }

    /// The position of the schema at `place`, compiled once however often it is referred to.
    mutating func node(for json: JSON, at place: SchemaPlace, resource: Int) -> Int {
        if let known = nodeByPlace[place] { return known }
        let index = rules.count
        nodeByPlace[place] = index
        rules.append(SchemaRules())
        guard rules.count <= Self.maxNodes, place.pointer.tokens.count <= Self.maxDepth else {
            if rules.count == Self.maxNodes + 1 {
                refuse(place, "is one of more than \(Self.maxNodes) schemas")
            }
            if rules.count <= Self.maxNodes { refuse(place, "is nested too deeply") }
            return index
        }
        var resource = resource
        if let id = json["$id"]?.string {
            let uri = URIReference(id).resolved(against: resources[resource].uri)
            resource = openResource(
                json, uri: uri, at: place, root: index, inherited: resources[resource].dialect)
        }
        fill(index, with: json, at: place, resource: resource)
        return index
    }

    private mutating func fill(_ index: Int, with json: JSON, at place: SchemaPlace, resource: Int) {
        var node = SchemaRules()
        node.resource = resource
        switch json {
        case .bool(let value): node.always = value
        case .object(let object):
            let context = SchemaContext(node: index, place: place, resource: resource)
            for member in object { read(member, of: object, into: &node, context) }
        default: refuse(place, "must be a schema: an object, true or false")
        }
        rules[index] = node
    }

    private mutating func openResource(
        _ json: JSON, uri: URIReference, at place: SchemaPlace, root: Int, inherited: SchemaDialect?
    ) -> Int {
        var uri = uri
        if inherited == nil, let id = json["$id"]?.string {
            uri = URIReference(id).resolved(against: uri)
        }
        uri.fragment = nil
        let dialect = dialect(json["$schema"], at: place.appending("$schema"), inherited: inherited)
        let index = resources.count
        resources.append(SchemaResource(uri: uri, place: place, root: root, dialect: dialect))
        if json["$id"] != nil || inherited == nil {
            if let other = resourceByURI[uri.document], resources[other].place != place {
                refuse(place.appending("$id"), "is the $id of another schema already")
            } else {
                resourceByURI[uri.document] = index
            }
        }
        return index
    }

    private mutating func dialect(_ schema: JSON?, at place: SchemaPlace, inherited: SchemaDialect?)
        -> SchemaDialect
    {
        guard let text = schema?.string else { return inherited ?? .standard }
        let uri = URIReference(text).document
        if uri == SchemaDialect.uri { return .standard }
        guard !options.refusesUnknownKeywords else {
            refuse(place, "must be \"\(SchemaDialect.uri)\"")
            return .standard
        }
        if let earlier = SchemaDialect.earlier(uri) { return earlier }
        guard let metaSchema = options.documents[uri] else {
            refuse(place, "names a meta-schema that is not known; it is never fetched")
            return .standard
        }
        switch SchemaDialect.described(by: metaSchema) {
        case .success(let dialect): return dialect
        case .failure(let unknown):
            refuse(place, "needs the vocabulary \(unknown.uri), which is not known")
            return .standard
        }
    }
}

/// Where a schema is read.
struct SchemaContext {
    let node: Int
    let place: SchemaPlace
    let resource: Int
}
