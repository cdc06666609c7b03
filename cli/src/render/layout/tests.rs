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
    assert_eq!(tidy(long), broken);
    assert_eq!(tidy(broken), broken);
}
