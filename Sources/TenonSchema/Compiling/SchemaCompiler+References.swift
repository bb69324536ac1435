internal import TenonJSON
internal import TenonModel

extension SchemaCompiler {
    /// Finds the target of every reference, and compiles the documents that they lead to.
    mutating func resolveReferences() {
        var next = 0
        // Targets may bring further references.
        while next < pending.count {
            let reference = pending[next]
            next += 1
            guard let target = target(of: reference) else { continue }
            if reference.isDynamic {
                rules[reference.node].dynamicReference = dynamicReference(reference, target)
            } else {
                rules[reference.node].reference = target
            }
        }
    }

    private func dynamicReference(_ reference: PendingReference, _ target: Int) -> DynamicReference {
        let fragment = URIReference(reference.text).fragment.map(String.init)
        let anchors = resources[rules[target].resource].dynamicAnchors
        let anchor = fragment.flatMap { anchors[$0] == target ? $0 : nil }
        return DynamicReference(target: target, anchor: anchor)
    }

    private mutating func target(of reference: PendingReference) -> Int? {
        let uri = URIReference(reference.text).resolved(against: resources[reference.resource].uri)
        guard let resource = resource(named: uri.document) else {
            refuse(
                reference.place,
                "names the document \(uri.document), which is not known here; nothing is fetched, "
                    + "so refer to a place in this schema such as \"#/$defs/name\"")
            return nil
        }
        let fragment = uri.fragment ?? ""
        let target =
            fragment.isEmpty || fragment.utf8.first == UInt8(ascii: "/")
            ? place(fragment, in: resource) : anchor(fragment, in: resource)
        if target == nil { refuse(reference.place, "names nothing in this schema") }
        return target
    }

    private mutating func resource(named uri: String) -> Int? {
        if let known = resourceByURI[uri] { return known }
        guard let document = options.documents[uri] ?? MetaSchemas.document(uri) else { return nil }
        read(document, from: uri)
        return resourceByURI[uri]
    }

    private func anchor(_ fragment: Substring, in resource: Int) -> Int? {
        guard let name = PercentEncoding.decode(fragment) else { return nil }
        return resources[resource].anchors[name]
    }

    /// The schema at a pointer from a resource's root; one that no keyword leads to is compiled now.
    private mutating func place(_ fragment: Substring, in resource: Int) -> Int? {
        guard let pointer = JSONPointer(fragment: fragment) else { return nil }
        var place = resources[resource].place
        let root = place.pointer.tokens
        place.pointer.tokens += pointer.tokens
        if let known = nodeByPlace[place] { return known }
        guard let json = documents[place.document].json.value(atTokens: place.pointer.tokens) else {
            return nil
        }
        // It belongs to the resource of the nearest schema around it.
        var around = place
        while around.pointer.tokens.count > root.count {
            around.pointer.tokens.removeLast()
            if let known = nodeByPlace[around] {
                return node(for: json, at: place, resource: rules[known].resource)
            }
        }
        return node(for: json, at: place, resource: resource)
    }
}
