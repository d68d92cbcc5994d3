import Testing
import YAMLReader

/// The YAML 1.2 core schema, table by table.
struct CoreSchemaTests {
  @Test(
    arguments: [
      ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("", .null),
      ("nULL", .string("nULL")), ("nil", .string("nil")), ("none", .string("none")),
      ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)),
      ("false", .bool(false)), ("False", .bool(false)), ("FALSE", .bool(false)),
      ("tRUE", .string("tRUE")), ("yes", .string("yes")), ("no", .string("no")),
      ("on", .string("on")), ("off", .string("off")), ("y", .string("y")), ("n", .string("n")),
      ("0", .integer(0)), ("42", .integer(42)), ("-42", .integer(-42)), ("+42", .integer(42)),
      ("0777", .integer(777)), ("-0", .integer(0)), ("007", .integer(7)),
      ("0o17", .integer(15)), ("0o8", .string("0o8")), ("0o", .string("0o")),
      ("-0o17", .string("-0o17")), ("0O17", .string("0O17")),
      ("0xF", .integer(15)), ("0xdeadBEEF", .integer(0xDEAD_BEEF)), ("0x", .string("0x")),
      ("0xg", .string("0xg")), ("-0xF", .string("-0xF")), ("0XF", .string("0XF")),
      ("0b1", .string("0b1")), ("1_000", .string("1_000")), ("1,000", .string("1,000")),
      ("22:22", .string("22:22")), ("2024-01-01", .string("2024-01-01")),
      ("10.0.0.1", .string("10.0.0.1")), ("1.2.3", .string("1.2.3")), ("0.29", .float(0.29)),
      ("5m", .string("5m")), ("50%", .string("50%")), ("-", .string("-")), ("+", .string("+")),
      (".", .string(".")), ("-.", .string("-.")), ("e3", .string("e3")), (".e3", .string(".e3")),
      ("1e", .string("1e")), ("1e+", .string("1e+")), ("--1", .string("--1")),
      ("1e3", .float(1000)), ("1E3", .float(1000)), ("1e+3", .float(1000)), ("1e-3", .float(0.001)),
      ("1.", .float(1)), (".5", .float(0.5)), ("-.5", .float(-0.5)), ("+.5", .float(0.5)),
      ("1.5", .float(1.5)), ("-1.5e2", .float(-150)), ("1.e2", .float(100)), ("00.5", .float(0.5)),
      (".inf", .float(.infinity)), (".Inf", .float(.infinity)), (".INF", .float(.infinity)),
      ("-.inf", .float(-.infinity)), ("+.INF", .float(.infinity)), (".iNF", .string(".iNF")),
      ("inf", .string("inf")), ("nan", .string("nan")), ("-.nan", .string("-.nan")),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .float(9_223_372_036_854_775_808)),
      ("-9223372036854775809", .float(-9_223_372_036_854_775_808)),
      ("0xFFFFFFFFFFFFFFFF", .float(18_446_744_073_709_551_616)),
      ("0x7FFFFFFFFFFFFFFF", .integer(.max)), ("1e400", .float(.infinity)),
      ("0x1p3", .string("0x1p3")), ("١٢", .string("١٢")), ("1 ", .string("1 ")),
    ] as [(String, YAMLScalar.Value)])
  func `a plain scalar has the type of the core schema`(text: String, value: YAMLScalar.Value) {
    #expect(YAMLScalar(text: text, isPlain: true).value == value)
  }

  @Test(arguments: [".nan", ".NaN", ".NAN"])
  func `not a number`(text: String) throws {
    guard case .float(let float) = YAMLScalar(text: text, isPlain: true).value else {
      Issue.record("\(text) is no float")
      return
    }
    #expect(float.isNaN)
  }

  @Test(arguments: ["12", "true", "~", "", "1.5", ".inf"])
  func `a scalar that is not plain is a string`(text: String) throws {
    #expect(YAMLScalar(text: text, isPlain: false).value == .string(text))
    let quoted = try read("[\"\(text)\", '\(text)', ! \"\(text)\"]")
    #expect(quoted.items.map(\.scalar?.value) == Array(repeating: .string(text), count: 3))
  }

  @Test func `block scalars are strings`() throws {
    let node = try read("a: |-\n  12\nb: >-\n  true\n")
    #expect(node["a"]?.scalar?.value == .string("12"))
    #expect(node["b"]?.scalar?.value == .string("true"))
  }

  @Test func `a value that is missing is null`() throws {
    let node = try read("a:\nb: [x, ]\nc: {d, e: }\n")
    #expect(node["a"]?.scalar?.value == .null)
    #expect(node["c"]?["d"]?.scalar?.value == .null)
    #expect(node["c"]?["e"]?.scalar?.value == .null)
  }
}
