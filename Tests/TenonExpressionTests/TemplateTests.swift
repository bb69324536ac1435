import TenonExpression
import TenonJSON
import TenonModel
import Testing

@Suite struct TemplateTests {
    static let scope = ObjectScope([
        "context": ["Transform Data": ["id": 7], "Transform": 1, "user": "u", "it's": 2], "n": 4, "d": 2.5,
        "text": "a b/c", "list": [1, "x"], "nothing": nil, "evil": "{{n}}",
    ])
    private let names = KnownNames(groups: ["context": ["Transform", "Transform Data", "it's", "Load"]])

    private func render(_ json: JSON, encoding: TemplateEncoding = .none) throws(TenonError) -> JSON {
        try Template.compile(json, names: names).render(Self.scope, encoding: encoding)
    }

    private func mistake(_ json: JSON, encoding: TemplateEncoding = .none) -> TenonError? {
        do throws(TenonError) {
            _ = try render(json, encoding: encoding)
            return nil
        } catch { return error }
    }

    @Test func `a string that is one template keeps the value's type`() throws {
        #expect(try render("{{n}}") == 4)
        #expect(try render("{{ list }}") == [1, "x"])
        #expect(try render("{{nothing}}") == nil)
        #expect(try render("{{n > 3}}") == true)
        #expect(try render("{{context.Transform Data}}") == ["id": 7])
    }

    @Test func `other strings join their parts as text`() throws {
        #expect(
            try render("n={{n}}, d={{d}}, l={{list}}, t={{text}}, {{nothing}}")
                == "n=4, d=2.5, l=[1,\"x\"], t=a b/c, null")
        #expect(try render(" {{n}}") == " 4")
    }

    @Test func `templates are found everywhere in a value and other values are kept`() throws {
        #expect(
            try render(["a": ["{{n}}", 1.5, ["b": "x{{d}}"]], "{{n}}": true]) == [
                "a": [4, 1.5, ["b": "x2.5"]], "{{n}}": true,
            ])
        #expect(try Template.compile(["a": [1, "b }} {"]]).isLiteral)
    }

    @Test func `after context the longest known name wins`() throws {
        #expect(try render("{{context.Transform Data.id}}") == 7)
        #expect(try render("{{context.Transform}}") == 1)
        #expect(try render("{{context.Transform + 1}}") == 2)
        #expect(try render("{{context.user}}") == "u")
        #expect(try render("{{context.it's}}") == 2)
        #expect(try render("{{context[\"Transform Data\"].id}}") == 7)
    }

    @Test func `braces in strings and maps do not end a template`() throws {
        #expect(try render("{{'}}'}}") == "}}")
        #expect(try render("{{ {'a': {'b': 1}} }}") == ["a": ["b": 1]])
        #expect(try render("{{{'a': {'b': n}}}}") == ["a": ["b": 4]])
    }

    @Test func `what was inserted is not evaluated again`() throws {
        #expect(try render("{{evil}}") == "{{n}}")
        #expect(try render("x{{evil}}") == "x{{n}}")
    }

    @Test(arguments: ["{{n", "{{}}", "{{ }}", "a {{n + }} b", "{{n}} {{", "{{context.Nope Data}}"])
    func `a wrong template is refused with a pointer and a position`(text: String) throws {
        let error = try #require(mistake(["a": [.string(text)]]))
        #expect(error.code == .templateInvalid)
        #expect(error.fields.map(\.pointer) == ["/a/0"])
        #expect(error.message.contains("character "))
    }

    @Test func `every wrong template of a value is reported`() throws {
        #expect(try #require(mistake(["{{", "{{n}}", "{{)}}"])).fields.map(\.pointer) == ["/0", "/2"])
    }

    @Test func `a missing value is an error that lists the names that exist`() throws {
        let error = try #require(mistake("{{context.Transform Data.idd}}"))
        #expect(error.code == .templateMissing)
        #expect(error.message.contains("in context.Transform Data is \"id\""))
        #expect(error.message.contains("Did you mean \"id\"?"))
        #expect(try #require(mistake("{{contxt.user}}")).message.contains("Did you mean \"context\"?"))
        #expect(try #require(mistake("x {{nobody + 1}}")).code == .templateMissing)
        #expect(try render("{{nobody ?? 'd'}} {{context.nobody ?? n}}") == "d 4")
    }

    @Test func `a path has what is inserted percent-encoded, and only that`() throws {
        #expect(try render("/a b/{{text}}?q={{text}}", encoding: .path) == "/a b/a%20b%2Fc?q=a%20b%2Fc")
        #expect(try render("{{text}}", encoding: .path) == "a%20b%2Fc")
        #expect(try render("/x", encoding: .path) == "/x")
    }

    @Test func `a header keeps what is inserted and refuses line breaks`() throws {
        #expect(try render(["a": "v {{text}}"], encoding: .header) == ["a": "v a b/c"])
        let scope = ObjectScope(["bad": "a\r\nb"])
        let error = #expect(throws: TenonError.self) {
            try Template.compile("{{bad}}").render(scope, encoding: .header)
        }
        #expect(error?.code == .templateHeader)
    }
}
