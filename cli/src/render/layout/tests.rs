use super::tidy;

#[test]
fn what_fits_is_joined_and_what_does_not_is_broken() {
    let short = "fn f(\n    a: A,\n) -> B {\n    Ok(Self {\n        a: a?,\n    })\n}\n";
    assert_eq!(
        tidy(short),
        "fn f(a: A) -> B {\n    Ok(Self { a: a? })\n}\n"
    );
    let long =
        "static NAME: Text = Text::string().min(1).max(50).trim().format(Format::PersonName);\n";
    let broken = "static NAME: Text = Text::string()\n    .min(1)\n    .max(50)\n    .trim()\n    .format(Format::PersonName);\n";
    for length in [75, 76, 77] {
        let name = "x".repeat(length);
        let laid_out = tidy(&format!("fn {name}(scope: A) -> Answer;\n"));
        let expected = match length {
            75 => format!("fn {name}(scope: A) -> Answer;\n"),
            76 => format!("fn {name}(scope: A)\n-> Answer;\n"),
            _ => format!("fn {name}(\n    scope: A,\n) -> Answer;\n"),
        };
        assert_eq!(laid_out, expected);
    }
    let taken = "let Input { one: _one, two: _two } = input;\n";
    let apart = "let Input {\n    one: _one,\n    two: _two,\n} = input;\n";
    assert_eq!(tidy(taken), apart);
    assert_eq!(tidy(apart), apart);
    assert_eq!(
        tidy("let A {\n    one: _one,\n} = a;\n"),
        "let A { one: _one } = a;\n"
    );
    assert_eq!(tidy(long), broken);
    assert_eq!(tidy(broken), broken);
}

#[test]
fn an_array_that_is_the_only_argument_has_the_room_of_an_array() {
    let call = |last: usize| {
        let last = "x".repeat(last);
        format!("let named = input.named(&[\"{last}\", \"of_an_identity\", \"async\"]);\n")
    };
    // What stands in the brackets is 60 wide, and the arguments are 63.
    assert_eq!(tidy(&call(31)), call(31));
    let broken = call(32)
        .replace("&[", "&[\n    ")
        .replace(", ", ",\n    ")
        .replace("])", ",\n])");
    assert_eq!(tidy(&call(32)), broken);
}
