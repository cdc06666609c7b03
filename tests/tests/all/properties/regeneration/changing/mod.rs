//! A spec that changes step by step, as people change theirs: things come, go, and get other names, kinds and bounds.

mod text;

use proptest::prelude::*;

const FIELDS: [&str; 7] = ["title", "body", "due", "state", "weight", "owner", "mood"];
const RESOURCES: [&str; 5] = ["item", "label", "part", "leaf", "note"];
const WORDS: [&str; 5] = ["draft", "open", "done", "late", "lost"];
const ACTIONS: [&str; 3] = ["archive", "shelve", "finish"];

/// Something with a name that may have been another.
#[derive(Clone, Debug)]
struct Named {
    name: String,
    /// As the last run knew it; `None` for what is new.
    was: Option<String>,
    /// A `renamed_from` that was taken over and still stands there.
    left: Option<String>,
}

impl Named {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            was: None,
            left: None,
        }
    }

    fn renamed_from(&self) -> Option<&str> {
        let was = self.was.as_deref().filter(|was| *was != self.name);
        was.or(self.left.as_deref())
    }

    /// A run has taken it over.
    fn settle(&mut self, keeps: bool) {
        let former = self.renamed_from().map(str::to_owned);
        self.left = former.filter(|_| keeps);
        self.was = Some(self.name.clone());
    }
}

#[derive(Clone, Debug)]
enum Kind {
    Text(u32),
    Words(Vec<Named>),
    Number(i32),
    Date,
    Ref(String),
}

#[derive(Clone, Debug)]
struct Field {
    named: Named,
    kind: Kind,
    is_optional: bool,
}

#[derive(Clone, Debug)]
struct Resource {
    named: Named,
    about: u16,
    reads_only: bool,
    actions: Vec<Named>,
    fields: Vec<Field>,
}

/// A spec without accounts.
#[derive(Clone, Debug)]
pub(super) struct Spec {
    resources: Vec<Resource>,
}

/// A change of it. Numbers choose among what there is.
#[derive(Clone, Debug)]
pub(super) enum Change {
    AddField(u16, u16, u16),
    DropField(u16, u16),
    RenameField(u16, u16, u16),
    Retype(u16, u16, u16),
    Optional(u16, u16),
    Value(u16, u16, u16),
    AddResource(u16, u16),
    DropResource(u16),
    RenameResource(u16, u16),
    About(u16, u16),
    Operations(u16),
    Action(u16, u16),
}

pub(super) fn change() -> impl Strategy<Value = Change> {
    let one = any::<u16>;
    let two = any::<(u16, u16)>;
    let three = any::<(u16, u16, u16)>;
    prop_oneof![
        4 => three().prop_map(|(a, b, c)| Change::AddField(a, b, c)),
        2 => two().prop_map(|(a, b)| Change::DropField(a, b)),
        3 => three().prop_map(|(a, b, c)| Change::RenameField(a, b, c)),
        2 => three().prop_map(|(a, b, c)| Change::Retype(a, b, c)),
        1 => two().prop_map(|(a, b)| Change::Optional(a, b)),
        2 => three().prop_map(|(a, b, c)| Change::Value(a, b, c)),
        2 => two().prop_map(|(a, b)| Change::AddResource(a, b)),
        1 => one().prop_map(Change::DropResource),
        2 => two().prop_map(|(a, b)| Change::RenameResource(a, b)),
        1 => two().prop_map(|(a, b)| Change::About(a, b)),
        1 => one().prop_map(Change::Operations),
        1 => two().prop_map(|(a, b)| Change::Action(a, b)),
    ]
}

fn pick<T>(from: &mut [T], number: u16) -> Option<&mut T> {
    let at = usize::from(number).checked_rem(from.len())?;
    from.get_mut(at)
}

fn name(names: &[&str], number: u16) -> String {
    names[usize::from(number) % names.len()].to_owned()
}

fn kind(number: u16, targets: &[String]) -> Kind {
    match number % 6 {
        0 | 1 => Kind::Text(10 + u32::from(number / 6 % 90)),
        2 => Kind::Words(["draft", "open"].map(Named::new).to_vec()),
        3 => Kind::Number(i32::from(number / 6 % 3)),
        4 => Kind::Date,
        _ => Kind::Ref(targets[usize::from(number / 6) % targets.len()].clone()),
    }
}

impl Spec {
    pub(super) fn new() -> Self {
        let mut spec = Self {
            resources: Vec::new(),
        };
        for (resource, field) in [(0, 0), (1, 6)] {
            spec.add_resource(resource, field);
        }
        spec.change(&Change::AddField(0, 3, 2));
        spec.change(&Change::AddField(0, 5, 11));
        spec.settle(false);
        spec
    }

    /// A run has taken all of it over.
    pub(super) fn settle(&mut self, keeps: bool) {
        for resource in &mut self.resources {
            resource.named.settle(keeps);
            resource.actions.iter_mut().for_each(|it| it.settle(keeps));
            for field in &mut resource.fields {
                field.named.settle(keeps);
                if let Kind::Words(words) = &mut field.kind {
                    words.iter_mut().for_each(|it| it.settle(keeps));
                }
            }
        }
    }

    /// Without the former names that runs before have taken over.
    pub(super) fn without_left(&mut self) {
        for resource in &mut self.resources {
            resource.named.left = None;
            resource.actions.iter_mut().for_each(|it| it.left = None);
            for field in &mut resource.fields {
                field.named.left = None;
                if let Kind::Words(words) = &mut field.kind {
                    words.iter_mut().for_each(|it| it.left = None);
                }
            }
        }
    }

    fn add_resource(&mut self, number: u16, field: u16) {
        let name = name(&RESOURCES, number);
        if self.resources.iter().any(|it| it.named.name == name) {
            return;
        }
        let first = Field {
            named: Named::new(&self::name(&FIELDS, field)),
            kind: Kind::Text(80),
            is_optional: false,
        };
        self.resources.push(Resource {
            named: Named::new(&name),
            about: 0,
            reads_only: false,
            actions: Vec::new(),
            fields: vec![first],
        });
    }

    pub(super) fn change(&mut self, change: &Change) {
        let targets: Vec<String> = self
            .resources
            .iter()
            .map(|it| it.named.name.clone())
            .collect();
        match *change {
            Change::AddResource(number, field) => return self.add_resource(number, field),
            Change::DropResource(number) => return self.drop_resource(number),
            Change::RenameResource(number, to) => return self.rename_resource(number, to),
            _ => {}
        }
        let (Change::AddField(number, ..)
        | Change::DropField(number, _)
        | Change::RenameField(number, ..)
        | Change::Retype(number, ..)
        | Change::Optional(number, _)
        | Change::Value(number, ..)
        | Change::About(number, _)
        | Change::Operations(number)
        | Change::Action(number, _)
        | Change::AddResource(number, _)
        | Change::DropResource(number)
        | Change::RenameResource(number, _)) = *change;
        if let Some(resource) = pick(&mut self.resources, number) {
            resource.change(change, &targets);
        }
    }

    fn drop_resource(&mut self, number: u16) {
        if self.resources.len() < 2 {
            return;
        }
        let gone = usize::from(number) % self.resources.len();
        let gone = self.resources.remove(gone).named.name;
        for resource in &mut self.resources {
            let is_left = |field: &Field| !matches!(&field.kind, Kind::Ref(to) if *to == gone);
            resource.fields.retain(is_left);
            resource.keep_one();
        }
    }

    fn rename_resource(&mut self, number: u16, to: u16) {
        let to = name(&RESOURCES, to);
        if self.resources.iter().any(|it| it.named.name == to) {
            return;
        }
        let Some(resource) = pick(&mut self.resources, number) else {
            return;
        };
        let former = std::mem::replace(&mut resource.named.name, to.clone());
        let fields = self.resources.iter_mut().flat_map(|it| &mut it.fields);
        for field in fields {
            if let Kind::Ref(target) = &mut field.kind
                && *target == former
            {
                target.clone_from(&to);
            }
        }
    }
}

impl Resource {
    fn has(&self, name: &str) -> bool {
        self.fields.iter().any(|it| it.named.name == name)
    }

    /// A resource has a field at least.
    fn keep_one(&mut self) {
        if self.fields.is_empty() {
            self.fields.push(Field {
                named: Named::new("mood"),
                kind: Kind::Date,
                is_optional: true,
            });
        }
    }

    fn change(&mut self, change: &Change, targets: &[String]) {
        match *change {
            Change::AddField(_, number, of) => {
                let name = name(&FIELDS, number);
                if !self.has(&name) {
                    let kind = kind(of, targets);
                    self.fields.push(Field {
                        is_optional: of % 4 > 1 || matches!(kind, Kind::Date | Kind::Ref(_)),
                        named: Named::new(&name),
                        kind,
                    });
                }
            }
            Change::DropField(_, number) if self.fields.len() > 1 => {
                let at = usize::from(number) % self.fields.len();
                self.fields.remove(at);
            }
            Change::RenameField(_, number, to) => {
                let to = name(&FIELDS, to);
                if !self.has(&to)
                    && let Some(field) = pick(&mut self.fields, number)
                {
                    field.named.name = to;
                }
            }
            Change::Retype(_, number, of) => {
                if let Some(field) = pick(&mut self.fields, number) {
                    field.kind = kind(of, targets);
                    field.is_optional |= matches!(field.kind, Kind::Date | Kind::Ref(_));
                }
            }
            Change::Optional(_, number) => {
                if let Some(field) = pick(&mut self.fields, number)
                    && !matches!(field.kind, Kind::Date | Kind::Ref(_))
                {
                    field.is_optional = !field.is_optional;
                }
            }
            Change::Value(_, number, what) => {
                if let Some(field) = pick(&mut self.fields, number)
                    && let Kind::Words(words) = &mut field.kind
                {
                    change_words(words, what);
                }
            }
            Change::About(_, about) => self.about = about % 3,
            Change::Operations(_) => self.reads_only = !self.reads_only,
            Change::Action(_, number) => {
                let name = name(&ACTIONS, number);
                let at = self.actions.iter().position(|it| it.name == name);
                match (at, self.actions.first_mut()) {
                    (Some(at), _) => drop(self.actions.remove(at)),
                    (None, Some(first)) if number % 2 == 0 => first.name = name,
                    (None, _) => self.actions.push(Named::new(&name)),
                }
            }
            _ => {}
        }
    }
}

fn change_words(words: &mut Vec<Named>, what: u16) {
    let new = name(&WORDS, what / 3);
    let is_there = words.iter().any(|it| it.name == new);
    match what % 3 {
        0 if !is_there => words.push(Named::new(&new)),
        1 if words.len() > 1 => drop(words.remove(usize::from(what / 3) % words.len())),
        2 if !is_there => {
            if let Some(word) = pick(words, what / 3) {
                word.name = new;
            }
        }
        _ => {}
    }
}
