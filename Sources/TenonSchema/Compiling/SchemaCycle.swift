/// Looks for schemas that come back to themselves at the same value: checking by them would never end.
enum SchemaCycle {
    private enum Mark { case open, done }

    static func exists(in nodes: [SchemaRules]) -> Bool {
        var marks = [Mark?](repeating: nil, count: nodes.count)
        for start in nodes.indices where marks[start] == nil {
            // Nodes on the path with what is left to visit below them; no recursion, since documents choose
            // the depth.
            var path = [(node: start, left: nodes[start].inPlace)]
            marks[start] = .open
            while var top = path.popLast() {
                guard let next = top.left.popLast() else {
                    marks[top.node] = .done
                    continue
                }
                path.append(top)
                switch marks[next] {
                case .open: return true
                case .done: continue
                case nil:
                    marks[next] = .open
                    path.append((next, nodes[next].inPlace))
                }
            }
        }
        return false
    }
}
