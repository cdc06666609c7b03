//! The text of a spec, and of a policy that is valid for it.

use super::{Kind, Named, Resource, Spec};
use std::fmt::Write as _;

impl Spec {
    pub(in super::super) fn text(&self) -> String {
        let mut out = "secapi: 1\nservice: {name: shop}\nresources:\n".to_owned();
        for resource in &self.resources {
            resource.write(&mut out);
        }
        out
    }

    /// A policy that is valid for it.
    pub(in super::super) fn policy(&self, id: usize, numbers: [u16; 3]) -> String {
        let [resource, field, style] = numbers.map(usize::from);
        let resource = &self.resources[resource % self.resources.len()];
        let field = &resource.fields[field % resource.fields.len()];
        let name = &field.named.name;
        let asks = if field.is_optional {
            format!("resource has {name} && ")
        } else {
            String::new()
        };
        let condition = match &field.kind {
            Kind::Text(_) => format!("resource.{name} == \"open\""),
            Kind::Words(words) => {
                let word = words.last().map(|word| word.name.as_str());
                format!("resource.{name} == \"{}\"", word.unwrap_or_default())
            }
            Kind::Number(_) => format!("resource.{name} > 1"),
            Kind::Date => format!("resource.{name} < datetime(\"2020-01-01\")"),
            Kind::Ref(_) if style % 2 == 0 => format!("resource.{name}.id == \"x\""),
            Kind::Ref(to) => format!("resource.{name} == Shop::{}::\"x\"", kind_of(to)),
        };
        let of = &resource.named.name;
        let kind = kind_of(of);
        let (effect, scope) = match style % 3 {
            0 => (
                "permit",
                format!("action == Shop::Action::\"{of}:read\", resource"),
            ),
            1 => ("forbid", format!("action, resource is Shop::{kind}")),
            _ => (
                "permit",
                format!(
                    "action in [Shop::Action::\"{of}:list\", Shop::Action::\"{of}:read\"], resource is Shop::{kind}"
                ),
            ),
        };
        format!(
            "@id(\"p{id}\")\n{effect} (\n  principal,\n  {scope}\n)\nwhen {{ {asks}{condition} }};\n"
        )
    }
}

fn kind_of(name: &str) -> String {
    let (first, rest) = name.split_at(1);
    first.to_uppercase() + rest
}

impl Resource {
    fn write(&self, out: &mut String) {
        let former = |named: &Named| match named.renamed_from() {
            Some(former) => format!("renamed_from: {former}, "),
            None => String::new(),
        };
        let _ = writeln!(out, "  {}:", self.named.name);
        if let Some(former) = self.named.renamed_from() {
            let _ = writeln!(out, "    renamed_from: {former}");
        }
        if self.about > 0 {
            let _ = writeln!(
                out,
                "    description: \"About {}.\\nAnd more.\"",
                self.about
            );
        }
        if self.reads_only {
            out.push_str("    operations: [list, read]\n");
        }
        if !self.actions.is_empty() {
            out.push_str("    actions:\n");
            for action in &self.actions {
                let former = former(action);
                let _ = writeln!(
                    out,
                    "      {}: {{{}}}",
                    action.name,
                    former.trim_end_matches(", ")
                );
            }
        }
        out.push_str("    fields:\n");
        for field in &self.fields {
            let kind = match &field.kind {
                Kind::Text(max) => format!("type: string, max: {max}, default: x"),
                Kind::Words(words) => {
                    let all: Vec<String> = words
                        .iter()
                        .map(|word| format!("{{{}value: {}}}", former(word), word.name))
                        .collect();
                    let first = &words[0].name;
                    format!("type: enum, values: [{}], default: {first}", all.join(", "))
                }
                Kind::Number(min) => format!("type: integer, min: {min}, default: 7"),
                Kind::Date => "type: date".to_owned(),
                Kind::Ref(to) => format!("type: ref, to: {to}"),
            };
            let former = former(&field.named);
            let optional = if field.is_optional {
                ", optional: true"
            } else {
                ""
            };
            // An optional field has nothing to begin with.
            let kind = match field.is_optional {
                true => kind.split(", default").next().unwrap_or_default(),
                false => &kind,
            };
            let _ = writeln!(
                out,
                "      {}: {{{former}{kind}{optional}}}",
                field.named.name
            );
        }
    }
}
